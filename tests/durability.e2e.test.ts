import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Activity } from '../bot/activity.ts';
import { readActivities } from '../bot/store/activities.ts';
import { openDatabase } from '../bot/store/database.ts';
import { ask, killAll, post, type RunningServer, read, startServer, startTalk, type Talk } from './support/process.ts';

/** The long form has thousands of turns: WENBAN_LONG=1 npx vitest run tests/durability.e2e.test.ts; WENBAN_KILLS=100 makes it shorter. */
const long = process.env.WENBAN_LONG === '1';
const rounds = long ? Number(process.env.WENBAN_KILLS ?? 400) : 16;
/** What the citizens say, again and again: answers, a flow with its state, a person, a rating. */
const script = [
  '身份证丢了怎么补办',
  '查办件进度',
  'AL2026000103',
  '1103',
  '不用，我自己补',
  '那要多少钱？',
  '再说一遍',
  '转人工',
  '今天天气怎么样',
  '再见',
];

let dataDir: string;
beforeAll(async () => {
  dataDir = await mkdtemp(join(tmpdir(), 'wenban-durability-'));
});
afterAll(async () => {
  killAll();
  await rm(dataDir, { recursive: true, force: true });
});

interface Said {
  readonly clientId: string;
  readonly text: string;
  /** The id the server acknowledged it under, once it did. */
  acknowledged: string | undefined;
}
interface Person {
  readonly talk: Talk;
  readonly said: Said[];
}

/** Sends the person's next messages one after another until the server is gone; repeats first what was not acknowledged. */
async function speak(server: RunningServer, person: Person, counter: { n: number }, acknowledged: () => void): Promise<void> {
  for (;;) {
    let next = person.said.find((one) => one.acknowledged === undefined);
    if (!next) {
      const n = counter.n++;
      next = { clientId: `client-${n}`, text: `${script[person.said.length % script.length]}`, acknowledged: undefined };
      person.said.push(next);
    }
    try {
      const answer = await post(server.url, person.talk, next.text, next.clientId);
      if (answer.status === 200) {
        next.acknowledged = answer.json.id;
        acknowledged();
      } else if (answer.status === 429) await sleep(50);
      else throw new Error(`${answer.status} ${answer.text}`);
    } catch (error) {
      if (server.process.signalCode !== null || server.process.killed) return;
      throw error;
    }
    // People type; the random pause also lets the kill fall into different places of a turn.
    await sleep(Math.random() * 40);
  }
}

/** Acknowledged messages that no reply refers to. A person's arrival is told in words that reply to nothing. */
function unanswered({ activities }: { activities: Activity[] }, said: readonly Said[]): string[] {
  const answered = new Set(activities.map((activity) => activity.replyToId));
  return said
    .filter((one) => one.acknowledged !== undefined && one.text !== '转人工' && !answered.has(one.acknowledged))
    .map((one) => one.text);
}

describe('kill -9 in the middle of turns', () => {
  it(`after ${rounds} kills nothing that was acknowledged is lost or doubled, every message has one turn, and the talk goes on`, {
    timeout: long ? 7_200_000 : 600_000,
  }, async () => {
    const people: Person[] = [];
    const counter = { n: 0 };
    const acknowledgedBeforeKill: number[] = [];
    for (let round = 0; round < rounds; round++) {
      const server = await startServer(dataDir);
      if (people.length === 0) for (let i = 0; i < 4; i++) people.push({ talk: await startTalk(server.url), said: [] });
      // After some acknowledgements and a moment more, however fast the machine is; sometimes before the first one.
      const wanted = Math.floor(Math.random() * (long ? 40 : 9));
      let acknowledged = 0;
      let enough: () => void = () => undefined;
      const reached = new Promise<void>((resolve) => {
        enough = resolve;
      });
      const speaking = people.map((person) =>
        speak(server, person, counter, () => {
          if (++acknowledged === wanted) enough();
        }),
      );
      if (wanted > 0) await reached;
      await sleep(Math.random() * 40);
      acknowledgedBeforeKill.push(acknowledged);
      await server.kill();
      await Promise.all(speaking);
    }

    // Back for good: what was waiting is worked off, and the tokens of the first round still speak.
    const server = await startServer(dataDir);
    for (const person of people) {
      // By itself, without a new message: that alone would wake the conversation.
      await expect
        .poll(async () => unanswered(await read(server.url, person.talk), person.said), { timeout: 30_000, interval: 100 })
        .toEqual([]);
      for (const one of person.said.filter((said) => said.acknowledged === undefined)) {
        one.acknowledged = (await post(server.url, person.talk, one.text, one.clientId)).json.id;
      }
      expect(await ask(server.url, person.talk, '居住证要多少钱')).toContain('20 元');
      const { activities } = await read(server.url, person.talk);
      for (const one of person.said) {
        const inLog = activities.filter((activity) => activity.id === one.acknowledged);
        expect([one.text, inLog.map((activity) => activity.text)]).toEqual([one.text, [one.text]]);
      }
    }
    expect(await server.stop()).toBe(0);

    const store = await openDatabase({ dataDir });
    try {
      let messages = 0;
      for (const { talk, said } of people) {
        const log = await readActivities(store.db, talk.conversationId, 0, 100_000);
        expect(log.map((activity) => activity.seq)).toEqual(log.map((_, i) => i + 1));
        const own = log.filter((activity) => activity.from.role === 'user' && activity.type === 'message');
        // Exactly what was said, in the order it was said, and the question at the end.
        expect(own.map((activity) => activity.text)).toEqual([...said.map((one) => one.text), '居住证要多少钱']);
        messages += own.length;

        const inbox = await store.db
          .selectFrom('inbox')
          .select(['id', 'status'])
          .where('conversation_id', '=', talk.conversationId)
          .execute();
        const turns = await store.db
          .selectFrom('turns')
          .select(['inbox_id', 'outcome'])
          .where('conversation_id', '=', talk.conversationId)
          .execute();
        expect(inbox.filter((row) => row.status !== 'done')).toEqual([]);
        expect(turns.map((turn) => turn.inbox_id).sort((a, b) => a - b)).toEqual(inbox.map((row) => row.id).sort((a, b) => a - b));
        expect(turns.filter((turn) => turn.outcome === 'failed_internal')).toEqual([]);
        // One greeting and one message for each citizen message, which is `own` + the person joining.
        expect(inbox).toHaveLength(own.length + 1);

        const replies = log.filter(
          (activity) => activity.from.role === 'bot' && activity.type === 'message' && activity.replyToId !== undefined,
        );
        const keys = replies.map((reply) => `${reply.replyToId} ${reply.text}`);
        expect(keys).toEqual([...new Set(keys)]);
        const answered = new Set(replies.map((reply) => reply.replyToId));
        const silent = own.filter((message) => !answered.has(message.id) && !/转人工/.test(message.text ?? ''));
        expect(silent.map((message) => message.text)).toEqual([]);
        const open = await store.db
          .selectFrom('handoffs')
          .select('id')
          .where('conversation_id', '=', talk.conversationId)
          .where('status', '=', 'waiting')
          .execute();
        expect(open).toHaveLength(said.some((one) => one.text === '转人工') ? 1 : 0);
      }
      expect(messages).toBeGreaterThan(rounds);
      console.log(
        `${rounds} kills after ${acknowledgedBeforeKill.join(', ')} acknowledgements; ${messages} messages of ${people.length} people, none lost, none doubled`,
      );
    } finally {
      await store.close();
    }
  });
});
