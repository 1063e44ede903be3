/** Sends the parts of a message over a direct line, one after another; what got through is not sent again. */
import { createHash } from 'node:crypto';
import type { SendResult } from './provider.ts';

export type PartOutcome =
  | { readonly ok: true; readonly id: string }
  | { readonly ok: false; readonly why: 'never' | 'later' | 'slower' | 'down'; readonly code: string }
  /** not_connected: it was not sent · lost: no answer came, it may have arrived. */
  | 'not_connected'
  | 'lost';

/** @param progress ids of the parts an earlier try got through */
export async function sendParts<Part>(
  parts: readonly Part[],
  progress: readonly string[],
  submit: (part: Part, index: number) => Promise<PartOutcome>,
): Promise<SendResult> {
  const ids = [...progress];
  for (const [index, part] of parts.entries()) {
    if (index < ids.length) continue;
    const outcome = await submit(part, index);
    if (outcome === 'not_connected') return { ok: false, why: 'down', code: 'not connected', progress: ids };
    if (outcome === 'lost') return { ok: false, why: 'uncertain', code: 'no answer', progress: ids };
    if (!outcome.ok) return { ...outcome, progress: ids };
    ids.push(outcome.id);
  }
  return { ok: true, ids };
}

/** The reference that joins the parts, 0–255: the same for every try, so that parts of two tries join on the phone. */
export const partsReference = (key: string): number => createHash('sha256').update(key).digest()[0] ?? 0;
