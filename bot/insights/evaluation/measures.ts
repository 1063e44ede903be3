/** What indicators can be counted from: the figures of the period, work orders, follow-ups, incidents, and what is published. */
import type { Guide, KnowledgeItem } from '../../../knowledge/item.ts';
import type { Db } from '../../store/database.ts';
import { readFigures } from '../period-figures.ts';
import { serviceReport } from '../service.ts';
import type { Measured } from './tree.ts';

export interface MeasureSource {
  readonly db: Db;
  /** Everything published now; what was published back then is not kept. */
  readonly items: readonly KnowledgeItem[];
  readonly now: number;
}

const published = '（按统计时已发布的指南）';
const guideMeasures: Readonly<Record<string, { formula: string; holds: (guide: Guide) => boolean }>> = {
  guides_complete: {
    formula: `写明申请材料、办理时限、收费、法律依据和咨询电话的指南 ÷ 全部指南${published}`,
    holds: (guide) =>
      guide.materials.length > 0 &&
      (guide.promisedLimit ?? guide.statutoryLimit) !== undefined &&
      guide.isCharged !== undefined &&
      guide.legalBasis.length > 0 &&
      guide.consultPhone !== undefined,
  },
  guides_summed_up: { formula: `有 150 字以内白话摘要的指南 ÷ 全部指南${published}`, holds: (guide) => guide.summary !== undefined },
  guides_online: {
    formula: `能网上办的指南 ÷ 全部指南${published}`,
    holds: (guide) => guide.isOnline === true || guide.handleModes.includes('online') || guide.onlineUrl !== undefined,
  },
  guides_one_visit: {
    formula: `跑动不超过一次的指南 ÷ 写明跑动次数的指南${published}`,
    holds: (guide) => guide.visitCount !== undefined && guide.visitCount <= 1,
  },
};
const ofPeriod = [
  'self_service',
  'containment',
  'resolution',
  'satisfaction',
  'mean_score',
  'handoff',
  'abandoned',
  'answered_turns',
] as const;
const fromFigures: readonly string[] = [...ofPeriod, 'handoff_wait_median', 'handoff_wait_p90', 'direct_answer'];

/** Every name a leaf may use. */
export const measureNames: readonly string[] = [
  ...fromFigures,
  ...Object.keys(guideMeasures),
  'cited_answers',
  'rated',
  'orders_in_time',
  'follow_up_resolved',
  'availability',
];

/** All measures of a period; 'too_many' when it holds more turns than can be looked at. */
export async function readMeasures(
  { db, items, now }: MeasureSource,
  span: { from: number; to: number },
): Promise<Map<string, Measured> | 'too_many'> {
  const read = await readFigures(db, span);
  if (read === 'too_many') return read;
  const { facts, figures } = read;
  const answered = facts.flatMap((one) => one.turns.filter((turn) => turn.outcome === 'answered'));
  const orders = await ordersInTime(db, span);
  const followUps = await followUpsOf(db, span);
  const { availability } = await serviceReport(db, span, now);
  const guides = items.filter((item): item is Guide => item.kind === 'guide');
  const counted = (formula: string, hits: number, n: number): Measured => ({ value: n === 0 ? null : hits / n, n, formula });
  return new Map<string, Measured>([
    ...figures.filter(({ id }) => fromFigures.includes(id)).map(({ id, value, n, formula }) => [id, { value, n, formula }] as const),
    ...Object.entries(guideMeasures).map(([name, { formula, holds }]) => {
      const over = name === 'guides_one_visit' ? guides.filter(({ visitCount }) => visitCount !== undefined) : guides;
      return [name, counted(formula, over.filter(holds).length, over.length)] as const;
    }),
    ['cited_answers', counted('注明来源的回答 ÷ 全部回答', answered.filter(({ itemIds }) => itemIds.length > 0).length, answered.length)],
    ['rated', counted('有评价的对话 ÷ 对话数', facts.filter(({ score }) => score !== null).length, facts.length)],
    ['orders_in_time', counted('没有超期的已答复工单 ÷ 已答复工单', orders.inTime, orders.answered)],
    ['follow_up_resolved', counted('回访说解决了的 ÷ 有回音的回访', followUps.resolved, followUps.answered)],
    ['availability', { value: availability, n: null, formula: '1 − 数据库或知识库不可用的时间 ÷ 期间（整台服务器停机时没有记录）' }],
  ]);
}

async function ordersInTime(db: Db, { from, to }: { from: number; to: number }): Promise<{ answered: number; inTime: number }> {
  const row = await db
    .selectFrom('work_orders')
    .select((eb) => [eb.fn.countAll().as('answered'), eb.fn.count('overdue_at').as('late')])
    .where('received_at', '>=', from)
    .where('received_at', '<', to)
    .where('state', 'not in', ['received', 'dispatched', 'handled'])
    .executeTakeFirstOrThrow();
  return { answered: Number(row.answered), inTime: Number(row.answered) - Number(row.late) };
}

/** Follow-ups of orders that were asked about in the period: how many answered, and said that it was solved. */
export async function followUpsOf(
  db: Db,
  { from, to }: { from: number; to: number },
): Promise<{ sent: number; answered: number; resolved: number }> {
  const rows = await db
    .selectFrom('work_order_follow_ups')
    .select(['status', 'verdict'])
    .select((eb) => eb.fn.countAll().as('count'))
    .where('sent_at', '>=', from)
    .where('sent_at', '<', to)
    .groupBy(['status', 'verdict'])
    .execute();
  const count = (holds: (row: (typeof rows)[number]) => boolean) => rows.filter(holds).reduce((sum, row) => sum + Number(row.count), 0);
  return {
    sent: count(() => true),
    answered: count(({ status }) => status === 'answered'),
    resolved: count(({ verdict }) => verdict === 'resolved'),
  };
}
