/**
 * Sealed text: AES-256-GCM in an envelope that names its key.
 *   wbs1.<key id>.<base64url: 12 bytes nonce, 16 bytes tag, ciphertext>   a fresh nonce each time
 *   wbl1.<key id>.<the same>   for looking up: the nonce is an HMAC of the text, so equal texts give equal envelopes
 *   wbf2.<key id>.<the bytes themselves>   a file; its id is authenticated with it, so that it opens nowhere but in its own place
 *   wbf1.<key id>.<the same>   a file from before ids were bound; opens, is never written
 * Sources: NIST SP 800-38D (GCM); RFC 5869 (HKDF, one key for each purpose).
 */
import { createCipheriv, createDecipheriv, createHmac, hkdfSync, randomBytes } from 'node:crypto';

export interface SealingKey {
  /** Letters, digits, - and _. */
  readonly id: string;
  readonly cipher: Buffer;
  readonly nonce: Buffer;
}

const NONCE = 12;
const TAG = 16;
/** Characters of the shortest content: nonce and tag around an empty text. */
const SHORTEST = Math.ceil(((NONCE + TAG) * 8) / 6);
const HEAD = 5;
const LONGEST_ID = 32;
const FILE = 'wbf2.';
const FILE_HEAD = /^wbf([12])\.([\w-]{1,32})\./;

/** Where the content of an envelope begins; -1 for what has not the form of one. */
function contentAt(value: string): number {
  if (!value.startsWith('wbs1.') && !value.startsWith('wbl1.')) return -1;
  const dot = value.indexOf('.', HEAD);
  return dot > HEAD && dot <= HEAD + LONGEST_ID && value.length - dot > SHORTEST ? dot + 1 : -1;
}

/** Whether a value has the form of an envelope. Who writes to us can give anything this form: only the key tells what is one. */
export const isSealed = (value: unknown): value is string => typeof value === 'string' && contentAt(value) > 0;

/** The purposes' keys from one secret of 32 bytes. */
export function sealingKey(id: string, secret: Uint8Array): SealingKey {
  const derived = (purpose: string) => Buffer.from(hkdfSync('sha256', secret, 'wenban', purpose, 32));
  return { id, cipher: derived('cipher'), nonce: derived('nonce') };
}

/** Seals a text; nobody without the key learns more than its length. */
export const seal = (key: SealingKey, text: string): string => `wbs1.${key.id}.${encrypt(key, text, freshNonce()).toString('base64url')}`;

/** Seals a text so that it can be looked up: who holds the table sees which rows hold the same, and nothing else. */
export function sealForLookup(key: SealingKey, text: string): string {
  const nonce = createHmac('sha256', key.nonce).update(text).digest().subarray(0, NONCE);
  return `wbl1.${key.id}.${encrypt(key, text, nonce).toString('base64url')}`;
}

/** The id of the key an envelope was sealed with; undefined for what is none. */
export function keyIdOf(sealed: string): string | undefined {
  const at = contentAt(sealed);
  return at > 0 ? sealed.slice(HEAD, at - 1) : undefined;
}

/** The text in an envelope. Throws when it was changed or sealed with another key. */
export function unseal(key: SealingKey, sealed: string): string {
  return decrypt(key, Buffer.from(sealed.slice(Math.max(0, contentAt(sealed))), 'base64url')).toString('utf8');
}

/** Seals the content of the file `id`: the key's id in front, then nonce, tag and ciphertext. */
export const sealBytes = (key: SealingKey, id: string, plain: Uint8Array): Buffer =>
  Buffer.concat([Buffer.from(`${FILE}${key.id}.`), encrypt(key, plain, freshNonce(), boundTo(id))]);

/** The bytes in the sealed file `id`. Throws when it was changed, sealed with another key or, unless it is from before that, for another id. */
export const unsealBytes = (key: SealingKey, id: string, sealed: Buffer): Buffer =>
  decrypt(key, sealed.subarray(FILE.length + key.id.length + 1), sealedFile(sealed)?.bound ? boundTo(id) : undefined);

/** The key in front of a sealed file and whether its id is bound; undefined for what does not begin like one. `head`: at least its first 38 bytes. */
export function sealedFile(head: Buffer): { readonly keyId: string; readonly bound: boolean } | undefined {
  const [, version, keyId] = FILE_HEAD.exec(head.toString('latin1', 0, FILE.length + LONGEST_ID + 1)) ?? [];
  return keyId === undefined ? undefined : { keyId, bound: version === '2' };
}

const boundTo = (id: string): Buffer => Buffer.from(`file ${id}`);

/** Random bytes are taken in one go for many nonces: asking for twelve costs as much as for thousands. */
let pool = Buffer.alloc(0);
function freshNonce(): Buffer {
  if (pool.length < NONCE) pool = randomBytes(NONCE * 256);
  const nonce = pool.subarray(0, NONCE);
  pool = pool.subarray(NONCE);
  return nonce;
}

function encrypt(key: SealingKey, plain: string | Uint8Array, nonce: Uint8Array, bound?: Buffer): Buffer {
  const cipher = createCipheriv('aes-256-gcm', key.cipher, nonce, { authTagLength: TAG });
  if (bound) cipher.setAAD(bound);
  const body = typeof plain === 'string' ? cipher.update(plain, 'utf8') : cipher.update(plain);
  // GCM holds nothing back for the end.
  cipher.final();
  const sealed = Buffer.allocUnsafe(NONCE + TAG + body.length);
  sealed.set(nonce, 0);
  sealed.set(cipher.getAuthTag(), NONCE);
  sealed.set(body, NONCE + TAG);
  return sealed;
}

function decrypt(key: SealingKey, bytes: Buffer, bound?: Buffer): Buffer {
  if (bytes.length < NONCE + TAG) throw new Error('a sealed value is cut short');
  const decipher = createDecipheriv('aes-256-gcm', key.cipher, bytes.subarray(0, NONCE), { authTagLength: TAG });
  if (bound) decipher.setAAD(bound);
  decipher.setAuthTag(bytes.subarray(NONCE, NONCE + TAG));
  return Buffer.concat([decipher.update(bytes.subarray(NONCE + TAG)), decipher.final()]);
}
