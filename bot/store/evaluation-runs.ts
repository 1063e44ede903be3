/** Evaluations that run by themselves: one a period, whichever process begins it. */
import type { Db } from './database.ts';

export interface EvaluationRun {
  /** 2026-Q4. */
  readonly period: string;
  readonly status: 'running' | 'done' | 'failed';
  readonly startedAt: number;
  readonly finishedAt: number | null;
  /** Where its report lies, inside the data folder. */
  readonly folder: string | null;
  /** `suite metric` → value. */
  readonly metrics: Readonly<Record<string, number>>;
  readonly error: string | null;
}

/** Begins the run of a period: true for exactly one caller. A run that began before `staleBefore` and never ended may be begun again. */
export async function beginEvaluationRun(
  db: Db,
  period: string,
  { now, staleBefore }: { now: number; staleBefore: number },
): Promise<boolean> {
  const fresh = await db
    .insertInto('evaluation_runs')
    .values({ period, status: 'running', started_at: now, finished_at: null, folder: null, metrics_json: '{}', error: null })
    .onConflict((conflict) => conflict.column('period').doNothing())
    .executeTakeFirst();
  if (fresh.numInsertedOrUpdatedRows === 1n) return true;
  const again = await db
    .updateTable('evaluation_runs')
    .set({ started_at: now })
    .where('period', '=', period)
    .where('status', '=', 'running')
    .where('started_at', '<', staleBefore)
    .executeTakeFirst();
  return again.numUpdatedRows === 1n;
}

/** Writes down how the run of a period ended. */
export async function endEvaluationRun(
  db: Db,
  period: string,
  { status, finishedAt, folder, metrics, error }: Omit<EvaluationRun, 'period' | 'startedAt'>,
): Promise<void> {
  await db
    .updateTable('evaluation_runs')
    .set({ status, finished_at: finishedAt, folder, metrics_json: JSON.stringify(metrics), error })
    .where('period', '=', period)
    .execute();
}

/** Gives a run back that was cut short: whoever looks next begins it anew. */
export async function giveBackEvaluationRun(db: Db, period: string): Promise<void> {
  await db.deleteFrom('evaluation_runs').where('period', '=', period).where('status', '=', 'running').execute();
}

/** The runs there were, newest first. */
export async function evaluationRuns(db: Db): Promise<EvaluationRun[]> {
  const rows = await db.selectFrom('evaluation_runs').selectAll().orderBy('period', 'desc').execute();
  return rows.map((row) => ({
    period: row.period,
    status: row.status,
    startedAt: Number(row.started_at),
    finishedAt: row.finished_at === null ? null : Number(row.finished_at),
    folder: row.folder,
    metrics: JSON.parse(row.metrics_json) as Record<string, number>,
    error: row.error,
  }));
}
