/** A load run: agents sign in, citizens keep the queue full, some machines die, and in the end every log is compared with what was said. */
import { setMaxListeners } from 'node:events';
import type { Activity } from '../../../bot/activity.ts';
import { Citizen } from './citizen.ts';
import type { Hall, Wait } from './hall.ts';
import { Ledger, type Said, type Views, violations } from './ledger.ts';
import { Pace } from './pace.ts';
import { Staff } from './staff.ts';
import { Timings, Wire } from './wire.ts';

export interface LoadOptions {
  readonly url: string;
  /** Accounts of agents; all with `password`. */
  readonly agents: readonly string[];
  /** Reads everything at the end: a supervisor's account. */
  readonly supervisor: string;
  readonly password: string;
  /** How many citizens wait at any time. */
  readonly waiting: number;
  /** How long, in seconds of people's time. */
  readonly seconds: number;
  /** On a slow machine it goes on until agents have said this much. */
  readonly atLeast?: number;
  /** How many times faster than real time everybody lives; the server's clock must run as fast. */
  readonly speed: number;
  readonly seed: number;
  /** How long a dead machine stays away, seconds of people's time; it must be longer than the server's patience. */
  readonly deadSeconds: number;
  addressOf(n: number): string | undefined;
  progress?(line: string): void;
}

export interface AgentFigures {
  readonly name: string;
  readonly presence: 'auto' | 'manual';
  readonly died: boolean;
  readonly taken: number;
  readonly overtaken: number;
  readonly aliveSeconds: number;
}

export interface LoadResult {
  readonly violations: readonly string[];
  readonly faults: readonly string[];
  readonly said: readonly Said[];
  readonly conversations: number;
  readonly timings: Timings;
  readonly agents: readonly AgentFigures[];
  readonly waits: readonly Wait[];
  readonly requeued: number;
  readonly speed: number;
}

const capacity = 5;

export async function runLoad(options: LoadOptions): Promise<LoadResult> {
  const timings = new Timings();
  const pace = new Pace(options.seed, options.speed);
  const closing = new AbortController();
  const waits: Wait[] = [];
  const faults: string[] = [];
  const ledger = new Ledger();
  const hall: Hall = { ...options, pace, ledger, timings, waits, faults, sentAt: new Map(), closing: closing.signal };
  const home = new AbortController();
  setMaxListeners(0, closing.signal, home.signal);

  const staff = options.agents.map((name, index) => {
    // Every fourth takes from the queue, the others are given; every fifth dies once.
    const presence = index % 4 === 3 ? ('manual' as const) : ('auto' as const);
    const address = options.addressOf(index);
    const one = new Staff({ name, password: options.password, hall, presence, capacity, address });
    return { one, presence, died: index % 5 === 2 };
  });
  await Promise.all(staff.map(({ one }) => one.signIn()));
  const shifts = staff.map(async ({ one, died }) => {
    if (died) {
      await one.work(options.seconds * pace.between(0.15, 0.4), home.signal);
      await pace.pause(options.deadSeconds, home.signal);
      if (!home.signal.aborted) await one.signIn();
    }
    if (!home.signal.aborted) await one.work(0, home.signal);
  });
  const shiftsEnd = Promise.all(
    shifts.map((shift) => shift.catch((error: unknown) => void faults.push(`a shift broke off: ${String(error)}`))),
  );

  const citizens: Citizen[] = [];
  const visits: Promise<void>[] = [];
  const ends = performance.now() + (options.seconds * 1000) / options.speed;
  const away = new Set<Citizen>();
  let second = 0;
  const enough = () => ledger.said.filter(({ by }) => by === 'agent').length >= (options.atLeast ?? 0);
  while (performance.now() < ends || !enough()) {
    const here = citizens.filter((citizen) => !away.has(citizen));
    const waiting = here.filter((citizen) => citizen.waiting).length;
    const arriving = here.filter((citizen) => citizen.arriving).length;
    const missing = Math.min(options.waiting - waiting - arriving, Math.ceil(options.waiting / 10));
    for (let i = 0; i < missing; i++) {
      const citizen = new Citizen(`citizen${citizens.length + 1}`, hall, options.addressOf(options.agents.length + citizens.length));
      citizens.push(citizen);
      visits.push(
        citizen
          .visit()
          .catch((error: unknown) => void faults.push(`${citizen.name}: ${String(error)}`))
          .finally(() => away.add(citizen)),
      );
    }
    if (second++ % 30 === 0) {
      const now = `${citizens.length} citizens so far, ${waiting} waiting, ${ledger.said.length} messages`;
      options.progress?.(`${Math.round(((ends - performance.now()) / 1000) * options.speed)} s to go: ${now}`);
    }
    await pace.pause(1);
  }

  closing.abort();
  await Promise.all(visits);
  const came = citizens.filter((citizen) => citizen.conversationId !== '');
  await quiet(came, pace, () => staff.some(({ one }) => one.busy));
  options.progress?.(`reading ${came.length} conversations from both sides`);
  const desk = await supervisorOf(options);
  const logs = new Map<string, Views>();
  for (const citizen of came) {
    const seen = await desk.read(citizen.conversationId);
    const live = [...citizen.live];
    logs.set(citizen.conversationId, { desk: seen, live, citizen: await citizen.leave() });
  }
  home.abort();
  await shiftsEnd;
  desk.close();
  return {
    violations: violations(ledger.said, logs),
    faults,
    said: ledger.said,
    conversations: came.length,
    timings,
    agents: staff.map(({ one, presence, died }) => ({
      name: one.name,
      presence,
      died,
      taken: one.taken,
      overtaken: one.overtaken,
      aliveSeconds: one.alive,
    })),
    waits,
    requeued: [...logs.values()].reduce((sum, { citizen }) => sum + citizen.filter(({ text }) => text?.includes('连接断开了')).length, 0),
    speed: options.speed,
  };
}

/** Resolves when nobody has heard anything new for a while; at the latest after half a minute. */
async function quiet(citizens: readonly Citizen[], pace: Pace, busy: () => boolean): Promise<void> {
  const heard = () => citizens.reduce((sum, citizen) => sum + citizen.live.length, 0);
  for (let still = 0, tries = 0, last = -1; still < 3 && tries < 30; tries++) {
    const now = heard();
    still = now === last && !busy() ? still + 1 : 0;
    last = now;
    await pace.pause(pace.speed);
  }
}

/** Reads conversations as a supervisor; undefined for one that staff may not see. */
async function supervisorOf({ url, supervisor, password }: LoadOptions) {
  const wire = new Wire(url, new Timings());
  const { headers } = await wire.call('POST', '/desk/api/login', { body: { name: supervisor, password } });
  const cookie = (headers['set-cookie']?.[0] ?? '').split(';')[0] ?? '';
  const read = async (id: string): Promise<Activity[] | undefined> => {
    const all: Activity[] = [];
    for (let at = '0'; ; ) {
      const path = `/desk/api/conversations/${encodeURIComponent(id)}/activities?watermark=${at}`;
      const { status, json } = await wire.call('GET', path, { headers: { cookie } });
      if (status === 403 || status === 404) return undefined;
      if (status !== 200) throw new Error(`reading ${id} was answered ${status} ${JSON.stringify(json)}`);
      all.push(...(json.activities as Activity[]));
      if (json.more !== true) return all;
      at = json.watermark;
    }
  };
  return { read, close: () => wire.cut() };
}
