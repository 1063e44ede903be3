/** Identifiers stay with the citizen and the staff: never in a model's requests, log lines, metrics or what analysts take away. */
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pino } from 'pino';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type Script, type ScriptedServer, scriptedServer } from '../bot/llm/testing/scripted-server.ts';
import { listTurns } from '../bot/store/turns.ts';
import { sampleCommand } from '../server/commands/eval-tools.ts';
import { type Config, parseConfig } from '../server/config.ts';
import { type Running, serve } from '../server/serve.ts';

/** One true-to-form identifier of each kind, and what of it must be found nowhere. */
const identifiers: Readonly<Record<string, readonly [said: string, never: string]>> = {
  'ID card': ['我的身份证号是11010519491231002X', '11010519491231002'],
  'ID card with blanks': ['身份证 110105 19491231 002X 丢了', '110105 19491231 002'],
  phone: ['手机号13912345678', '13912345678'],
  'phone with dashes': ['电话 139-1234-5678', '139-1234-5678'],
  landline: ['座机010-87654321', '87654321'],
  'bank card': ['银行卡6222021234567890128', '6222021234567890128'],
  'credit code': ['统一社会信用代码91350100M000100Y43', '91350100M000100Y43'],
  plate: ['车牌京A12345', 'A12345'],
  passport: ['护照E12345678', 'E12345678'],
  mail: ['邮箱zhangsan.test@example.com', 'zhangsan.test@example'],
};

let dataDir: string;
let model: ScriptedServer;
let running: Running;
let config: Config;
const lines: string[] = [];
const environment = () => ({
  PORT: '0',
  DATA_DIR: dataDir,
  OPENAI_BASE_URL: model.baseUrl,
  OPENAI_MODEL: 'scripted',
  OPENAI_TIMEOUT_MS: '1000',
});

beforeAll(async () => {
  dataDir = await mkdtemp(join(tmpdir(), 'wenban-identifiers-'));
  model = await scriptedServer();
  const parsed = parseConfig(environment());
  if (!parsed.ok) throw new Error(parsed.problems.join('; '));
  config = parsed.config;
  running = await serve(config, pino({ level: 'trace' }, { write: (line: string) => void lines.push(line) }));
}, 60_000);
afterAll(async () => {
  await model?.close();
  await rm(dataDir, { recursive: true, force: true });
});

it('no raw identifier leaves, whichever way the turn goes', { timeout: 120_000 }, async () => {
  const say = (content: unknown): Script => ({ kind: 'say', content });
  for (const [said] of Object.values(identifiers)) {
    const { token } = (await (await fetch(`${running.url}/v3/directline/tokens/generate`, { method: 'POST' })).json()) as { token: string };
    const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' };
    const opened = await fetch(`${running.url}/v3/directline/conversations`, { method: 'POST', headers });
    const { conversationId } = (await opened.json()) as { conversationId: string };
    const send = async (text: string) => {
      model.script(say({ commands: [{ type: 'answer', id: '', value: text }] }), say({ completeness: 'none', sentences: [] }));
      const sent = await fetch(`${running.url}/v3/directline/conversations/${conversationId}/activities`, {
        method: 'POST',
        headers,
        body: JSON.stringify({ type: 'message', from: { id: 'u' }, text }),
      });
      expect(sent.status).toBe(200);
      await running.house.core.settled();
    };
    await send(`${said}，居住证要多少钱`);
    await send(`那多久呢，${said}`);
    const commands = JSON.stringify(
      (await listTurns(running.house.database.db, conversationId)).map((turn) => [turn.commands, turn.reason]),
    );
    for (const [, never] of Object.values(identifiers)) expect(commands).not.toContain(never);
  }
  const metrics = await (await fetch(`${running.url}/metrics`)).text();
  const draft = join(dataDir, 'draft.yaml');
  await running.close();
  expect(await sampleCommand(config, { out: draft, n: '200', seed: '1', days: '30' }, Date.now())).toBe(0);
  const taken = await readFile(draft, 'utf8');
  expect(model.requests.length).toBeGreaterThan(0);
  expect(lines.length).toBeGreaterThan(0);
  expect(taken).toContain('居住证要多少钱');
  for (const [kind, [, never]] of Object.entries(identifiers)) {
    const places = {
      'model requests': model.requests.map(({ body }) => body).join('\n'),
      'log lines': lines.join('\n'),
      metrics,
      'analysts’ drafts': taken,
    };
    for (const [place, text] of Object.entries(places)) expect([kind, place, text.includes(never)]).toEqual([kind, place, false]);
  }
});
