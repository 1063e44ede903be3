import { cp, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pino } from 'pino';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readFlow } from '../bot/flows/load.ts';
import { flowItem } from '../bot/flows/stored.ts';
import { fullCapabilities } from '../bot/render.ts';
import type { StepResult } from '../knowledge/life/life.ts';
import { parseConfig } from './config.ts';
import { buildHouse, type House } from './house.ts';
import { projectRoot } from './paths.ts';

let dataDir = '';
let house: House;
const complaints: string[] = [];

async function open(): Promise<House> {
  const parsed = parseConfig({ DATA_DIR: dataDir, KNOWLEDGE_PACK: join(dataDir, 'pack') });
  if (!parsed.ok) throw new Error(parsed.problems.join('\n'));
  const logger = pino({ level: 'error' }, { write: (line: string) => void complaints.push(line) });
  return buildHouse({ config: parsed.config, logger, channels: [{ name: 'test', capabilities: fullCapabilities }], refreshEveryMs: 0 });
}

beforeAll(async () => {
  dataDir = await mkdtemp(join(tmpdir(), 'wenban-flows-'));
  // A small pack: what is learnt from the whole one anew after every change would take the time of this test.
  const from = join(projectRoot(), 'knowledge', 'packs', 'anlan');
  const small = join(dataDir, 'pack');
  await mkdir(join(small, 'flows'), { recursive: true });
  await mkdir(join(small, 'faqs'));
  for (const file of ['pack.yaml', 'calendar.yaml', 'quality.yaml', join('flows', 'progress-query.yaml')])
    await cp(join(from, file), join(small, file));
  await writeFile(join(small, 'faqs', 'one.yaml'), faq);
  house = await open();
});
afterAll(async () => {
  await house.close();
  await rm(dataDir, { recursive: true, force: true });
});

const faq = `faqs:
  - id: faq-window
    question: 窗口几点上班？
    similar: []
    answer: 上午九点。
    dept: police
    updatedAt: '2026-01-05'
`;
const pack = 'anlan/flows';
const id = 'zoo-visit';
const flow = (question: string, last: string) => `id: ${id}
version: 1
name: 动物园参观预约指引
description: 示例
owner: police
kind: other
examples: [动物园参观怎么预约, 我要预约动物园, 预约去动物园, 动物园预约指引, 带孩子去动物园要预约吗]
slots:
  child: {type: yes_no, label: 带孩子, ask: ${question}}
  people: {type: number, label: 人数, ask: 一共几个人？, min: 1, max: 20}
steps:
  - collect: child
  - collect: people
  - say: ${last}
  - end: completed
`;

async function served(yaml: string): Promise<void> {
  const read = readFlow(yaml);
  if (!read.flow) throw new Error(JSON.stringify(read.problems));
  const now = Date.now();
  const ok = (result: StepResult) => expect(result).toMatchObject({ ok: true });
  ok(await house.flowRepository.save(pack, flowItem(read.flow, yaml), { actor: 'a', now }));
  ok(await house.flowRepository.review(pack, [id], { actor: 'b', now }));
  ok(await house.flowRepository.publish(pack, [id], { actor: 'b', now }));
  await house.refresh();
}

let messages = 0;
async function says(conversationId: string, text: string): Promise<string> {
  await house.core.openConversation({ id: conversationId, channel: 'test', userId: conversationId });
  await house.core.settled(conversationId);
  const before = (await house.log.read(conversationId, 0)).at(-1)?.seq ?? 0;
  messages += 1;
  await house.core.receive({
    conversationId,
    messageId: `m${messages}`,
    activity: { type: 'message', from: { id: conversationId, role: 'user' }, text },
  });
  await house.core.settled(conversationId);
  return (await house.log.read(conversationId, before))
    .filter(({ from, type }) => from.role === 'bot' && type === 'message')
    .map(({ text: said }) => said ?? '')
    .join('\n');
}

describe('[R-086] [R-062] flows published while the server runs', () => {
  it('the flows of the pack are in the store from the first start, all of them sound', async () => {
    const stored = await house.flowRepository.list({ pack, status: 'published' });
    expect(stored.map(({ item }) => item.id)).toEqual(['progress-query']);
    expect(house.engine.flows).toHaveLength(stored.length);
    expect(complaints).toEqual([]);
  });

  it('a new flow is found at once; who is in the middle of it when it changes goes on by the old steps', async () => {
    await served(flow('带孩子去吗？', '请走北门。'));
    expect(await says('first', '我要预约动物园')).toContain('带孩子去吗');
    await served(flow('有没有小孩同去？', '新的说法，请走南门。'));
    expect(await says('first', '是的')).toContain('一共几个人');
    const end = await says('first', '3');
    expect(end).toContain('请走北门');
    expect(end).not.toContain('南门');
    expect(await says('second', '我要预约动物园')).toContain('有没有小孩同去');
  });

  it('after a restart the new steps are told of, with the answers kept', async () => {
    expect(await says('third', '我要预约动物园')).toContain('有没有小孩同去');
    expect(await says('third', '是的')).toContain('一共几个人');
    await served(flow('有没有小孩同去？', '第三种说法，请走西门。'));
    await house.close();
    house = await open();
    const end = await says('third', '4');
    expect(end).toContain('刚刚更新过');
    expect(end).toContain('请走西门');
  });

  it('a flow that is withdrawn ends honestly for who is in it, and is offered to nobody', async () => {
    expect(await says('fourth', '我要预约动物园')).toContain('有没有小孩同去');
    expect(await house.flowRepository.withdraw(pack, [id], { actor: 'b', now: Date.now() })).toMatchObject({ ok: true });
    await house.refresh();
    const said = await says('fourth', '是的');
    expect(said.length).toBeGreaterThan(0);
    expect(said).not.toContain('一共几个人');
    expect(await says('fifth', '我要预约动物园')).not.toContain('有没有小孩同去');
    expect(house.engine.flows.some((one) => one.id === id)).toBe(false);
    expect(complaints).toEqual([]);
  });
});
