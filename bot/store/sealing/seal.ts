/**
 * Sealed text: AES-256-GCM in an envelope that names its key.
 *   wbs1.<key id>.<base64url: 12 bytes nonce, 16 bytes tag, ciphertext>   a fresh nonce each time
 *   wbl1.<key id>.<the same>   for looking up: the nonce is an HMAC of the text, so equal texts give equal envelopes
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
const envelope = /^wb[sl]1\.([\w-]{1,32})\.([\w-]+)$/;

/** Whether a value is an envelope: only then is there anything to open. */
export const isSealed = (value: unknown): value is string =>
  typeof value === 'string' && (value.startsWith('wbs1.') || value.startsWith('wbl1.'));

/** The purposes' keys from one secret of 32 bytes. */
export function sealingKey(id: string, secret: Uint8Array): SealingKey {
  const derived = (purpose: string) => Buffer.from(hkdfSync('sha256', secret, 'wenban', purpose, 32));
  return { id, cipher: derived('cipher'), nonce: derived('nonce') };
}

/** Seals a text; nobody without the key learns more than its length. */
export const seal = (key: SealingKey, text: string): string =>
  `wbs1.${key.id}.${encrypt(key, text, randomBytes(NONCE)).toString('base64url')}`;

/** Seals a text so that it can be looked up: who holds the table sees which rows hold the same, and nothing else. */
export function sealForLookup(key: SealingKey, text: string): string {
  const nonce = createHmac('sha256', key.nonce).update(text).digest().subarray(0, NONCE);
  return `wbl1.${key.id}.${encrypt(key, text, nonce).toString('base64url')}`;
}

/** The id of the key an envelope was sealed with; undefined for what is none. */
export const keyIdOf = (sealed: string): string | undefined => envelope.exec(sealed)?.[1];

/** The text in an envelope. Throws when it was changed or sealed with another key. */
export function unseal(key: SealingKey, sealed: string): string {
  const bytes = Buffer.from(envelope.exec(sealed)?.[2] ?? '', 'base64url');
  return decrypt(key, bytes).toString('utf8');
}

/** The same for bytes, such as files: nonce, tag, ciphertext. */
export const sealBytes = (key: SealingKey, plain: Uint8Array): Buffer => encrypt(key, plain, randomBytes(NONCE));
export const unsealBytes = (key: SealingKey, sealed: Uint8Array): Buffer => decrypt(key, Buffer.from(sealed));

function encrypt(key: SealingKey, plain: string | Uint8Array, nonce: Uint8Array): Buffer {
  const cipher = createCipheriv('aes-256-gcm', key.cipher, nonce, { authTagLength: TAG });
  const body = Buffer.concat([typeof plain === 'string' ? cipher.update(plain, 'utf8') : cipher.update(plain), cipher.final()]);
  return Buffer.concat([nonce, cipher.getAuthTag(), body]);
}

function decrypt(key: SealingKey, bytes: Buffer): Buffer {
  if (bytes.length < NONCE + TAG) throw new Error('a sealed value is cut short');
  const decipher = createDecipheriv('aes-256-gcm', key.cipher, bytes.subarray(0, NONCE), { authTagLength: TAG });
  decipher.setAuthTag(bytes.subarray(NONCE, NONCE + TAG));
  return Buffer.concat([decipher.update(bytes.subarray(NONCE + TAG)), decipher.final()]);
}
