/** The Direct Line watermark: how far a client has read, here the seq of the last activity it got. */
import { badArgument } from './errors.ts';

/**
 * Reads `?watermark=`. Absent, empty and `-` (Microsoft's "none") mean from the beginning.
 * Throws DirectLineError 400 for anything that is not a whole number.
 */
export function parseWatermark(value: unknown): number {
  if (value === undefined || value === '' || value === '-') return 0;
  if (typeof value !== 'string' || !/^\d{1,15}$/.test(value)) throw badArgument('watermark: must be a whole number');
  return Number(value);
}
