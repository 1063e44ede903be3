/** Long messages arrive in parts: kept until all are there, in whatever order and over whichever connection they come. */

import type { OpenDatabase } from '../../../bot/store/database.ts';
import { forgetGroups, keepPart, moveGroup, overdueGroups } from '../../../bot/store/sms-parts.ts';
import { decodeText } from '../providers/content.ts';
import type { InboundPart, InboundSms } from '../providers/provider.ts';

/** After so long a missing part is given up. */
const patienceMs = 10 * 60_000;
/** A part that comes later still completes its message, for a day; references are used again after that. */
const memoryMs = 24 * 3_600_000;

/**
 * Keeps a part; the whole message goes to `take` when it is complete. The bytes are joined before they are read: a character may stand
 * across a cut. Repeated parts change nothing. Rejects when `take` does: then the part is not to be acknowledged.
 */
export async function takePart(
  database: OpenDatabase,
  now: number,
  provider: string,
  part: InboundPart,
  take: (sms: InboundSms) => Promise<void>,
): Promise<void> {
  const { from, port, reference, total, number, messageId, fmt, body } = part;
  const group = JSON.stringify([provider, from, port, reference, total]);
  const kept = await database.transaction((tx) => keepPart(tx, group, { number, total, body: body.toString('hex'), fmt, messageId }, now));
  if (kept.state === 'done' || kept.parts.length < total) return;
  const text = decodeText(Buffer.from(kept.parts.map((one) => one.body).join(''), 'hex'), kept.parts[0]?.fmt ?? fmt) ?? '';
  // Taken before it is marked: a crash between the two takes it again, under the same id.
  await take({
    id: `long-${kept.parts
      .map((one) => one.messageId)
      .join('-')
      .slice(0, 180)}`,
    from,
    port,
    text,
  });
  await moveGroup(database.db, group, ['open', 'expired'], 'done');
}

/** Tells whose long message did not arrive whole, once each, and forgets what is old. */
export async function sweepParts(
  database: OpenDatabase,
  now: number,
  tell: (missing: { provider: string; from: string; port: string; group: string }) => Promise<void>,
): Promise<void> {
  for (const group of await overdueGroups(database.db, now - patienceMs)) {
    if (!(await moveGroup(database.db, group, ['open'], 'expired'))) continue;
    const [provider = '', from = '', port = ''] = JSON.parse(group) as string[];
    await tell({ provider, from, port, group });
  }
  await forgetGroups(database.db, now - memoryMs);
}
