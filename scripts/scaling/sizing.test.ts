import { expect, test } from 'vitest';
import { type Costs, type Demand, sizeFor } from './sizing.ts';

const costs: Costs = {
  machine: 'x',
  turns: 1,
  cpuMs: 10,
  variation: 1,
  transactions: 3,
  walBytes: 10_000,
  storageBytes: 5000,
  databaseCpuMs: 2,
};
const demand: Demand = {
  residents: 1_000_000,
  dailyShare: 0.002,
  messagesEach: 5,
  peakHour: 0.18,
  floodFactor: 10,
  openSeconds: 300,
  passages: 100_000,
};
const options = { waitAtMost: 0.5, arrivals: 30_000, seed: 1 };

test('a city of a million: messages, writes and storage are what multiplication says', () => {
  const size = sizeFor(costs, demand, options);
  expect(size.messagesADay).toBe(10_000);
  expect(size.peak).toBeCloseTo(0.5);
  expect(size.flood).toBeCloseTo(5);
  expect(size.transactionsASecond).toBeCloseTo(15);
  expect(size.storageGigabytesAYear).toBeCloseTo((10_000 * 365 * 5000) / 1e9);
  expect(size.databaseCores).toBeCloseTo(0.01);
  expect(size.webSockets).toBe(300);
  expect(size.qdrantMegabytes).toBeCloseTo(290);
  // One does it, one may die.
  expect([size.processes, size.databaseConnections]).toEqual([2, 22]);
});

test('ten times the people need more processes, never fewer than their load, and the wait stays within the limit', () => {
  let before = 0;
  for (const residents of [1e6, 1e7, 1e8, 1e9]) {
    const size = sizeFor(costs, { ...demand, residents }, options);
    expect(size.processes).toBeGreaterThanOrEqual(before);
    expect(size.processes).toBeGreaterThan(size.flood * (costs.cpuMs / 1000));
    expect(size.waitP99).toBeLessThanOrEqual(options.waitAtMost);
    before = size.processes;
  }
});
