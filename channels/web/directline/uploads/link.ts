/** Addresses of uploaded files. The log keeps the bare path; whoever may read the conversation gets it signed, for a while. */
import { createHmac } from 'node:crypto';
import { DIRECT_LINE_PATH } from '../options.ts';
import { sameText } from '../token.ts';

const DAY_SECONDS = 24 * 60 * 60;
const PATH = new RegExp(`^${DIRECT_LINE_PATH}/uploads/([A-Za-z0-9_-]{8,64})$`);

/** The path under which an upload stands in the log: `/v3/directline/uploads/<id>`. */
export const uploadPath = (id: string): string => `${DIRECT_LINE_PATH}/uploads/${id}`;

/** The id in a path made by {@link uploadPath}, or undefined for any other address. */
export const uploadIdOf = (contentUrl: string): string | undefined => PATH.exec(contentUrl)?.[1];

const signature = (signingKey: string, id: string, expires: number): string =>
  createHmac('sha256', signingKey).update(`upload:${id}:${expires}`).digest('base64url');

/**
 * The path with a signature that opens the file without a token for one to two days. The end is rounded to a whole day so that
 * the same file keeps the same address, and a browser its cached copy.
 */
export function signedUploadPath(signingKey: string, id: string, now: number): string {
  const expires = (Math.floor(now / 1000 / DAY_SECONDS) + 2) * DAY_SECONDS;
  return `${uploadPath(id)}?e=${expires}&s=${signature(signingKey, id, expires)}`;
}

/** Whether `e` and `s` of a request are a signature of ours for this file, and not yet over. */
export function signatureHolds(signingKey: string, id: string, query: { e?: unknown; s?: unknown }, now: number): boolean {
  const { e, s } = query;
  if (typeof e !== 'string' || typeof s !== 'string' || !/^\d{1,12}$/.test(e)) return false;
  return sameText(s, signature(signingKey, id, Number(e))) && Number(e) * 1000 > now;
}
