/** Identifiers in unusual writing, through the real server with every outlet on: what leaves it, or is shown to analysts, holds none of them. */
import { randomBytes } from 'node:crypto';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pino } from 'pino';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type ScriptedServer, scriptedServer } from '../bot/llm/testing/scripted-server.ts';
import { addStaff } from '../bot/store/staff.ts';
import { createWebhook } from '../bot/webhooks/subscriptions.ts';
import { hashPassword } from '../desk/api/passwords.ts';
import { sampleCommand } from '../server/commands/eval-tools.ts';
import { type Config, parseConfig } from '../server/config.ts';
import { type Running, serve } from '../server/serve.ts';
import { call, directLine } from './support/process.ts';

/** What is said, and what of it (as said, or as it reads) must be found nowhere. All numbers are published samples or made up. */
const unusual: Readonly<Record<string, { readonly said: readonly string[]; readonly never: readonly string[] }>> = {
  'circled citizen number': { said: ['身份证①①⓪①⓪⑤①⑨④⑨①②③①⓪⓪②X'], never: ['①①⓪①⓪⑤①⑨④⑨', '11010519491231002'] },
  'bold phone': { said: ['手机𝟏𝟑𝟗𝟏𝟐𝟑𝟒𝟓𝟔𝟕𝟖'], never: ['𝟏𝟑𝟗𝟏𝟐𝟑𝟒𝟓𝟔𝟕𝟖', '13912345678'] },
  'Arabic-Indic phone': { said: ['手机١٣٩٨٧٦٥٤٣٢١'], never: ['١٣٩٨٧٦٥٤٣٢١', '13987654321'] },
  'formal numerals': { said: ['电话壹叁陆零零壹叁陆柒捌玖'], never: ['壹叁陆零零壹叁陆', '13600136789'] },
  'as spoken over the radio': { said: ['电话幺三拐洞洞幺三拐六五四'], never: ['幺三拐洞洞幺三拐', '13700137654'] },
  'digits one by one': { said: ['电话1-5-8-0-0-1-5-8-7-7-7'], never: ['1-5-8-0-0-1-5-8', '15800158777'] },
  'full stops between': { said: ['电话150。0015。0999'], never: ['150。0015。0999', '15000150999'] },
  'marks that are not seen': { said: ['电话151\u200b0015\u20601888'], never: ['0015\u20601888', '15100151888'] },
  'a card over lines': { said: ['卡号4111\n1111\n1111\n1111'], never: ['1111\n1111', '4111111111111111', '1111 1111'] },
  'a passport in numerals': { said: ['护照E一二三四五六七八'], never: ['E一二三四五六七八', 'E12345678'] },
  'a name in a chat': { said: ['我的微信号是zhangsan'], never: ['zhangsan'] },
  'a mail with odd signs': { said: ['邮箱lisi.test ＠ example。com'], never: ['lisi.test'] },
  'a door': { said: ['我家住幸福小区三栋二单元五零一室'], never: ['三栋二单元', '五零一'] },
  'a number of social security': { said: ['社保号是A7654321'], never: ['A7654321'] },
  'a citizen number in two messages': { said: ['1101051949', '1231002X'], never: ['1101051949', '1231002X'] },
};

let dataDir: string;
let model: ScriptedServer;
let collector: Server;
let running: Running;
let config: Config;
const lines: string[] = [];
const spans: string[] = [];

beforeAll(async () => {
  dataDir = await mkdtemp(join(tmpdir(), 'wenban-outlets-'));
  model = await scriptedServer();
  model.script({ kind: 'say', content: { commands: [{ type: 'cannot_handle', id: '', value: '' }] } });
  collector = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      spans.push(Buffer.concat(chunks).toString('utf8'));
      response.writeHead(200, { 'content-type': 'application/json' }).end('{}');
    });
  }).listen(0, '127.0.0.1');
  await new Promise((ready) => collector.once('listening', ready));
  const parsed = parseConfig({
    PORT: '0',
    DATA_DIR: dataDir,
    OPENAI_BASE_URL: model.baseUrl,
    OPENAI_MODEL: 'scripted',
    EMBEDDING_BASE_URL: model.baseUrl,
    EMBEDDING_MODEL: 'scripted',
    RERANK_BASE_URL: model.baseUrl,
    RERANK_MODEL: 'scripted',
    OTEL_EXPORTER_OTLP_ENDPOINT: `http://127.0.0.1:${(collector.address() as AddressInfo).port}`,
  });
  if (!parsed.ok) throw new Error(parsed.problems.join('; '));
  config = parsed.config;
  running = await serve(config, pino({ level: 'trace' }, { write: (line: string) => void lines.push(line) }));
}, 120_000);
afterAll(async () => {
  await model?.close();
  collector?.close();
  await rm(dataDir, { recursive: true, force: true });
});

