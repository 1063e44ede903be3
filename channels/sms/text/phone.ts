/** Phone numbers as the channel keeps them: E.164. */

/**
 * E.164 from what a provider sends: +86…, 0086…, 86 and 11 digits, 11 mainland digits, or digits of another country with +.
 * `countryCode` (digits) tells of a number written without it. Undefined when it is no mobile-sized number: short codes of
 * services and alphanumeric senders can't be answered.
 */
export function toE164(raw: string, countryCode = '86'): string | undefined {
  const compact = raw.trim().replace(/[\s()-]/g, '');
  if (!/^\+?\d{5,20}$/.test(compact)) return undefined;
  let digits = compact.replace(/^\+/, '').replace(/^00/, '');
  const international = /^(?:\+|00)/.test(compact);
  if (!international) {
    if (/^1[3-9]\d{9}$/.test(digits) && countryCode === '86') digits = `86${digits}`;
    else if (!digits.startsWith(countryCode) || digits.length < 10) digits = `${countryCode}${digits.replace(/^0/, '')}`;
  }
  if (digits.startsWith('86') && !/^861[3-9]\d{9}$/.test(digits)) return undefined;
  return /^[1-9]\d{7,14}$/.test(digits) ? `+${digits}` : undefined;
}

/** 11 digits for mainland gateways; other numbers keep their country code, without the plus. */
export const localDigits = (e164: string): string => e164.replace(/^\+86(?=1\d{10}$)/, '').replace(/^\+/, '');

/** 138****0000: enough to recognise, not enough to call. */
export function maskPhone(e164: string): string {
  const digits = localDigits(e164);
  return digits.length < 8 ? '****' : `${digits.slice(0, 3)}****${digits.slice(-4)}`;
}
