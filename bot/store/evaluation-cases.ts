/** Questions that editors kept for evaluations, each with the entries that answer it. The caller masks them. */
import type { Db } from './database.ts';

export interface EvaluationCase {
  readonly id: number;
  readonly question: string;
  /** None: nothing may be answered. */
  readonly itemIds: readonly string[];
  readonly author: string;
  readonly createdAt: number;
}

/** Keeps a case; the same question of a pack again gets the newer answer. */
export async function keepEvaluationCase(
  db: Db,
  pack: string,
  { question, itemIds, author }: Pick<EvaluationCase, 'question' | 'itemIds' | 'author'>,
  now: number,
): Promise<void> {
  const changing = { item_ids_json: JSON.stringify(itemIds), author, created_at: now };
  await db
    .insertInto('evaluation_cases')
    .values({ pack, question, ...changing })
    .onConflict((conflict) => conflict.columns(['pack', 'question']).doUpdateSet(changing))
    .execute();
}

/** All cases of a pack, oldest first. */
export async function evaluationCases(db: Db, pack: string): Promise<EvaluationCase[]> {
  const rows = await db.selectFrom('evaluation_cases').selectAll().where('pack', '=', pack).orderBy('id').execute();
  return rows.map((row) => ({
    id: Number(row.id),
    question: row.question,
    itemIds: JSON.parse(row.item_ids_json) as string[],
    author: row.author,
    createdAt: Number(row.created_at),
  }));
}
