/** Opens what the platform posts and closes what goes back in the response: signature, time, encryption, XML or JSON. */
import { randomBytes, randomInt } from 'node:crypto';
import { z } from 'zod';
import type { WechatAccount } from '../accounts.ts';
import { aesKey, decrypt, encrypt } from './cipher.ts';
import { sign, signatureHolds } from './signature.ts';
import { envelopeXml, parseXml, type TextReply, textReplyXml } from './xml.ts';

/** Retries and clocks that differ fit in; a request recorded earlier does not. */
const toleratedMs = 10 * 60_000;

const querySchema = z.object({
  signature: z.string().max(64),
  timestamp: z.string().regex(/^\d{1,12}$/),
  nonce: z.string().max(64),
  msg_signature: z.string().max(64).optional(),
  echostr: z.string().max(256).optional(),
});
export type PushQuery = z.infer<typeof querySchema>;

export interface Opened {
  readonly ok: true;
  readonly fields: Record<string, unknown>;
  /** The reply must be encrypted too. */
  readonly encrypted: boolean;
}
export interface Refused {
  readonly ok: false;
  /** 403: not from the platform (or not for this account) · 400: signed, but nothing that can be read. */
  readonly status: 400 | 403;
  readonly reason: string;
}

const refused = (status: Refused['status'], reason: string): Refused => ({ ok: false, status, reason });

/** Checks the query of a request by the account's token. Errors as values: which check failed, without its content. */
export function checkQuery(account: Pick<WechatAccount, 'token'>, query: unknown, now: number): { ok: true; query: PushQuery } | Refused {
  const parsed = querySchema.safeParse(query);
  if (!parsed.success) return refused(403, 'signature, timestamp or nonce is missing');
  const { signature, timestamp, nonce } = parsed.data;
  if (!signatureHolds(signature, account.token, timestamp, nonce)) return refused(403, 'the signature is wrong');
  if (Math.abs(Number(timestamp) * 1000 - now) > toleratedMs) return refused(403, 'the timestamp is too old or too new');
  return { ok: true, query: parsed.data };
}

/**
 * The fields of a pushed body whose query {@link checkQuery} let through. With an AES key only encrypted content counts: in compatible
 * mode the plain fields beside it are signed by nobody.
 */
export function openBody(account: Pick<WechatAccount, 'token' | 'appId' | 'aesKeys'>, query: PushQuery, body: Buffer): Opened | Refused {
  const outer = fieldsOf(body);
  if (!outer) return refused(400, 'the body is neither XML nor JSON');
  if (account.aesKeys.length === 0) {
    return outer.Encrypt === undefined ? { ok: true, fields: outer, encrypted: false } : refused(403, 'encrypted, but there is no AES key');
  }
  const { Encrypt: encrypted } = outer;
  if (typeof encrypted !== 'string') return refused(403, 'not encrypted, although there is an AES key');
  if (!signatureHolds(query.msg_signature ?? '', account.token, query.timestamp, query.nonce, encrypted))
    return refused(403, 'msg_signature is wrong');
  for (const key of account.aesKeys) {
    const plain = decrypt(aesKey(key), account.appId, encrypted);
    if (!plain) continue;
    const fields = fieldsOf(plain);
    return fields ? { ok: true, fields, encrypted: true } : refused(400, 'the decrypted body is neither XML nor JSON');
  }
  return refused(403, 'no AES key of this account opens the body');
}

function fieldsOf(bytes: Buffer): Record<string, unknown> | undefined {
  let text: string;
  try {
    text = new TextDecoder('utf-8', { fatal: true }).decode(bytes).trim();
  } catch {
    return undefined;
  }
  return text.startsWith('{') ? parseJson(text) : parseXml(text);
}

/** Ids have more digits than a number can hold: they become text before they are read. */
function parseJson(text: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(text.replace(/("(?:MsgId|MsgID|msgid)"\s*:\s*)(\d+)/g, '$1"$2"'));
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Record<string, unknown>) : undefined;
  } catch {
    return undefined;
  }
}

/** The body of a passive text reply, encrypted when the push was. */
export function closeReply(account: Pick<WechatAccount, 'token' | 'appId' | 'aesKeys'>, reply: TextReply, encrypted: boolean): string {
  const xml = textReplyXml(reply);
  const [key] = account.aesKeys;
  if (!encrypted || !key) return xml;
  const sealed = encrypt(aesKey(key), account.appId, xml, randomBytes(16));
  const nonce = String(randomInt(1e9));
  return envelopeXml({ encrypted: sealed, signature: sign(account.token, String(reply.at), nonce, sealed), timestamp: reply.at, nonce });
}
