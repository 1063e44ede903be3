import { describe, expect, it } from 'vitest';
import { erlangC, meanInOneLine, simulate, waitingInTheory } from './queue.ts';

const arrivals = 300_000;
/** Within so much of the theory: what so many arrivals allow at this load. */
const near = (value: number, theory: number, share: number) => expect(Math.abs(value - theory) / theory).toBeLessThan(share);

describe('waiting in line', () => {
  it.each([
    [1, 0.5],
    [1, 0.8],
    [4, 0.7],
    [16, 0.85],
  ])('the simulation of %i servers at load %f waits as M/M/c says', (servers, load) => {
    const rate = (servers * load) / 0.02;
    const theory = waitingInTheory(rate, 0.02, servers);
    const simulated = simulate({ rate, service: 0.02, variation: 1, servers, line: 'shared', arrivals, seed: 7 });
    near(simulated.mean, theory.mean, 0.06);
    near(simulated.p99, theory.p99, 0.06);
  });

  it.each([0, 0.5, 2])('split lines with a variation of %f wait as M/G/1 says', (variation) => {
    const servers = 5;
    const rate = (servers * 0.6) / 0.02;
    const simulated = simulate({ rate, service: 0.02, variation, servers, line: 'split', arrivals: 2 * arrivals, seed: 11 });
    near(simulated.mean, meanInOneLine(rate / servers, 0.02, variation), 0.08);
  });

  it('a shared line never waits longer than split ones, and the same seed gives the same figures', () => {
    const input = { rate: 150, service: 0.02, variation: 1, servers: 5, arrivals: 50_000, seed: 3 };
    const split = simulate({ ...input, line: 'split' });
    expect(simulate({ ...input, line: 'shared' }).mean).toBeLessThan(split.mean);
    expect(simulate({ ...input, line: 'split' })).toEqual(split);
  });

  it('Erlang’s C has its known values: one server waits with the probability of its load; too much load waits for ever', () => {
    expect(erlangC(0.3, 1)).toBeCloseTo(0.3, 12);
    // 2 servers at load a: a² / (2 + a) (by hand, from Erlang's formula).
    expect(erlangC(1, 2)).toBeCloseTo(1 / 3, 12);
    expect(waitingInTheory(100, 0.02, 2).mean).toBe(Number.POSITIVE_INFINITY);
  });
});
