/** Signatures of the WeChat push. Algorithm: developers.weixin.qq.com, page 消息推送. */
import { createHash, timingSafeEqual } from 'node:crypto';

/** SHA-1 over the parts in byte order, lower-case hex: token, timestamp, nonce and, for encrypted bodies, the ciphertext. */
export function sign(...parts: readonly string[]): string {
  return createHash('sha1')
    .update([...parts].sort().join(''))
    .digest('hex');
}

/** Whether `given` is that signature, in time that does not depend on where they differ. */
export function signatureHolds(given: string, ...parts: readonly string[]): boolean {
  const expected = Buffer.from(sign(...parts));
  const actual = Buffer.from(given);
  return actual.length === expected.length && timingSafeEqual(actual, expected);
}
