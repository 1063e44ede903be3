/** Signing what is pushed, so that a receiver knows it is ours, whole and fresh. Source: Standard Webhooks specification, "Signature scheme". */
import { createHmac } from 'node:crypto';

/**
 * The headers of one attempt. `secrets` as `whsec_…`, the newest first: while one is exchanged, both sign. `at`: epoch milliseconds of this
 * attempt; the receiver refuses what is too old.
 */
export function signedHeaders(secrets: readonly string[], id: string, at: number, body: string): Record<string, string> {
  const timestamp = String(Math.floor(at / 1000));
  const signatures = secrets.map((secret) => {
    const key = Buffer.from(secret.replace(/^whsec_/, ''), 'base64');
    return `v1,${createHmac('sha256', key).update(`${id}.${timestamp}.${body}`).digest('base64')}`;
  });
  return { 'webhook-id': id, 'webhook-timestamp': timestamp, 'webhook-signature': signatures.join(' ') };
}
