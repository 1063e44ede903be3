/** Waiting in line: a simulation by seed, and what the theory says where there is one. */

export interface QueueInput {
  /** Arrivals a second, Poisson. */
  readonly rate: number;
  /** Mean time one takes, seconds. */
  readonly service: number;
  /** Standard deviation of that time over its mean: 1 = exponential, 0 = always the same. */
  readonly variation: number;
  readonly servers: number;
  /** `shared`: one line for all servers (M/G/c). `split`: each arrival goes to a server at random and waits there (no sticky sessions). */
  readonly line: 'shared' | 'split';
  readonly arrivals: number;
  readonly seed: number;
}

export interface Waiting {
  /** Seconds before service begins. */
  readonly mean: number;
  readonly p99: number;
}

/** Numbers from 0 up to 1, the same for the same seed (mulberry32, a public-domain generator by Tommy Ettinger). */
export function seeded(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** Simulates `arrivals` of them; the first tenth warms the line up and is not counted. A line that never ends is given as it grows. */
export function simulate({ rate, service, variation, servers, line, arrivals, seed }: QueueInput): Waiting {
  const random = seeded(seed);
  const exponential = () => -Math.log(1 - random());
  const time = serviceTimes(service, variation, random);
  const free = new Float64Array(servers);
  const waits: number[] = [];
  let now = 0;
  for (let i = 0; i < arrivals; i++) {
    now += exponential() / rate;
    const server = line === 'split' ? Math.floor(random() * servers) : earliest(free);
    const begins = Math.max(now, free[server] as number);
    free[server] = begins + time();
    if (i >= arrivals / 10) waits.push(begins - now);
  }
  waits.sort((a, b) => a - b);
  return { mean: waits.reduce((sum, wait) => sum + wait, 0) / waits.length, p99: waits[Math.floor(waits.length * 0.99)] ?? 0 };
}

function earliest(free: Float64Array): number {
  let best = 0;
  for (let i = 1; i < free.length; i++) if ((free[i] as number) < (free[best] as number)) best = i;
  return best;
}

/** Exponential where the variation is 1, else gamma by Marsaglia and Tsang's method (ACM TOMS 26, 2000), which both have the mean asked for. */
function serviceTimes(mean: number, variation: number, random: () => number): () => number {
  if (variation === 0) return () => mean;
  if (variation === 1) return () => -Math.log(1 - random()) * mean;
  const shape = 1 / variation ** 2;
  const normal = () => Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
  const gamma = (k: number): number => {
    // A small shape is drawn one larger and scaled back.
    if (k < 1) return gamma(k + 1) * random() ** (1 / k);
    const d = k - 1 / 3;
    for (;;) {
      const x = normal();
      const v = (1 + x / Math.sqrt(9 * d)) ** 3;
      if (v > 0 && Math.log(1 - random()) < 0.5 * x * x + d - d * v + d * Math.log(v)) return d * v;
    }
  };
  return () => (gamma(shape) * mean) / shape;
}

/** Erlang's C: the share that has to wait in M/M/c. `load` = rate × service. */
export function erlangC(load: number, servers: number): number {
  if (load >= servers) return 1;
  // Erlang's B by its recurrence, which neither overflows nor cancels.
  let blocked = 1;
  for (let n = 1; n <= servers; n++) blocked = (load * blocked) / (n + load * blocked);
  return blocked / (1 - (load / servers) * (1 - blocked));
}

/** Waiting in M/M/c by theory; endless where the load is too high. */
export function waitingInTheory(rate: number, service: number, servers: number): Waiting {
  const load = rate * service;
  if (load >= servers) return { mean: Number.POSITIVE_INFINITY, p99: Number.POSITIVE_INFINITY };
  const waits = erlangC(load, servers);
  const pace = (servers - load) / service;
  return { mean: waits / pace, p99: Math.max(0, Math.log(waits / 0.01) / pace) };
}

/** Mean waiting in M/G/1 by Pollaczek and Khinchine. */
export function meanInOneLine(rate: number, service: number, variation: number): number {
  const load = rate * service;
  return load >= 1 ? Number.POSITIVE_INFINITY : (load * service * (1 + variation ** 2)) / (2 * (1 - load));
}
