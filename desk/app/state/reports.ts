/** Reports and evaluations for the analysts' screen. */
import type { EvaluationView, IndicatorsView } from '../../api/insight-evaluations.ts';
import type { AuditView, RisingView, ServiceView, TopicsView } from '../../api/insight-reports.ts';
import type { Answer, DeskClient } from './client.ts';
import { type Period, queryOf } from './insights.ts';

export type { AuditView, EvaluationView, IndicatorsView, RisingView, ServiceView, TopicsView };

export const topicNames = { department: '部门', item: '事项', type: '诉求类型' } as const;
export type TopicKind = keyof typeof topicNames;
export const unitNames = { month: '月', week: '周' } as const;
export type TimeUnit = keyof typeof unitNames;

export const readRising = (client: DeskClient): Promise<Answer<RisingView>> => client.get('/insights/rising');
export const readAudit = (client: DeskClient, period: Period): Promise<Answer<AuditView>> =>
  client.get(`/insights/audit?${queryOf(period)}`);
export const readService = (client: DeskClient, period: Period): Promise<Answer<ServiceView>> =>
  client.get(`/insights/service?${queryOf(period)}`);
export const topicsQuery = (period: Period, by: TopicKind, every: TimeUnit): string => `${queryOf(period)}&by=${by}&every=${every}`;
export const readTopics = (client: DeskClient, period: Period, by: TopicKind, every: TimeUnit): Promise<Answer<TopicsView>> =>
  client.get(`/insights/topics?${topicsQuery(period, by, every)}`);

export const readIndicators = (client: DeskClient, period: string): Promise<Answer<IndicatorsView>> =>
  client.get(`/evaluations/indicators?period=${encodeURIComponent(period)}`);
export const sendInput = (
  client: DeskClient,
  input: { period: string; leaf: string; hall: string; value: number; source: string },
): Promise<Answer<unknown>> => client.post('/evaluations/inputs', input);
export const readEvaluations = (client: DeskClient): Promise<Answer<EvaluationView[]>> => client.get('/evaluations');
export const recordEvaluation = (client: DeskClient, body: object): Promise<Answer<unknown>> => client.post('/evaluations', body);
export const publish = (client: DeskClient, id: number, published: boolean): Promise<Answer<unknown>> =>
  client.put(`/evaluations/${id}/publication`, { published });

/** The last five quarters and two years, by China's clock, newest first: what may be looked at and evaluated. */
export function periodsUpTo(now: number): string[] {
  const china = new Date(now + 8 * 3_600_000);
  const [year, quarter] = [china.getUTCFullYear(), Math.floor(china.getUTCMonth() / 3)];
  const quarters = Array.from({ length: 5 }, (_, back) => {
    const at = year * 4 + quarter - back;
    return `${Math.floor(at / 4)}-Q${(at % 4) + 1}`;
  });
  return [...quarters, String(year), String(year - 1)];
}

/** 2026 年第 4 季度, 2026 年. */
export function periodName(period: string): string {
  const [year, quarter] = period.split('-Q');
  return quarter === undefined ? `${year} 年` : `${year} 年第 ${quarter} 季度`;
}

/** The day a moment is in, by China's clock. */
export const dayInChina = (iso: string): string => new Date(Date.parse(iso) + 8 * 3_600_000).toISOString().slice(0, 10);
