/** Reads the flows of a pack: one YAML file each, `flows/*.yaml`. */
import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { parse } from 'yaml';
import type { z } from 'zod';
import { fieldName } from '../../knowledge/import/problem.ts';
import { type CheckOptions, checkFlow, type FlowProblem } from './check.ts';
import { expandFlow, type FlowSurroundings } from './expand.ts';
import { subFlows } from './known.ts';
import { type Flow, type FlowSource, flowSchema } from './schema.ts';

export interface FlowFileProblem extends FlowProblem {
  /** The file's name inside the folder. */
  readonly file: string;
}

export type LoadOptions = Pick<CheckOptions, 'guides' | 'items'> & Pick<FlowSurroundings, 'districts' | 'departments'>;

/**
 * Loads every flow in `dir`, by file name, ready to run. A flow with a problem is left out and its problems are listed; so is one that
 * runs such a flow inside itself. A folder that doesn't exist has no flows. What the options name is checked too: guides and scenarios,
 * items, districts, departments.
 */
export async function loadFlows(dir: string, options: LoadOptions = {}): Promise<{ flows: Flow[]; problems: FlowFileProblem[] }> {
  const { sources, problems } = await readFlows(dir);
  return soundFlows(sources, problems, options);
}

/** What `loadFlows` does with flows that were read already; `problems`: what was found while reading. */
export function soundFlows(
  sources: readonly { readonly file: string; readonly flow: FlowSource }[],
  read: readonly FlowFileProblem[],
  options: LoadOptions = {},
): { flows: Flow[]; problems: FlowFileProblem[] } {
  const problems = [...read];
  const all = sources.map(({ flow }) => flow);
  const sound = new Set<FlowSource>();
  for (const { file, flow } of sources) {
    const found = checkFlow(flow, { ...options, flows: all });
    if (all.find((one) => one.id === flow.id) !== flow) found.push({ path: 'id', message: `another file already has the flow ${flow.id}` });
    if (found.length === 0) sound.add(flow);
    problems.push(...found.map((problem) => ({ file, ...problem })));
  }
  for (let before = -1; before !== problems.length; ) {
    before = problems.length;
    for (const { file, flow } of sources) {
      const broken = sound.has(flow) ? subFlows(flow).find((id) => ![...sound].some((one) => one.id === id)) : undefined;
      if (broken === undefined) continue;
      sound.delete(flow);
      problems.push({ file, path: 'steps', message: `runs the flow ${broken}, which has problems` });
    }
  }
  problems.sort((a, b) => (a.file < b.file ? -1 : a.file > b.file ? 1 : 0));
  const { districts = [], departments = [] } = options;
  return { flows: [...sound].map((flow) => expandFlow(flow, { flows: all, districts, departments })), problems };
}

/** Reads the flow files of a folder as written; those that are no flows at all are problems. */
export async function readFlows(
  dir: string,
): Promise<{ sources: { file: string; flow: FlowSource; yaml: string }[]; problems: FlowFileProblem[] }> {
  const sources: { file: string; flow: FlowSource; yaml: string }[] = [];
  const problems: FlowFileProblem[] = [];
  for (const file of await flowFiles(dir)) {
    const yaml = await readFile(path.join(dir, file), 'utf8');
    const read = readFlow(yaml);
    if (read.flow) sources.push({ file, flow: read.flow, yaml });
    problems.push(...read.problems.map((problem) => ({ file, ...problem })));
  }
  return { sources, problems };
}

/** What reads the YAML of a flow. An error is told to whoever wrote it; a warning has no reader on the server's own output. */
export const parseFlowYaml = (source: string): unknown => parse(source, { logLevel: 'error' });

/** Reads one flow from YAML text. */
export function readFlow(
  source: string,
  parseYaml = parseFlowYaml,
): { flow: FlowSource; problems: [] } | { flow?: never; problems: FlowProblem[] } {
  let value: unknown;
  try {
    value = parseYaml(source);
  } catch (error) {
    return { problems: [{ path: '', message: `not valid YAML: ${(error as Error).message.split('\n')[0]}` }] };
  }
  const parsed = flowSchema.safeParse(value);
  return parsed.success ? { flow: parsed.data, problems: [] } : { problems: parsed.error.issues.flatMap((issue) => explain(issue, [])) };
}

async function flowFiles(dir: string): Promise<string[]> {
  try {
    return (await readdir(dir)).filter((name) => /\.ya?ml$/.test(name)).sort();
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [];
    throw error;
  }
}

/**
 * zod reports a failed union as all its members' issues; an editor meant one of them. That is the one with the fewest issues,
 * unless even that lacks its main field: then the union's own words say what is possible.
 */
function explain(issue: z.core.$ZodIssue, base: readonly PropertyKey[]): FlowProblem[] {
  const at = [...base, ...issue.path];
  if (issue.code === 'invalid_union' && issue.errors.length > 0) {
    const [closest = []] = [...issue.errors].sort((a, b) => a.length - b.length || depth(b) - depth(a));
    const unlike = closest.length > 1 && closest.some((one) => one.code === 'unrecognized_keys' && one.path.length === 0);
    if (!unlike && closest.some((one) => one.path.length > 0 || one.code === 'unrecognized_keys'))
      return closest.flatMap((one) => explain(one, at));
  }
  return [{ path: fieldName(at), message: issue.message }];
}

function depth(issues: readonly z.core.$ZodIssue[]): number {
  return Math.max(0, ...issues.map((issue) => issue.path.length));
}
