/** Ids and codes nobody can guess. */
import { randomBytes, randomInt } from 'node:crypto';

/** Random bytes are fetched for so many ids at once: one by one they cost more than all else about an id. */
const idBytes = 16;
const idsAtOnce = 256;
let randomPool: Buffer = Buffer.alloc(0);
let taken = 0;

/** 128 random bits in 22 URL-safe characters. */
export const newId = (): string => {
  if (taken === randomPool.length) [randomPool, taken] = [randomBytes(idBytes * idsAtOnce), 0];
  const id = randomPool.toString('base64url', taken, taken + idBytes);
  // Nothing stays in memory that an id could be read from.
  randomPool.fill(0, taken, taken + idBytes);
  taken += idBytes;
  return id;
};

/** Eight digits, as somebody tells them at a window. */
export const newWindowCode = (): string => String(randomInt(100_000_000)).padStart(8, '0');
