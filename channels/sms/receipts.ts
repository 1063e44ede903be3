/** What a delivery receipt tells is noted with its message. */
import { findSms } from '../../bot/store/sms-messages.ts';
import { hasReceipt, type Receipt, recordReceipt, recordSubmission } from '../../bot/store/sms-receipts.ts';
import { countChanges, type SmsMetrics } from './metrics.ts';
import type { SmsOptions } from './options.ts';

/** A receipt, with our own key where the provider echoes it. */
export interface PushedReceipt extends Receipt {
  readonly key?: string | undefined;
}

/**
 * Notes a receipt. With our key it also settles a message whose answer was lost: the provider speaks of it, so it has it.
 * A repeated receipt, or one of an unknown message, changes nothing.
 */
export async function takeReceipt(
  { house, now }: Pick<SmsOptions, 'house' | 'now'>,
  metrics: SmsMetrics,
  receipt: PushedReceipt,
): Promise<void> {
  const { database } = house();
  const changes = await database.transaction(async (tx) => {
    const { provider, providerId, state, code, key } = receipt;
    const message = key === undefined ? undefined : await findSms(tx, key);
    const lost = message?.status === 'sending' || message?.status === 'uncertain';
    const found = lost ? await recordSubmission(tx, { messageId: message.id, provider, providerIds: [providerId] }, now()) : [];
    const change = await recordReceipt(tx, { provider, providerId, state, code }, now());
    // A message that was found by our key only, because the provider's id got lost, is known by it.
    const known = key !== undefined && (await hasReceipt(tx, provider, key));
    const other = known ? await recordReceipt(tx, { provider, providerId: key, state, code }, now()) : undefined;
    return [...found, change, other].filter((one) => one !== undefined);
  });
  countChanges(metrics, changes);
}
