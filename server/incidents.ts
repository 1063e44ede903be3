/**
 * Watches the parts of the server and keeps a record of what was out of order: since when, until when it must be settled, how it ended.
 * What happens while the database is away is written down once it is back.
 */

import type { ModelTotals } from '../bot/llm/totals.ts';
import { stuckChannels } from '../bot/store/backlog.ts';
import type { OpenDatabase } from '../bot/store/database.ts';
import { endUnseen, seeIncident } from '../bot/store/incidents.ts';
import type { Readiness } from './readiness.ts';

export interface IncidentWatchOptions {
  readonly database: OpenDatabase;
  readonly now: () => number;
  readonly readiness: () => Promise<Readiness>;
  readonly modelTotals: Pick<ModelTotals, 'list'>;
  /** Minutes until an incident of a kind must be settled; `default` for all others. */
  readonly dueMinutes: Readonly<Record<string, number>>;
  readonly onOpened: (kind: string, detail: string) => void;
  readonly onEnded: (kind: string) => void;
}

/** One bad look may be a hiccup. */
const looksToBegin = 2;
/** So long unseen by every process it is over: three looks and a little. */
const OVER_MS = 45_000;
/** An answer that a push channel hasn't taken for so long. */
const STUCK_MS = 5 * 60_000;

interface Seen {
  readonly detail: string;
  readonly begunAt: number;
  looks: number;
  /** The last bad look. */
  lastAt: number;
}

/** Parts that say nothing of their own: others tell why. */
const notParts: ReadonlySet<string> = new Set(['server', 'inbox', 'outbox']);

export class IncidentWatch {
  readonly #options: IncidentWatchOptions;
  readonly #seen = new Map<string, Seen>();
  #calls: { ok: number; failed: number } | undefined;

  constructor(options: IncidentWatchOptions) {
    this.#options = options;
  }

  /** One look. Rejects when it can't be written down: the next look does it. */
  async look(): Promise<void> {
    const { database, now, dueMinutes, onOpened, onEnded } = this.#options;
    const at = now();
    const { parts } = await this.#options.readiness();
    const bad = new Map<string, string>();
    for (const { name, state, detail } of parts)
      if (!notParts.has(name) && (state === 'down' || state === 'degraded')) bad.set(name, detail);
    const model = this.#modelTrouble();
    if (model) bad.set('model', model);
    if (!bad.has('database'))
      for (const { channel } of await stuckChannels(database.db, at - STUCK_MS)) bad.set(`channel:${channel}`, 'answers are not taken');
    for (const [kind, detail] of bad) {
      const known = this.#seen.get(kind);
      if (known) {
        known.looks += 1;
        known.lastAt = at;
      } else this.#seen.set(kind, { detail, begunAt: at, looks: 1, lastAt: at });
    }
    for (const [kind, { detail, begunAt, looks, lastAt }] of this.#seen) {
      if (looks >= looksToBegin) {
        const dueAt = begunAt + (dueMinutes[kind.split(':')[0] ?? kind] ?? dueMinutes.default ?? 240) * 60_000;
        if (await seeIncident(database.db, { kind, detail, begunAt, dueAt }, lastAt)) onOpened(kind, detail);
      }
      // Written down: what is over is forgotten here.
      if (lastAt < at) this.#seen.delete(kind);
    }
    for (const kind of await endUnseen(database.db, at - OVER_MS)) onEnded(kind);
  }

  /** Calls since the last look all failed. Without calls nobody knows: what was, goes on. */
  #modelTrouble(): string | undefined {
    let [ok, failed] = [0, 0];
    for (const { outcome, calls } of this.#options.modelTotals.list())
      if (outcome === 'ok') ok += calls;
      else failed += calls;
    const before = this.#calls ?? { ok, failed };
    this.#calls = { ok, failed };
    if (ok > before.ok) return undefined;
    return failed > before.failed || (this.#seen.has('model') && ok === before.ok) ? 'the language model does not answer' : undefined;
  }
}
