/** Small helpers for writing HTML. */

const entities: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' };

export const escapeHtml = (text: string): string => text.replace(/[&<>"']/g, (sign) => entities[sign] ?? sign);

/** JSON that may stand inside a script element: nothing in it can end the element, and NaN is null. */
export const scriptJson = (value: unknown): string =>
  JSON.stringify(value, (_key, one: unknown) => (typeof one === 'number' && !Number.isFinite(one) ? null : one)).replace(
    /[<>\u2028\u2029]/g,
    (sign) => `\\u${sign.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );

/** Times, turns, tokens and money: no shares of anything. */
export const isCount = (metric: string): boolean => /^(latency|turns_|tokens_|calls_|cost_)/.test(metric);

/** A share as a percentage, times and counts as they are; – for no value. */
export function figure(metric: string, value: number): string {
  if (!Number.isFinite(value)) return '–';
  if (metric === 'mcc') return value.toFixed(3);
  if (/^cost_/.test(metric)) return value >= 100 ? value.toFixed(0) : String(Number(value.toPrecision(3)));
  if (isCount(metric)) return value.toFixed(value >= 100 ? 0 : 1);
  return `${(value * 100).toFixed(1)}%`;
}

/** A signed difference in the metric's own unit. */
export function difference(metric: string, value: number): string {
  if (!Number.isFinite(value)) return '–';
  const sign = value > 0 ? '+' : '';
  return isCount(metric) || metric === 'mcc' ? `${sign}${value.toFixed(2)}` : `${sign}${(value * 100).toFixed(1)}`;
}
