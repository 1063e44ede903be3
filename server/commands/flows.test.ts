import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { flowJsonSchema } from '../../bot/flows/json-schema.ts';
import { projectRoot } from '../paths.ts';
import { flowsCheckCommand, flowsDrawCommand, flowsSchemaCommand } from './flows.ts';

const sample = join(projectRoot(), 'knowledge', 'packs', 'anlan');
let folder: string;
let printed: string[];
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'flows-cli-'));
  printed = [];
  vi.spyOn(console, 'log').mockImplementation((line) => void printed.push(String(line)));
  vi.spyOn(console, 'error').mockImplementation((line) => void printed.push(String(line)));
  vi.spyOn(process.stdout, 'write').mockImplementation((text) => printed.push(String(text)) > 0);
});
afterEach(async () => {
  vi.restoreAllMocks();
  await rm(folder, { recursive: true });
});
const flow = (steps: string) =>
  `id: demo\nversion: 1\nname: 示例\ndescription: 示例\nowner: police\nkind: other\nexamples: [一, 二, 三, 四, 五]\nslots: {}\nsteps:\n${steps}\n`;
async function packWith(steps: string): Promise<void> {
  await mkdir(join(folder, 'flows'));
  await writeFile(join(folder, 'pack.yaml'), await readFile(join(sample, 'pack.yaml'), 'utf8'));
  await writeFile(join(folder, 'flows', 'demo.yaml'), flow(steps));
}

describe('[R-062] wenban flows check', () => {
  it('finds nothing in a sound pack, and says how many flows there are', async () => {
    await packWith('  - say: 你好\n  - end: completed');
    expect(await flowsCheckCommand([folder], {})).toBe(0);
    expect(printed).toEqual(['anlan: 1 个流程，没有问题 (flows, no problems)']);
  });

  it('names file, place and problem; exit code 1', async () => {
    await packWith('  - say: 你好\n  - goto: nowhere');
    expect(await flowsCheckCommand([folder], {})).toBe(1);
    expect(printed[0]).toBe('demo.yaml steps[1].goto: there is no step nowhere');
    printed.length = 0;
    expect(await flowsCheckCommand([folder], { json: true })).toBe(1);
    expect(JSON.parse(printed.join(''))).toEqual([
      { pack: 'anlan', flows: 0, problems: [{ file: 'demo.yaml', path: 'steps[1].goto', message: 'there is no step nowhere' }] },
    ]);
  });

  it('a folder that is no pack is bad usage', async () => {
    expect(await flowsCheckCommand([folder, join(folder, 'gone')], {})).toBe(2);
    expect(printed).toHaveLength(2);
  });
});

it('wenban flows draw prints a flow, and knows which there are', async () => {
  await packWith('  - say: 你好\n  - end: completed');
  expect(await flowsDrawCommand('demo', folder)).toBe(0);
  expect(printed.join('')).toContain('flowchart TD\n  start(["示例"])\n  s0["说：你好"]');
  expect(await flowsDrawCommand('gone', folder)).toBe(1);
  expect(printed.at(-1)).toContain('demo');
});

it('wenban flows schema prints the schema or writes it', async () => {
  const file = join(folder, 'flow.json');
  expect(await flowsSchemaCommand({ out: file })).toBe(0);
  expect(await flowsSchemaCommand({})).toBe(0);
  expect(printed.join('')).toBe(await readFile(file, 'utf8'));
  expect(JSON.parse(printed.join(''))).toEqual(JSON.parse(JSON.stringify(flowJsonSchema())));
});
