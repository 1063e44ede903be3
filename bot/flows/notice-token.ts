/** The address part of a printable notice: signed, with an end, and nothing in it that says who asked. */
import { createHmac, timingSafeEqual } from 'node:crypto';
import { z } from 'zod';
import type { NoticeReference } from './notices.ts';

/** Bytes of the HMAC-SHA256 that are kept: 128 bits can't be guessed, and the address still fits a short message. */
const SIGNATURE_BYTES = 16;
const DAY_MS = 86_400_000;

/** Flow, which notice, answers, last day (days since 1970, UTC). */
const payloadSchema = z.tuple([
  z.string().max(80),
  z.int().min(0).max(200),
  z.record(z.string().max(130), z.union([z.string().max(100), z.number(), z.boolean()])),
  z.int().min(0),
]);

export type NoticeToken = { readonly kind: 'valid'; readonly reference: NoticeReference } | { readonly kind: 'expired' | 'invalid' };

/** Signs a reference; it can be read for `days` days from `now` (ms), to the end of the last one. */
export function noticeToken(reference: NoticeReference, key: string, { now, days }: { now: number; days: number }): string {
  const payload = [reference.flow, reference.nth, reference.answers, Math.floor(now / DAY_MS) + days];
  const body = Buffer.from(JSON.stringify(payload)).toString('base64url');
  return `${body}.${signature(body, key).toString('base64url')}`;
}

/** Reads a token; whatever was not signed with `key` is invalid. Never throws. */
export function readNoticeToken(token: string, key: string, now: number): NoticeToken {
  const [body = '', signed = '', ...more] = token.split('.');
  const given = Buffer.from(signed, 'base64url');
  const expected = signature(body, key);
  if (more.length > 0 || given.length !== expected.length || !timingSafeEqual(given, expected)) return { kind: 'invalid' };
  const parsed = payloadSchema.safeParse(parsedJson(Buffer.from(body, 'base64url').toString('utf8')));
  if (!parsed.success) return { kind: 'invalid' };
  const [flow, nth, answers, lastDay] = parsed.data;
  return Math.floor(now / DAY_MS) > lastDay ? { kind: 'expired' } : { kind: 'valid', reference: { flow, nth, answers } };
}

function signature(body: string, key: string): Buffer {
  return createHmac('sha256', key).update(`notice.${body}`).digest().subarray(0, SIGNATURE_BYTES);
}

function parsedJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
