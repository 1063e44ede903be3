/** Staff passwords: scrypt with a salt each, stored as `scrypt$1$log2N$r$p$salt$hash` so that the cost can grow later. */
import { randomBytes, type ScryptOptions, scrypt, timingSafeEqual } from 'node:crypto';

/** OWASP password storage advice for scrypt: at least N=2^15 with r=8 and p=3, or N=2^17 with p=1; 2^15 × 3 needs 32 MB. */
const cost = { log2N: 15, r: 8, p: 3 } as const;
const KEY_LENGTH = 32;

/** What is wrong with a new password, in a sentence; undefined when it may be used. */
export function passwordProblem(password: string): string | undefined {
  if ([...password].length < 8) return '密码至少 8 个字符';
  if (password.length > 256) return '密码不超过 256 个字符';
  if (password.includes('\u0000')) return '密码里有不能使用的字符';
  return undefined;
}

/** Hashes a password for the staff table. A lower `log2N` is for tests only. */
export async function hashPassword(password: string, { log2N = cost.log2N }: { log2N?: number } = {}): Promise<string> {
  const salt = randomBytes(16);
  const hash = await derive(password, salt, { ...cost, log2N });
  return ['scrypt', '1', log2N, cost.r, cost.p, salt.toString('base64url'), hash.toString('base64url')].join('$');
}

/** Whether the password belongs to the stored hash, compared in constant time. A hash of unknown form matches nothing. */
export async function verifyPassword(password: string, stored: string): Promise<boolean> {
  const [scheme, version, log2N, r, p, salt, hash] = stored.split('$');
  if (scheme !== 'scrypt' || version !== '1' || salt === undefined || hash === undefined) return false;
  const expected = Buffer.from(hash, 'base64url');
  const settings = { log2N: Number(log2N), r: Number(r), p: Number(p) };
  // a broken row must not make the server allocate gigabytes
  if (!(settings.log2N >= 1 && settings.log2N <= 20 && settings.r >= 1 && settings.r <= 32 && settings.p >= 1 && settings.p <= 16))
    return false;
  const actual = await derive(password, Buffer.from(salt, 'base64url'), settings);
  return actual.length === expected.length && timingSafeEqual(actual, expected);
}

function derive(password: string, salt: Buffer, { log2N, r, p }: { log2N: number; r: number; p: number }): Promise<Buffer> {
  const N = 2 ** log2N;
  const options: ScryptOptions = { N, r, p, maxmem: 256 * N * r };
  return new Promise((resolve, reject) => {
    scrypt(password.normalize('NFKC'), salt, KEY_LENGTH, options, (error, key) => (error ? reject(error) : resolve(key)));
  });
}
