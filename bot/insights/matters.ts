/** Who brought what, where and when: conversations and work orders of a period as matters with a topic and a district, without words or ids of anybody. */
import type { Db } from '../store/database.ts';
import { type ConversationFacts, type Period, readFacts } from './facts.ts';
import { textsOf } from './gaps.ts';

export interface PlacedMatter {
  readonly at: number;
  /** Id of the knowledge item cited first; null when nothing was. */
  readonly item: string | null;
  readonly department: string | null;
  /** One of the six types of GB/T 44189-2024, 5.3; null when nothing told it. */
  readonly type: string | null;
  /** The district its words name; null when they name none. */
  readonly district: string | null;
}

/** A demand may have been noted when the conversation began, before the period. */
const demandsSinceMs = 30 * 86_400_000;
const ownKinds = ['bad_rating', 'before_complaint'];

/**
 * Matters of a period, oldest first: each conversation, and each work order that came from none. `districts` are the city's; a matter belongs
 * to the one its words name most, and to none when they name several equally often.
 */
export async function readPlacedMatters(db: Db, period: Period, districts: readonly string[]): Promise<PlacedMatter[] | 'too_many'> {
  const facts = await readFacts(db, period);
  if (facts === 'too_many') return facts;
  const demands = await lastDemands(db, period);
  const texts = await textsOf(
    db,
    facts.flatMap((one) => one.turns.map((turn) => turn.inboxId)),
  );
  const { orders, places } = await readOrders(db, period);
  const districtOf = districtReader(districts);
  const conversations = facts.map((one): PlacedMatter => {
    const words = one.turns.map((turn) => texts.get(turn.inboxId) ?? '').join('\n');
    const demand = demands.get(one.id);
    return {
      at: one.startedAt,
      item: firstItem(one),
      department: demand?.department ?? null,
      type: demand?.type ?? null,
      district: districtOf(places.get(one.id) ?? '') ?? districtOf(words),
    };
  });
  const alone = orders.map(({ at, department, type, words }) => ({ at, item: null, department, type, district: districtOf(words) }));
  return [...conversations, ...alone].toSorted((a, b) => a.at - b.at);
}

const firstItem = (one: ConversationFacts): string | null => one.turns.find((turn) => turn.itemIds.length > 0)?.itemIds[0] ?? null;

/** The one district a text names most often: by its full name, or without 区, 县, 市. */
export function districtReader(districts: readonly string[]): (text: string) => string | null {
  const names = districts.map((name) => ({ name, short: name.length > 2 ? name.replace(/[区县市]$/, '') : name }));
  return (text) => {
    const found = names
      .map(({ name, short }) => ({ name, times: text.split(short).length - 1 }))
      .filter(({ times }) => times > 0)
      .toSorted((a, b) => b.times - a.times);
    const [first, second] = found;
    return first === undefined || first.times === second?.times ? null : first.name;
  };
}

async function lastDemands(db: Db, { from, to }: Period): Promise<Map<string, { department: string | null; type: string }>> {
  const rows = await db
    .selectFrom('demands')
    .select(['conversation_id', 'department', 'type'])
    .where('created_at', '>=', from - demandsSinceMs)
    .where('created_at', '<', to)
    .orderBy('id')
    .execute();
  return new Map(rows.map(({ conversation_id, department, type }) => [conversation_id, { department, type }]));
}

interface OrderWords {
  readonly at: number;
  readonly department: string | null;
  readonly type: string;
  readonly words: string;
}

/** Orders without a conversation, and what the others say about places, by conversation. */
async function readOrders(
  db: Db,
  { from, to, channel }: Period,
): Promise<{ orders: OrderWords[]; places: ReadonlyMap<string | null, string> }> {
  const rows = await db
    .selectFrom('work_orders')
    .select(['conversation_id', 'department', 'demand_type', 'received_at', 'order_json'])
    .where('received_at', '>=', from)
    .where('received_at', '<', to)
    .where('kind', 'not in', ownKinds)
    .$if(channel !== undefined, (query) => query.where('channel', '=', channel as string))
    .execute();
  const read = rows.map((row) => {
    const { place, title, detail } = JSON.parse(row.order_json) as { place: string | null; title: string; detail: string };
    return { row, words: [place ?? '', title, detail].join('\n') };
  });
  return {
    orders: read
      .filter(({ row }) => row.conversation_id === null)
      .map(({ row, words }) => ({ at: Number(row.received_at), department: row.department, type: row.demand_type, words })),
    places: new Map(read.map(({ row, words }) => [row.conversation_id, words])),
  };
}
