/** Gives waiting conversations to people who take them automatically, takes them back from people who vanished, and brings back what nobody accepted. */
import type { Calendars } from '../calendar/calendars.ts';
import type { OpenDatabase } from '../store/database.ts';
import { lostHandoffs, waitingHandoffs } from '../store/handoffs.ts';
import { type Candidate, staffOnDuty } from '../store/staff-profiles.ts';
import type { HandoffDesk } from './desk.ts';
import { pickAgent } from './routing.ts';

export interface HandoffRouterOptions {
  readonly database: OpenDatabase;
  readonly desk: HandoffDesk;
  readonly calendars: Calendars;
  readonly now: () => number;
  /** Default two minutes. */
  readonly spillAfterMs?: number;
  /** Somebody not heard of for this long is gone; default 150 s. An open desk is heard of every minute. */
  readonly lostAfterMs?: number;
}

const SPILL_AFTER_MS = 2 * 60_000;
const LOST_AFTER_MS = 150_000;

export class HandoffRouter {
  readonly #options: HandoffRouterOptions;
  #routing: Promise<number> | undefined;
  #again = false;

  constructor(options: HandoffRouterOptions) {
    this.#options = options;
  }

  /** Takes back what lost agents held, then gives out what waits; asked again meanwhile, it looks once more. Returns how many now have somebody. */
  route(): Promise<number> {
    if (this.#routing) {
      this.#again = true;
      return this.#routing;
    }
    this.#routing = this.#untilStill().finally(() => {
      this.#routing = undefined;
    });
    return this.#routing;
  }

  async #untilStill(): Promise<number> {
    let given = 0;
    do {
      this.#again = false;
      given += await this.#route();
    } while (this.#again);
    return given;
  }

  async #route(): Promise<number> {
    const { database, desk, calendars, now, spillAfterMs = SPILL_AFTER_MS, lostAfterMs = LOST_AFTER_MS } = this.#options;
    for (const { conversationId, agent } of await lostHandoffs(database.db, now() - lostAfterMs)) await desk.requeue(conversationId, agent);
    await desk.returnPassed(now() - calendars.desk.accept * 60_000);
    let people: Candidate[] = await staffOnDuty(database.db, now() - lostAfterMs);
    if (!people.some(({ presence }) => presence === 'auto')) return 0;
    const rules = { spillAfterMs, onDuty: (skill: string) => calendars.ofQueue(skill).isOpen(now()) };
    let given = 0;
    for (const waiting of await waitingHandoffs(database.db)) {
      const person = pickAgent(waiting, people, now(), rules);
      if (person === undefined) continue;
      const outcome = await desk.assign(waiting.conversationId, person);
      // Another process gives out too: what its people hold now is looked up anew.
      if (outcome !== 'claimed') {
        people = await staffOnDuty(database.db, now() - lostAfterMs);
        continue;
      }
      people = people.map((one) => (one.name === person.name ? { ...one, load: one.load + 1, lastAssignedAt: now() } : one));
      given += 1;
    }
    if (given > 0) await desk.queueMoved();
    return given;
  }
}
