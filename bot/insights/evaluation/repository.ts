/** Evaluations and what people measured, in the store. */
import type { Selectable } from 'kysely';
import type { Db } from '../../store/database.ts';
import type { ServiceEvaluationsTable } from '../../store/tables.ts';
import { type Evaluation, type EvaluationResult, resultSchema } from './evaluation.ts';
import type { Input } from './tree.ts';

/** Records an evaluation; answers its id. */
export async function recordEvaluation(
  db: Db,
  one: { period: string; evaluator: string; result: EvaluationResult; author: string },
  now: number,
): Promise<number> {
  const row = await db
    .insertInto('service_evaluations')
    .values({
      kind: one.result.kind,
      period: one.period,
      evaluator: one.evaluator,
      result_json: JSON.stringify(one.result),
      created_by: one.author,
      created_at: now,
      published_by: null,
      published_at: null,
    })
    .returning('id')
    .executeTakeFirstOrThrow();
  return Number(row.id);
}

/** Shows an evaluation to everybody, or takes it back. False: there is none. */
export async function publishEvaluation(db: Db, id: number, by: string | null, now: number): Promise<boolean> {
  const changed = await db
    .updateTable('service_evaluations')
    .set({ published_by: by, published_at: by === null ? null : now })
    .where('id', '=', id)
    .executeTakeFirst();
  return changed.numUpdatedRows > 0n;
}

/** Newest first. */
export async function listEvaluations(db: Db, { published }: { published: boolean }): Promise<Evaluation[]> {
  const rows = await db
    .selectFrom('service_evaluations')
    .selectAll()
    .$if(published, (query) => query.where('published_at', 'is not', null))
    .orderBy('id', 'desc')
    .limit(200)
    .execute();
  return rows.map(toEvaluation);
}

function toEvaluation(row: Selectable<ServiceEvaluationsTable>): Evaluation {
  return {
    id: Number(row.id),
    period: row.period,
    evaluator: row.evaluator,
    result: resultSchema.parse(JSON.parse(row.result_json)),
    createdBy: row.created_by,
    createdAt: Number(row.created_at),
    publishedBy: row.published_by,
    publishedAt: row.published_at === null ? null : Number(row.published_at),
  };
}

/** Keeps what somebody measured; what was typed in before stays on record. */
export async function putInput(db: Db, input: Input & { period: string; author: string }, now: number): Promise<void> {
  await db
    .insertInto('indicator_inputs')
    .values({ ...input, created_at: now })
    .execute();
}

/** The newest input of each leaf and hall. */
export async function inputsOf(db: Db, period: string): Promise<Input[]> {
  const rows = await db.selectFrom('indicator_inputs').selectAll().where('period', '=', period).orderBy('id').execute();
  const newest = new Map(rows.map(({ leaf, hall, value, source }) => [JSON.stringify([leaf, hall]), { leaf, hall, value, source }]));
  return [...newest.values()];
}
