import { setImmediate as round } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { Rounds } from './rounds.ts';

it('[R-027] lets six turns begin in a round of the event loop, in the order they came, so that a crowd does not keep the network waiting', async () => {
  const rounds = new Rounds();
  const begun: number[] = [];
  for (let i = 0; i < 15; i++) void rounds.mine().then(() => begun.push(i));
  await round();
  expect(begun).toEqual([0, 1, 2, 3, 4, 5]);
  await round();
  expect(begun).toHaveLength(12);
  await round();
  expect(begun).toEqual(Array.from({ length: 15 }, (_, i) => i));
});

it('goes on with whoever comes later, however often the crowd has gone', async () => {
  const rounds = new Rounds();
  for (let i = 0; i < 3; i++) await rounds.mine();
  const late = Promise.all([rounds.mine(), rounds.mine()]);
  await expect(late).resolves.toHaveLength(2);
});