it('[R-122] no unusual identifier is found in any outlet', { timeout: 180_000 }, async () => {
  const { database, core } = running.house;
  const { db } = database;
  const tools = { database, now: Date.now, newId: () => randomBytes(9).toString('hex'), randomBytes };
  await createWebhook(
    tools,
    { url: 'https://departments.invalid/hook', kinds: ['demand', 'order', 'follow_up', 'rating'], fields: 'matter' },
    'boss',
  );
  for (const { said } of Object.values(unusual)) {
    const grant = await call(`${directLine(running.url)}/tokens/generate`, 'POST', { body: {} });
    const { token, conversationId } = (await call(`${directLine(running.url)}/conversations`, 'POST', { token: grant.json.token })).json;
    const post = async (activity: object) => {
      const body = { type: 'message', from: { id: 'u' }, ...activity };
      const sent = await call(`${directLine(running.url)}/conversations/${conversationId}/activities`, 'POST', { token, body });
      expect(sent.status).toBe(200);
      await core.settled(conversationId);
    };
    await post({ text: '居住证要多少钱' });
    for (const part of said) await post({ text: part });
    const last = said.at(-1) as string;
    await post({ text: `${last}，那多久能办好` });
    // What nobody knows an answer to is a gap, and a demand.
    await post({ text: `${last}，冥王星的户口可以迁回地球吗` });
    await post({ type: 'event', name: 'rating.submit', value: { score: 1, tags: [last.slice(0, 30)], comment: `${last}，没人管` } });
  }

  const password = 'a long password';
  await addStaff(db, { name: 'analyst', role: 'analyst', passwordHash: await hashPassword(password) }, Date.now());
  const login = await call(`${running.url}/desk/api/login`, 'POST', { body: { name: 'analyst', password } });
  const cookie = login.headers.get('set-cookie')?.split(';')[0] ?? '';
  const day = (shift: number) => new Date(Date.now() + shift * 86_400_000).toISOString().slice(0, 10);
  const period = `from=${day(-2)}&to=${day(1)}`;
  const desk: string[] = [];
  const conversations = await db.selectFrom('conversations').select('id').execute();
  for (const path of [
    ...['gaps', 'bursts?hours=24&least=2', `search?${period}&q=${encodeURIComponent('户口迁回地球')}`].map((one) => `insights/${one}`),
    `insights.csv?${period}`,
    `insights/gaps?${period}`,
    `insights/quality?${period}`,
    'work-orders',
    ...conversations.map(({ id }) => `insights/conversations/${id}`),
  ]) {
    const answer = await call(`${running.url}/desk/api/${path}`, 'GET', { headers: { cookie } });
    if (answer.status === 200) desk.push(answer.text);
  }
  const deliveries = await db.selectFrom('webhook_deliveries').select('body_json').execute();
  const turns = await db.selectFrom('turns').select(['commands_json', 'reason']).execute();
  const metrics = await (await fetch(`${running.url}/metrics`)).text();
  await running.close();
  const draft = join(dataDir, 'draft.yaml');
  expect(await sampleCommand(config, { out: draft, n: '400', seed: '1', days: '30' }, Date.now())).toBe(0);

  const requests = (path: string) => model.requests.filter((one) => one.path.endsWith(path)).map(({ body }) => body);
  const places: Readonly<Record<string, readonly string[]>> = {
    'the language model': requests('/chat/completions'),
    embeddings: requests('/embeddings'),
    'the reranker': requests('/rerank'),
    'log lines': lines,
    spans,
    metrics: [metrics],
    webhooks: deliveries.map(({ body_json }) => body_json ?? ''),
    'commands kept': turns.map(({ commands_json, reason }) => `${commands_json} ${reason}`),
    'analysts’ pages': desk,
    'evaluation drafts': [await readFile(draft, 'utf8')],
  };
  const found: string[] = [];
  for (const [place, texts] of Object.entries(places)) {
    expect([place, texts.length]).not.toEqual([place, 0]);
    const text = texts.join('\n');
    for (const [kind, { never }] of Object.entries(unusual))
      for (const one of never)
        for (const form of new Set([one, JSON.stringify(one).slice(1, -1)]))
          if (text.includes(form))
            found.push(`${place}: ${kind} «${text.slice(Math.max(0, text.indexOf(form) - 60), text.indexOf(form) + 40)}»`);
  }
  expect(found).toEqual([]);
  expect(places.webhooks?.join('')).toContain('没人管');
  expect(places['analysts’ pages']?.join('')).toContain('冥王星');
  expect(places['evaluation drafts']?.join('')).toContain('冥王星');
});
