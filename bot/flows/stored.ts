/** Flows as the store keeps them: brought in from a pack folder, checked among each other, made ready to run. */
import { digestOf } from '../../knowledge/digest.ts';
import { type FlowItem, flowPackOf } from '../../knowledge/flow-item.ts';
import type { KnowledgeLife } from '../../knowledge/life/life.ts';
import type { ImportCounts, StoredItem } from '../../knowledge/repository.ts';
import { checkFlow, type FlowProblem } from './check.ts';
import type { Flow } from './flow.ts';
import { subFlows } from './known.ts';
import { type FlowFileProblem, type LoadOptions, readFlow, readFlows, soundFlows } from './load.ts';
import type { FlowSource } from './schema.ts';

export interface FlowImport {
  readonly pack: string;
  readonly life: Pick<KnowledgeLife<FlowItem>, 'replacePack'>;
  readonly now: number;
  readonly status?: 'draft' | 'published';
  readonly actor?: string | undefined;
  readonly note?: string | undefined;
}

/**
 * Brings the flow files of `dir` into the store, in force at once unless `status` says draft. Files that are no flows are listed and left
 * out; a flow that was withdrawn stays so while its file is the same. Nothing is taken out: a flow may have been written in the browser.
 */
export async function importFlows(dir: string, options: FlowImport): Promise<{ counts: ImportCounts; problems: FlowFileProblem[] }> {
  const { sources, problems } = await readFlows(dir);
  const first = sources.filter(({ flow }, index) => sources.findIndex((other) => other.flow.id === flow.id) === index);
  const twice = sources.filter((source) => !first.includes(source));
  const items = first.map(({ flow, yaml }) => flowItem(flow, yaml)).map((item) => ({ item, digest: digestOf(item) }));
  const { pack, life, now, status = 'published', actor, note } = options;
  const by = { ...(actor === undefined ? {} : { actor }), ...(note === undefined ? {} : { note }) };
  const counts = await life.replacePack(flowPackOf(pack), items, { status, now, removeMissing: false, ...by });
  const repeated = twice.map(({ file, flow }) => ({ file, path: 'id', message: `another file already has the flow ${flow.id}` }));
  return { counts, problems: [...problems, ...repeated] };
}

export const flowItem = (flow: FlowSource, yaml: string): FlowItem => ({ id: flow.id, kind: 'flow', name: flow.name, yaml });

/**
 * Published flows, ready to run; what has a problem is left out and listed, as `loadFlows` does. Their `version` is a fingerprint of what
 * runs, sub-flows included: a conversation notices every change, whatever number the file carries. `parseYaml`: what reads their texts.
 */
export function runnableFlows(
  stored: readonly Pick<StoredItem<FlowItem>, 'item'>[],
  options: LoadOptions,
  parseYaml?: (source: string) => unknown,
): { flows: Flow[]; problems: FlowFileProblem[] } {
  const { sources, problems } = sourcesOf(stored, parseYaml);
  const sound = soundFlows(sources, problems, options);
  return { flows: sound.flows.map(fingerprinted), problems: sound.problems };
}

function fingerprinted(flow: Flow): Flow {
  const version = Number.parseInt(digestOf(flow).slice(0, 12), 16);
  const wordings = Object.entries(flow.wordings ?? {}).map(([kind, worded]) => [kind, { ...worded, version }]);
  return { ...flow, version, ...(wordings.length === 0 ? {} : { wordings: Object.fromEntries(wordings) }) };
}

function sourcesOf(stored: readonly Pick<StoredItem<FlowItem>, 'item'>[], parseYaml?: (source: string) => unknown) {
  const sources: { file: string; flow: FlowSource }[] = [];
  const problems: FlowFileProblem[] = [];
  for (const { item } of stored) {
    const read = readFlow(item.yaml, parseYaml);
    if (read.flow) sources.push({ file: item.id, flow: read.flow });
    problems.push(...read.problems.map((problem) => ({ file: item.id, ...problem })));
  }
  return { sources, problems };
}

/**
 * What is wrong with a flow's text if it were in force among the published ones: its own problems, and those it would bring to flows that
 * run it inside themselves. `flow` is absent when the text is no flow at all.
 */
export function checkAmong(
  yaml: string,
  published: readonly Pick<StoredItem<FlowItem>, 'item'>[],
  options: LoadOptions,
): { flow?: FlowSource; problems: FlowProblem[] } {
  const read = readFlow(yaml);
  if (!read.flow) return { problems: read.problems };
  const { flow } = read;
  const others = sourcesOf(published).sources.flatMap((one) => (one.flow.id === flow.id ? [] : [one.flow]));
  const flows = [...others, flow];
  const callers = others.filter((one) => subFlows(one).includes(flow.id));
  const brought = callers.flatMap((one) =>
    checkFlow(one, { ...options, flows }).map(({ path, message }) => ({ path: `${one.id} ${path}`, message })),
  );
  return { flow, problems: [...checkFlow(flow, { ...options, flows }), ...brought] };
}

/** Names of the published flows that run this one inside themselves. */
export function callersOf(id: string, published: readonly Pick<StoredItem<FlowItem>, 'item'>[]): string[] {
  return sourcesOf(published).sources.flatMap(({ flow }) => (flow.id !== id && subFlows(flow).includes(id) ? [flow.name] : []));
}
