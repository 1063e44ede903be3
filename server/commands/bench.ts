/** `wenban bench turn`: durable turns a second beside a bare express echo, in the same run. */
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { cpus, tmpdir } from 'node:os';
import { join } from 'node:path';
import express from 'express';
import { pino } from 'pino';
import { fullCapabilities } from '../../bot/render.ts';
import { parseConfig } from '../config.ts';
import { buildHouse, type House, newId } from '../house.ts';

interface Measured {
  readonly name: string;
  readonly perSecond: number;
  readonly p50: number;
  readonly p99: number;
}

const concurrent = 20;
const questions = ['身份证丢了怎么补办要带什么', '居住证要多少钱', '租房能提公积金吗', '医保局电话', '失业金怎么领', '今天天气怎么样'];

/** Measures on a throw-away store (SQLite, or a conversation space in DATABASE_URL) and prints a table. Exit code 2 for an unknown measurement. */
export async function benchCommand(what: string, flags: { seconds: string; json?: boolean }): Promise<number> {
  const seconds = Number(flags.seconds);
  if (what !== 'turn' || !(seconds > 0 && seconds <= 600)) {
    console.error('usage: wenban bench turn [--seconds 1–600]');
    return 2;
  }
  const echo = await benchEcho(seconds);
  const turn = await benchTurn(seconds);
  const machine = `${cpus().length} × ${cpus()[0]?.model ?? 'cpu'}, Node ${process.version}`;
  if (flags.json) console.log(JSON.stringify({ machine, concurrent, seconds, results: [echo, turn] }));
  else {
    console.log(`${machine}; ${concurrent} at once, ${seconds} s each`);
    for (const one of [echo, turn])
      console.log(
        `${one.name.padEnd(46)} ${one.perSecond.toFixed(0).padStart(7)} /s   p50 ${one.p50.toFixed(2)} ms   p99 ${one.p99.toFixed(2)} ms`,
      );
    console.log(`a durable turn costs ${(echo.perSecond / turn.perSecond).toFixed(1)} echoes`);
  }
  return 0;
}

async function benchEcho(seconds: number): Promise<Measured> {
  const app = express();
  app.use(express.json());
  app.post('/', (request, response) => void response.json(request.body));
  const server: Server = createServer(app);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
  const body = JSON.stringify({ type: 'message', text: questions[0] });
  const measured = await measure('bare express echo over HTTP', seconds, async () => {
    const response = await fetch(url, { method: 'POST', headers: { 'content-type': 'application/json' }, body });
    await response.arrayBuffer();
  });
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
  return measured;
}

async function benchTurn(seconds: number): Promise<Measured> {
  const dataDir = await mkdtemp(join(tmpdir(), 'wenban-bench-'));
  const parsed = parseConfig({ ...withoutModel(process.env), DATA_DIR: dataDir });
  if (!parsed.ok) throw new Error(parsed.problems.join('; '));
  const house = await buildHouse({
    config: parsed.config,
    logger: pino({ level: 'silent' }),
    channels: [{ name: 'bench', capabilities: fullCapabilities }],
    refreshEveryMs: 0,
  });
  try {
    const conversations = await Promise.all(
      Array.from({ length: concurrent }, () => house.core.openConversation({ channel: 'bench', userId: newId() })),
    );
    await house.core.settled();
    let next = 0;
    return await measure(`full durable turn, no model (${house.database.engine})`, seconds, (worker) =>
      oneTurn(house, conversations[worker]?.conversation.id ?? '', questions[next++ % questions.length] ?? ''),
    );
  } finally {
    await house.close();
    await rm(dataDir, { recursive: true, force: true });
  }
}

/** What is measured is Wenban, not an endpoint: no call leaves this machine, and nothing of Qdrant's content is replaced. */
const withoutModel = (environment: NodeJS.ProcessEnv): NodeJS.ProcessEnv =>
  Object.fromEntries(Object.entries(environment).filter(([key]) => !/^(?:OPENAI|RERANK|EMBEDDING|QDRANT)_/.test(key)));

/** From handing in a message to its committed answer. */
async function oneTurn(house: House, conversationId: string, text: string): Promise<void> {
  await house.core.receive({ conversationId, messageId: newId(), activity: { type: 'message', from: { id: 'bench' }, text } });
  await house.core.settled(conversationId);
}

async function measure(name: string, seconds: number, work: (worker: number) => Promise<void>): Promise<Measured> {
  const warmUntil = performance.now() + 1000;
  await Promise.all(Array.from({ length: concurrent }, (_, worker) => repeat(worker, warmUntil, work)));
  const start = performance.now();
  const times = (await Promise.all(Array.from({ length: concurrent }, (_, worker) => repeat(worker, start + seconds * 1000, work))))
    .flat()
    .sort((a, b) => a - b);
  const elapsed = (performance.now() - start) / 1000;
  const at = (share: number) => times[Math.min(times.length - 1, Math.floor(times.length * share))] ?? Number.NaN;
  return { name, perSecond: times.length / elapsed, p50: at(0.5), p99: at(0.99) };
}

async function repeat(worker: number, until: number, work: (worker: number) => Promise<void>): Promise<number[]> {
  const times: number[] = [];
  while (performance.now() < until) {
    const start = performance.now();
    await work(worker);
    times.push(performance.now() - start);
  }
  return times;
}
