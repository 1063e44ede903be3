import { beforeEach, expect, it, vi } from 'vitest';
import { graceSeconds, idleSeconds, Presence } from './presence.ts';

let now: number;
let left: ReturnType<typeof vi.fn<() => void>>;
let presence: Presence;
beforeEach(() => {
  now = 1_000_000;
  left = vi.fn(() => presence.cleared());
  presence = new Presence({ idleSeconds: 60, now: () => now, changed: () => undefined, left });
});
const after = (seconds: number): number | undefined => {
  now += seconds * 1000;
  presence.look();
  return presence.remaining;
};

it('[R-035] asks after the silence, counts down, and says that everybody has left', () => {
  presence.touched();
  expect(after(59)).toBeUndefined();
  expect(after(1)).toBe(graceSeconds);
  expect(after(15)).toBe(graceSeconds - 15);
  expect(left).not.toHaveBeenCalled();
  after(5);
  expect([left.mock.calls.length, presence.remaining]).toEqual([1, undefined]);
});

it('[R-035] begins anew when the citizen says that they are here; a touch beside the question is no answer', () => {
  presence.touched();
  after(70);
  presence.touched();
  expect(presence.remaining).toBe(10);
  presence.stays();
  expect([presence.remaining, after(59), after(1)]).toEqual([undefined, undefined, graceSeconds]);
});

it('[R-035] leaves a terminal alone that nobody has touched, whoever speaks', () => {
  presence.spokenTo();
  expect([after(10_000), left.mock.calls.length]).toEqual([undefined, 0]);
});

it('[R-035] does not send away who waits for the words of a person at the desk', () => {
  presence.touched();
  after(50);
  presence.spokenTo();
  expect(after(50)).toBeUndefined();
});

it('[R-035] clears at once when a sleeping machine wakes up long after', () => {
  presence.touched();
  after(3600);
  expect(left).toHaveBeenCalledTimes(1);
});

it.each([
  [null, 60],
  ['', 60],
  ['soon', 60],
  ['-5', 60],
  ['3', 15],
  ['90', 90],
  ['86400', 600],
])('takes the attribute %j as %d seconds', (attribute, seconds) => expect(idleSeconds(attribute)).toBe(seconds));
