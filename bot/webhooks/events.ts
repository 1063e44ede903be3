/**
 * What departments' systems are told: demands, orders, follow-ups and ratings, kept for delivery in the transaction that makes them. Without the
 * words of citizens and without anything that names them, unless a webhook was set up to get an order's words (identifiers masked).
 */
import { createHash } from 'node:crypto';
import { mask } from '../safety/mask.ts';
import type { Db } from '../store/database.ts';
import type { StoredDemand } from '../store/demands.ts';
import type { Facet, Rating } from '../store/ratings.ts';
import { keepDelivery } from '../store/webhook-deliveries.ts';
import { type Webhook, type WebhookKind, webhooksFor } from '../store/webhooks.ts';
import type { WorkOrder, WorkOrderEvent } from '../work-orders/order.ts';

interface Told {
  readonly kind: WebhookKind;
  readonly type: string;
  /** Makes the event's id: the same happening always has the same. */
  readonly key: readonly (string | number)[];
  /** What must arrive in order. */
  readonly subject: string;
  readonly conversationId: string | null;
  readonly orderId: string | null;
  readonly at: number;
  /** Departments it belongs to; a webhook of one department gets only its own. */
  readonly departments: readonly string[];
  /** Departments that must not hear of it. */
  readonly not?: readonly string[];
  readonly data: object;
  /** Goes along only where `fields` is `matter`. */
  readonly matter?: object;
}

const hashOf = (...words: readonly (string | number)[]): string =>
  createHash('sha256').update(JSON.stringify(words)).digest('base64url').slice(0, 27);

/** A conversation's name towards others: always the same, and leads nowhere. */
export const conversationRef = (conversationId: string): string => `c_${hashOf('conversation', conversationId)}`;

const iso = (at: number): string => new Date(at).toISOString();
const masked = (text: string): string => mask(text).text;

/** A conversation turned out to be about something (else). */
export async function tellOfDemand(tx: Db, demand: StoredDemand, channel: string): Promise<void> {
  const { conversationId, inboxId, type, domain, department, confidence, createdAt } = demand;
  await tell(tx, {
    kind: 'demand',
    type: 'demand.noted',
    key: ['demand', conversationId, inboxId],
    subject: conversationId,
    conversationId,
    orderId: null,
    at: createdAt,
    departments: department === null ? [] : [department],
    data: { conversation: conversationRef(conversationId), channel, demandType: type, domain, department, confidence },
  });
}

/** Something happened to an order; `before` is what it was, undefined for a new one. A department it leaves hears of that too. */
export async function tellOfOrder(tx: Db, before: WorkOrder | undefined, order: WorkOrder, event: WorkOrderEvent): Promise<void> {
  const kind = event.action === 'follow_up' ? 'follow_up' : 'order';
  const involved = [before, order].flatMap((one) => (one ? [one.department, ...one.coDepartments] : []));
  await tell(tx, {
    kind,
    type: kind === 'order' ? `order.${event.action}` : 'follow_up.done',
    key: ['order', order.id, event.seq],
    subject: order.id,
    conversationId: order.conversationId,
    orderId: order.id,
    at: event.at,
    departments: involved.filter((one) => one !== null),
    not: order.accused,
    data: {
      number: order.number,
      sequence: event.seq,
      kind: order.kind,
      state: order.state,
      demandType: order.demandType,
      urgency: order.urgency,
      channel: order.channel,
      department: order.department,
      coDepartments: order.coDepartments,
      receivedAt: iso(order.receivedAt),
      dueAt: iso(order.dueAt),
      overdue: order.overdueAt !== null,
      supervised: order.supervised,
      resolution: order.result?.resolution ?? null,
      followUp: order.followUp,
      ...(order.conversationId !== null && { conversation: conversationRef(order.conversationId) }),
    },
    matter: {
      title: masked(order.title),
      detail: masked(order.detail),
      place: order.place === null ? null : masked(order.place),
      reply: order.reply === null ? null : masked(order.reply),
    },
  });
}

/** A conversation was rated, or its rating changed. */
export async function tellOfRating(
  tx: Db,
  rating: Pick<Rating, 'conversationId' | 'channel' | 'score' | 'tags' | 'comment'> & { readonly at: number; readonly changed: boolean },
  facets: readonly Facet[],
): Promise<void> {
  const { conversationId, channel, score, tags, comment, at, changed } = rating;
  const named = (facet: Facet['facet']) => facets.filter((one) => one.facet === facet).map(({ value }) => value);
  const departments = named('department');
  await tell(tx, {
    kind: 'rating',
    type: changed ? 'rating.changed' : 'rating.given',
    key: ['rating', conversationId, at],
    subject: conversationId,
    conversationId,
    orderId: null,
    at,
    departments,
    data: { conversation: conversationRef(conversationId), channel, score, departments, flows: named('flow'), items: named('item') },
    // Reasons may be the citizen's own words as well.
    matter: { tags: tags.map(masked), comment: comment === null ? null : masked(comment) },
  });
}

async function tell(tx: Db, told: Told): Promise<void> {
  const hooks = (await webhooksFor(tx, told.kind)).filter((hook) => concerns(hook, told));
  for (const { id, fields } of hooks) {
    const data = fields === 'matter' ? { ...told.data, ...told.matter } : told.data;
    await keepDelivery(
      tx,
      {
        webhookId: id,
        eventId: `evt_${hashOf(...told.key)}`,
        type: told.type,
        subject: told.subject,
        conversationId: told.conversationId,
        orderId: told.orderId,
        body: JSON.stringify({ type: told.type, timestamp: iso(told.at), data }),
      },
      told.at,
    );
  }
}

const concerns = ({ department }: Pick<Webhook, 'department'>, { departments, not = [] }: Told): boolean =>
  department === null || (departments.includes(department) && !not.includes(department));
