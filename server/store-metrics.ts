/** What waits in the store, read at each collection: true for all processes together. */
import { Gauge, type Registry } from 'prom-client';
import { ON_DUTY_MS } from '../bot/handoff/places.ts';
import { type Backlog, backlog, ratingsSince, type Waiting } from '../bot/store/backlog.ts';
import type { Db } from '../bot/store/database.ts';
import { type StaffRole, staffSeenSince } from '../bot/store/staff.ts';

const dayMs = 86_400_000;
const roles: readonly StaffRole[] = ['agent', 'editor', 'analyst', 'supervisor', 'admin'];

interface Figures extends Backlog {
  readonly at: number;
  readonly online: readonly { readonly role: StaffRole }[];
  readonly ratings: ReadonlyMap<number, number>;
}

const single: readonly (readonly [name: string, help: string, of: (figures: Figures) => number])[] = [
  ['inbox_pending_messages', 'Messages whose turn has not been recorded', ({ inbox }) => inbox.count],
  ['inbox_oldest_age_seconds', 'How long the oldest message without an answer has waited', ({ inbox, at }) => age(inbox, at)],
  ['outbox_pending_messages', 'Answers that a push channel has not been sent', ({ outbox }) => outbox.count],
  ['outbox_oldest_age_seconds', 'How long the oldest answer has waited to be sent', ({ outbox, at }) => age(outbox, at)],
  ['queue_waiting_conversations', 'Conversations that wait for a person', ({ queue }) => queue.count],
  ['queue_longest_wait_seconds', 'How long the longest waiting conversation has waited', ({ queue, at }) => age(queue, at)],
  ['handoffs_active_conversations', 'Conversations a person has', ({ withAgents }) => withAgents],
  ['work_orders_open', 'Work orders that are not closed', ({ openWorkOrders }) => openWorkOrders],
  ['work_orders_overdue', 'Open work orders past their deadline', ({ overdueWorkOrders }) => overdueWorkOrders],
];

/**
 * Gauges of the store. A store that is down leaves the last figures standing and says so in `wenban_store_up`.
 * @param db asked at each collection, so the house may be built later
 */
export function storeMetrics(registry: Registry, db: () => Db, now: () => number): void {
  let reading: Promise<Figures | undefined> | undefined;
  /** All gauges of one collection share one look at the store. */
  const figures = () => {
    reading ??= look(db, now)
      .catch(() => undefined)
      .finally(() => {
        setImmediate(() => {
          reading = undefined;
        });
      });
    return reading;
  };
  const gauge = (name: string, help: string, labelNames: readonly string[], fill: (gauge: Gauge, figures: Figures) => void) =>
    new Gauge({
      name: `wenban_${name}`,
      help,
      labelNames: [...labelNames],
      registers: [registry],
      async collect() {
        const read = await figures();
        if (read) fill(this, read);
      },
    });
  for (const [name, help, of] of single) gauge(name, help, [], (one, read) => one.set(of(read)));
  gauge('staff_online', 'Staff at the desk now, by role', ['role'], (one, { online }) => {
    for (const role of roles) one.set({ role }, online.filter((person) => person.role === role).length);
  });
  gauge('ratings_last_day', 'Ratings of the last 24 hours by score', ['score'], (one, { ratings }) => {
    for (const score of [1, 2, 3, 4, 5]) one.set({ score: String(score) }, ratings.get(score) ?? 0);
  });
  new Gauge({
    name: 'wenban_store_up',
    help: '1 when the store answered this collection, else 0',
    registers: [registry],
    async collect() {
      this.set((await figures()) ? 1 : 0);
    },
  });
}

async function look(db: () => Db, now: () => number): Promise<Figures> {
  const at = now();
  return {
    at,
    ...(await backlog(db(), at)),
    online: await staffSeenSince(db(), at - ON_DUTY_MS),
    ratings: await ratingsSince(db(), at - dayMs),
  };
}

const age = ({ oldest }: Waiting, now: number): number => (oldest === undefined ? 0 : Math.max(0, now - oldest) / 1000);
