import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Activity } from './activity.ts';
import { type News, pack, unpack } from './fan-out-wire.ts';
import { MAX_PAYLOAD } from './store/signals.ts';

const id = fc.string({ minLength: 1, maxLength: 60, unit: 'grapheme' });
const news: fc.Arbitrary<News> = fc.oneof(
  fc.record({ kind: fc.constant('appended' as const), conversationId: id, seq: fc.nat() }),
  fc.record({ kind: fc.constantFrom('follow' as const, 'unfollow' as const), conversationId: id }),
  fc.record({ kind: fc.constantFrom('hello' as const, 'alive' as const, 'queue' as const, 'work' as const) }),
  fc.record({
    kind: fc.constant('transient' as const),
    conversationId: id,
    activity: fc.record({
      type: fc.constant('typing' as const),
      from: fc.record({ id, role: fc.constant('bot' as const) }),
      text: fc.string({ maxLength: 500, unit: 'grapheme' }),
    }) as fc.Arbitrary<Activity>,
  }),
  fc.record({
    kind: fc.constant('desk' as const),
    news: fc.oneof(
      fc.record({ kind: fc.constant('told' as const), staff: id }),
      fc.record({ kind: fc.constant('note' as const), conversationId: id }),
    ),
  }),
);

test('what is packed is unpacked the same and in order, in payloads that PostgreSQL takes', () => {
  fc.assert(
    fc.property(id, fc.array(news, { maxLength: 60 }), (from, said) => {
      const payloads = pack(from, said, MAX_PAYLOAD);
      for (const payload of payloads) expect(Buffer.byteLength(payload)).toBeLessThanOrEqual(MAX_PAYLOAD);
      const read = payloads.map(unpack);
      expect(read.every((one) => one?.from === from)).toBe(true);
      expect(read.flatMap((one) => one?.news ?? [])).toEqual(said);
    }),
  );
});

test('a streamed text that fits into no payload is left out, and nothing around it', () => {
  const long: News = {
    kind: 'transient',
    conversationId: 'c1',
    activity: { type: 'typing', from: { id: 'wenban', role: 'bot' }, text: '办'.repeat(3000) },
  };
  const said: News[] = [{ kind: 'appended', conversationId: 'c1', seq: 1 }, long, { kind: 'appended', conversationId: 'c1', seq: 2 }];
  expect(pack('a', said, MAX_PAYLOAD).flatMap((payload) => unpack(payload)?.news ?? [])).toEqual([said[0], said[2]]);
});

test('what another version says and we do not know is passed by; what is no news at all is none', () => {
  expect(unpack('{"from":"b","news":[["z",1],["s","c1",4],["s","c1",-1],5]}')).toEqual({
    from: 'b',
    news: [{ kind: 'appended', conversationId: 'c1', seq: 4 }],
  });
  for (const payload of ['', 'x', '5', 'null', '{"from":"b"}', '{"from":"","news":[]}']) expect(unpack(payload)).toBeUndefined();
});
