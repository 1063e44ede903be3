/** Small helpers for writing HTML. */

const entities: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' };

export const escapeHtml = (text: string): string => text.replace(/[&<>"']/g, (sign) => entities[sign] ?? sign);

/** JSON that may stand inside a script element: nothing in it can end the element, and NaN is null. */
export const scriptJson = (value: unknown): string =>
  JSON.stringify(value, (_key, one: unknown) => (typeof one === 'number' && !Number.isFinite(one) ? null : one)).replace(
    /[<>\u2028\u2029]/g,
    (sign) => `\\u${sign.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );

/** A share as a percentage, times and counts as they are; – for no value. */
export function figure(metric: string, value: number): string {
  if (!Number.isFinite(value)) return '–';
  if (/^latency|^turns_/.test(metric)) return value >= 100 ? value.toFixed(0) : value.toFixed(1);
  if (metric === 'mcc') return value.toFixed(3);
  return `${(value * 100).toFixed(1)}%`;
}

/** A signed difference in the metric's own unit. */
export function difference(metric: string, value: number): string {
  if (!Number.isFinite(value)) return '–';
  const sign = value > 0 ? '+' : '';
  return /^latency|^turns_|^mcc/.test(metric) ? `${sign}${value.toFixed(2)}` : `${sign}${(value * 100).toFixed(1)}`;
}
