/** The absence of a language model changes no outcome of the flows: the conversations of the sample suite, with a failing endpoint and with none. */
import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { z } from 'zod';
import { type Script, type ScriptedServer, scriptedServer } from '../bot/llm/testing/scripted-server.ts';
import { openHouse, type TestHouse } from './support/house.ts';

const conversations = z.array(
  z.object({ name: z.string(), locale: z.string().optional(), steps: z.array(z.object({ user: z.string() })) }),
);
const files = ['conversations.yaml', 'conversations-flows.yaml'];
const sampled = 48;

/** Trouble that tells nothing of the endpoint's health comes first: it is asked every time. The rest opens the circuit breaker. */
const troubles: readonly (readonly [string, readonly Script[]])[] = [
  ['refuses', [{ kind: 'refusal', text: '不行' }]],
  [
    'fails',
    [
      { kind: 'status', status: 500 },
      { kind: 'status', status: 429, retryAfter: 0 },
      { kind: 'dropped', content: { commands: [{ type: 'cancel_flow', id: '', value: '' }] }, after: 20 },
      { kind: 'truncated', content: { commands: [{ type: 'hand_over', id: '', value: '' }] }, after: 25 },
      { kind: 'malformed', text: '{"commands": "全部取消"' },
      { kind: 'foreign', contentType: 'text/html', body: '<html>502</html>' },
    ],
  ],
];

let server: ScriptedServer;
let alone: TestHouse;
let broken: TestHouse;
let sample: z.infer<typeof conversations>;
beforeAll(async () => {
  server = await scriptedServer();
  alone = await openHouse();
  broken = await openHouse({ environment: { OPENAI_BASE_URL: server.baseUrl, OPENAI_MODEL: 'scripted', OPENAI_TIMEOUT_MS: '1000' } });
  const folder = new URL('../eval/suites/anlan/data/', import.meta.url);
  const texts = await Promise.all(files.map((file) => readFile(fileURLToPath(new URL(file, folder)), 'utf8')));
  const all = texts.flatMap((text) => conversations.parse(parse(text)));
  const step = all.length / sampled;
  sample = Array.from({ length: sampled }, (_, i) => all[Math.floor(i * step)]).filter((one) => one !== undefined);
});
afterAll(async () => {
  await alone.close();
  await broken.close();
  await server.close();
});

describe.each(troubles)('[R-002] with an endpoint that %s', (_, scripts) => {
  it('every turn of the sampled conversations ends as without a model', { timeout: 120_000 }, async () => {
    expect(sample.length).toBeGreaterThanOrEqual(40);
    const part = sample.filter((_one, i) => i % troubles.length === troubles.findIndex(([, one]) => one === scripts));
    server.script(...scripts, scripts[0] as Script);
    const asked = server.requests.length;
    for (const { name, locale = 'zh-CN', steps } of part) {
      const [one, other] = [await alone.citizen({ locale }), await broken.citizen({ locale })];
      for (const { user } of steps) {
        const [expected, reply] = [await one.says(user), await other.says(user)];
        const gist = ({ turn, text, buttons }: typeof reply) => ({ outcome: turn.outcome, commands: turn.commands, text, buttons });
        expect([name, user, gist(reply)]).toEqual([name, user, gist(expected)]);
      }
    }
    expect(server.requests.length).toBeGreaterThan(asked);
  });
});
