/** `wenban flows check|draw|schema`: what is wrong with flows, how they look, and their JSON Schema. */
import { existsSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { flowJsonSchema } from '../../bot/flows/json-schema.ts';
import { type FlowFileProblem, loadFlows, readFlows } from '../../bot/flows/load.ts';
import { mermaid } from '../../bot/flows/mermaid.ts';
import { readPack } from '../../knowledge/import/pack.ts';
import { loadManifest } from '../manifest.ts';
import { badUsage } from './command.ts';

interface CheckedPack {
  readonly pack: string;
  /** Flows that are sound. */
  readonly flows: number;
  readonly problems: readonly FlowFileProblem[];
}

/** Checks the flows of pack folders against their own guides, districts and departments. 0: sound, 1: problems, 2: no such pack. */
export async function flowsCheckCommand(folders: readonly string[], options: { json?: boolean }): Promise<number> {
  const missing = folders.filter((folder) => !existsSync(join(folder, 'pack.yaml')));
  for (const folder of missing) console.error(`${folder}: 不是知识包，没有 pack.yaml (no pack here)`);
  if (missing.length > 0) return badUsage;
  const checked: CheckedPack[] = [];
  for (const folder of folders) checked.push(await checkPack(folder));
  if (options.json) console.log(JSON.stringify(checked, null, 2));
  else for (const one of checked) print(one);
  return checked.every(({ problems }) => problems.length === 0) ? 0 : 1;
}

async function checkPack(folder: string): Promise<CheckedPack> {
  const { districts, departments, name } = await loadManifest(folder);
  const items = (await readPack(folder)).items.map(({ item }) => item);
  const { flows, problems } = await loadFlows(join(folder, 'flows'), {
    guides: items.filter((item) => item.kind === 'guide'),
    items: items.map((item) => item.id),
    districts,
    departments,
  });
  return { pack: name, flows: flows.length, problems };
}

function print({ pack, flows, problems }: CheckedPack): void {
  for (const { file, path, message } of problems) console.log(`${file} ${path}: ${message}`);
  console.log(
    problems.length === 0
      ? `${pack}: ${flows} 个流程，没有问题 (flows, no problems)`
      : `${pack}: ${flows} 个流程可用，${problems.length} 处问题 (flows usable, problems)`,
  );
}

/** Prints a flow of a pack folder as a Mermaid flowchart. 1: no such flow. */
export async function flowsDrawCommand(id: string, folder: string): Promise<number> {
  const { sources, problems } = await readFlows(join(folder, 'flows'));
  const flow = sources.find((one) => one.flow.id === id)?.flow;
  if (flow) {
    process.stdout.write(mermaid(flow));
    return 0;
  }
  const known = sources.map((one) => one.flow.id).join(', ');
  console.error(`没有流程 ${id} (there is no flow ${id}); 有 there are: ${known}`);
  for (const problem of problems) console.error(`${problem.file} ${problem.path}: ${problem.message}`);
  return 1;
}

/** Writes the JSON Schema of the flow language to a file, or prints it. */
export async function flowsSchemaCommand(options: { out?: string }): Promise<number> {
  const text = `${JSON.stringify(flowJsonSchema(), null, 2)}\n`;
  if (options.out === undefined) process.stdout.write(text);
  else await writeFile(options.out, text);
  return 0;
}
