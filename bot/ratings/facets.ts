/** What a conversation was about, so that its rating can be counted for it: who answered, which flows ran, which items were cited, whose they are. */
import { z } from 'zod';
import type { Db } from '../store/database.ts';
import type { Facet } from '../store/ratings.ts';

const flowOutcomes = ['in_flow', 'flow_completed', 'flow_cancelled'];
const citationsSchema = z.array(z.string());
const bodySchema = z.object({ department: z.string().optional() });

/** The facets of a conversation as they are now. */
export async function facetsNow(tx: Db, conversationId: string): Promise<Facet[]> {
  const agents = await tx
    .selectFrom('handoffs')
    .select('agent')
    .distinct()
    .where('conversation_id', '=', conversationId)
    .where('agent', 'is not', null)
    .execute();
  const turns = await tx
    .selectFrom('turns')
    .select(['outcome', 'reason', 'citations_json'])
    .where('conversation_id', '=', conversationId)
    .execute();
  const flows = turns.flatMap(({ outcome, reason }) => (flowOutcomes.includes(outcome) && reason !== null ? [reason] : []));
  const items = [...new Set(turns.flatMap((turn) => citationsSchema.parse(JSON.parse(turn.citations_json))))];
  const departments = [...(await departmentsOf(tx, items)), ...(await dispatchedTo(tx, conversationId))];
  const named = (facet: Facet['facet'], values: readonly string[]) => [...new Set(values)].map((value) => ({ facet, value }));
  return [
    ...named(
      'agent',
      agents.flatMap(({ agent }) => agent ?? []),
    ),
    ...named('flow', flows),
    ...named('item', items),
    ...named('department', departments),
  ];
}

/** Departments of knowledge items by their ids. */
async function departmentsOf(tx: Db, ids: readonly string[]): Promise<string[]> {
  if (ids.length === 0) return [];
  const rows = await tx
    .selectFrom('knowledge_versions')
    .select('body_json')
    .where('id', 'in', ids)
    .where('status', 'in', ['published', 'expired'])
    .execute();
  return rows.flatMap((row) => {
    const body = bodySchema.safeParse(JSON.parse(row.body_json));
    return body.success && body.data.department !== undefined ? [body.data.department] : [];
  });
}

/** Departments that had a work order of this conversation, also those it was taken back from. */
async function dispatchedTo(tx: Db, conversationId: string): Promise<string[]> {
  const rows = await tx
    .selectFrom('work_order_events')
    .innerJoin('work_orders', 'work_orders.id', 'work_order_events.order_id')
    .select('work_order_events.data_json')
    .where('work_orders.conversation_id', '=', conversationId)
    .where('work_order_events.action', '=', 'dispatch')
    .execute();
  return rows.flatMap((row) => bodySchema.parse(JSON.parse(row.data_json)).department ?? []);
}
