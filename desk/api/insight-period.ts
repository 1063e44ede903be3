/** The period that figures are asked for. */
import { z } from 'zod';
import { MOST_TURNS } from '../../bot/insights/facts.ts';
import { ApiError } from './errors.ts';

const day = z.iso.date('应当是日期，例如 2026-03-02');
export const periodSchema = z
  .object({ from: day, to: day, channel: z.string().min(1).max(40).optional() })
  .refine(({ from, to }) => from <= to, { path: ['to'], message: '结束日期不能早于开始日期' });

const dayMs = 86_400_000;
const longestDays = 400;

/** `from` and `to` are days in China, both counted. Throws ApiError 400 when they are too far apart. */
export function timesOf({ from, to, channel }: z.infer<typeof periodSchema>) {
  const times = { from: Date.parse(`${from}T00:00:00+08:00`), to: Date.parse(`${to}T00:00:00+08:00`) + dayMs, channel };
  if (times.to - times.from > longestDays * dayMs) throw new ApiError(400, 'bad_request', `to：一次最多看 ${longestDays} 天`);
  return times;
}

/** What was read, or ApiError 413 where it was too much to read. */
export function readable<T>(found: T | 'too_many'): T {
  if (found === 'too_many') throw new ApiError(413, 'too_much', `这段时间超过 ${MOST_TURNS} 次应答，请选短一些的时间`);
  return found;
}
export const tooMuch = { 413: ['too_much'] } as const;
