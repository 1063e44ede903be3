/** Figures of a period for the analysts' screen. */
import type { z } from 'zod';
import type { breakdownSchema, figureSchema, flagSchema, gapSchema, maskedLineSchema } from '../../api/insight-answers.ts';
import type { Answer, DeskClient } from './client.ts';

export type Figure = z.infer<typeof figureSchema>;
export type Breakdown = z.infer<typeof breakdownSchema>;
export type Row = Breakdown['days'][number];
export type Gap = z.infer<typeof gapSchema>;
export type Flag = z.infer<typeof flagSchema>;
export type MaskedLine = z.infer<typeof maskedLineSchema>;

export interface Period {
  /** Days in China, both counted. */
  readonly from: string;
  readonly to: string;
  /** '' = all. */
  readonly channel: string;
}

export const queryOf = ({ from, to, channel }: Period): string =>
  new URLSearchParams({ from, to, ...(channel === '' ? {} : { channel }) }).toString();

export const readInsights = (client: DeskClient, period: Period): Promise<Answer<{ figures: Figure[]; breakdown: Breakdown }>> =>
  client.get(`/insights?${queryOf(period)}`);
export const readGaps = (client: DeskClient, period: Period): Promise<Answer<Gap[]>> => client.get(`/insights/gaps?${queryOf(period)}`);
export const readFlags = (client: DeskClient, period: Period): Promise<Answer<Flag[]>> =>
  client.get(`/insights/quality?${queryOf(period)}`);
export const readMasked = (client: DeskClient, id: string): Promise<Answer<MaskedLine[]>> =>
  client.get(`/insights/conversations/${encodeURIComponent(id)}`);

/** The last `days` days, today included. */
export function lastDays(days: number, now: number): Pick<Period, 'from' | 'to'> {
  const inChina = (time: number) => new Date(time + 8 * 3_600_000).toISOString().slice(0, 10);
  return { from: inChina(now - (days - 1) * 86_400_000), to: inChina(now) };
}

/** 87.5%, 4.2 分, 1 分 20 秒. */
export function shown({ value, unit }: Pick<Figure, 'value' | 'unit'>): string {
  if (value === null) return '—';
  switch (unit) {
    case 'share':
      return `${(value * 100).toFixed(1)}%`;
    case 'score':
      return `${value.toFixed(2)} 分`;
    case 'count':
      return value.toLocaleString('zh-CN');
    case 'seconds':
      return value < 60 ? `${Math.round(value)} 秒` : `${Math.floor(value / 60)} 分 ${Math.round(value % 60)} 秒`;
  }
}
