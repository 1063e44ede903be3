import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test, vi } from 'vitest';
import { Jobs } from './jobs.ts';
import type { Signals } from './store/signals.ts';

/** Locks of several processes, without their network. */
function processes(count: number): Signals[] {
  const held = new Set<string>();
  return Array.from({ length: count }, () => ({
    connected: true,
    problem: undefined,
    start: () => undefined,
    close: async () => undefined,
    send: async () => undefined,
    listen: () => () => undefined,
    tryLock: async (name) => {
      const taken = !held.has(name);
      held.add(name);
      return taken ? 'taken' : 'elsewhere';
    },
    unlock: async (name) => void held.delete(name),
  }));
}

test('[R-021] of several processes one does a job at a time, and all know that it is done', async () => {
  let running = 0;
  let most = 0;
  let done = 0;
  const work = async () => {
    most = Math.max(most, ++running);
    await sleep(20);
    running--;
    done++;
  };
  const all = processes(3).map((signals) => new Jobs({ signals, onError: vi.fn() }));
  for (const jobs of all) jobs.every('sweep', 5, work);
  await vi.waitFor(() => expect(done).toBeGreaterThan(5), { timeout: 10_000 });
  for (const jobs of all) await jobs.close();
  expect([most, running]).toEqual([1, 0]);
});

test('a job that fails is told of, runs again, and shows how long it has not gone well', async () => {
  let now = 0;
  const onError = vi.fn();
  const jobs = new Jobs({ signals: undefined, onError, monotonic: () => now });
  let broken = true;
  jobs.every('sweep', 5, async () => {
    if (broken) throw new Error('no store');
  });
  await vi.waitFor(() => expect(onError).toHaveBeenCalledWith(expect.any(Error), 'sweep'), { timeout: 10_000 });
  now = 90_000;
  expect(jobs.states()).toEqual([{ name: 'sweep', everyMs: 5, sinceMs: 90_000, error: 'no store' }]);
  broken = false;
  await vi.waitFor(() => expect(jobs.states()).toEqual([{ name: 'sweep', everyMs: 5, sinceMs: 0, error: undefined }]), { timeout: 10_000 });
  await jobs.close();
});

test('a look that takes longer than its pause is not begun a second time', async () => {
  let running = 0;
  let most = 0;
  const jobs = new Jobs({ signals: undefined, onError: vi.fn() });
  jobs.every('slow', 1, async () => {
    most = Math.max(most, ++running);
    await sleep(30);
    running--;
  });
  await sleep(100);
  await jobs.close();
  expect([most, running]).toEqual([1, 0]);
});
