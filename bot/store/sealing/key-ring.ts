/** The keys that personal data is sealed with: one seals, all open. From DATA_KEYS, or a file beside the database that is made at the first start. */
import { randomBytes } from 'node:crypto';
import { closeSync, fsyncSync, linkSync, openSync, readFileSync, renameSync, statSync, unlinkSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { isSealed, keyIdOf, type SealingKey, seal, sealBytes, sealedFile, sealForLookup, sealingKey, unseal, unsealBytes } from './seal.ts';

/** Id and secret (base64, 32 bytes) as they are written, the sealing one first; `lookup` is the one for columns that are searched. */
export type KeyTexts = readonly { readonly id: string; readonly secret: string }[];

/** The key of columns that are searched by equality keeps this id: it can't be changed while the server runs. */
const LOOKUP = 'lookup';
const FILE = 'data-keys';
/** A running server notices a key another process added at most so late. */
const REREAD_MS = 1000;

export type ParsedKeys = { readonly ok: true; readonly keys: KeyTexts } | { readonly ok: false; readonly problem: string };

/** Reads `id:base64` entries, separated by commas, spaces or lines. The problem never repeats a secret. */
export function parseKeys(text: string): ParsedKeys {
  const keys = text
    .split(/[\s,]+/)
    .filter(Boolean)
    .map((entry) => ({ id: entry.slice(0, entry.indexOf(':')), secret: entry.slice(entry.indexOf(':') + 1) }));
  if (keys.some(({ id, secret }) => !/^[\w-]{1,32}$/.test(id) || Buffer.from(secret, 'base64').length !== 32))
    return { ok: false, problem: 'write each key as NAME:BASE64 with 32 random bytes (openssl rand -base64 32)' };
  if (new Set(keys.map(({ id }) => id)).size !== keys.length) return { ok: false, problem: 'two keys have the same name' };
  if (!keys.some(({ id }) => id === LOOKUP)) return { ok: false, problem: `the key named ${LOOKUP} is missing` };
  if (keys.length < 2) return { ok: false, problem: `besides ${LOOKUP} a key is needed that seals` };
  return { ok: true, keys };
}

export class LostKeyError extends Error {
  override readonly name = 'LostKeyError';
  constructor(id: string) {
    super(
      `personal data is sealed with the key "${id}", which is not here: put back DATA_KEYS or the file ${FILE} of the data directory. ` +
        'Without it that data cannot be read by anybody.',
    );
  }
}

export class KeyRing {
  #keys: ReadonlyMap<string, SealingKey>;
  #current: SealingKey;
  #lookup: SealingKey;
  readonly #reread: (() => KeyTexts | undefined) | undefined;
  #readAt = 0;

  /** `reread` gives the keys again where they may change while we run; undefined: unchanged. */
  constructor(keys: KeyTexts, reread?: () => KeyTexts | undefined) {
    this.#reread = reread;
    [this.#keys, this.#current, this.#lookup] = this.#take(keys);
  }

  /** Name of the key that seals now. */
  get current(): string {
    this.#refresh(false);
    return this.#current.id;
  }

  seal(text: string): string {
    this.#refresh(false);
    return seal(this.#current, text);
  }

  sealForLookup(text: string): string {
    return sealForLookup(this.#lookup, text);
  }

  /** The text of an envelope; what has not its form comes back as it is. Throws LostKeyError, or what a changed envelope throws. */
  open(value: string): string {
    return isSealed(value) ? unseal(this.key(keyIdOf(value) ?? ''), value) : value;
  }

  /** Whether one of these keys sealed a value: what was only given the form of an envelope is not. */
  sealed(value: string): boolean {
    const key = isSealed(value) ? this.#keys.get(keyIdOf(value) ?? '') : undefined;
    if (key === undefined) return false;
    try {
      unseal(key, value);
      return true;
    } catch {
      return false;
    }
  }

  /** Seals the content of the file `id`. */
  sealBytes(id: string, plain: Uint8Array): Buffer {
    this.#refresh(false);
    return sealBytes(this.#current, id, plain);
  }

  /** The content of the sealed file `id`. Throws LostKeyError, or what a file that was changed or belongs elsewhere throws. */
  openBytes(id: string, sealed: Buffer): Buffer {
    return unsealBytes(this.key(sealedFile(sealed)?.keyId ?? ''), id, sealed);
  }

  /** The key of this name. Throws LostKeyError. */
  key(id: string): SealingKey {
    if (!this.#keys.has(id)) this.#refresh(true);
    const key = this.#keys.get(id);
    if (key === undefined) throw new LostKeyError(id);
    return key;
  }

  #refresh(now: boolean): void {
    if (this.#reread === undefined) return;
    const time = performance.now();
    if (!now && time - this.#readAt < REREAD_MS) return;
    this.#readAt = time;
    const keys = this.#reread();
    if (keys) [this.#keys, this.#current, this.#lookup] = this.#take(keys);
  }

  #take(keys: KeyTexts): [ReadonlyMap<string, SealingKey>, SealingKey, SealingKey] {
    const ring = new Map(keys.map(({ id, secret }) => [id, sealingKey(id, Buffer.from(secret, 'base64'))]));
    const current = [...ring.values()].find(({ id }) => id !== LOOKUP);
    const lookup = ring.get(LOOKUP);
    if (current === undefined || lookup === undefined) throw new Error('a key ring needs a sealing key and a lookup key');
    return [ring, current, lookup];
  }
}

const freshKey = (id: string) => ({ id, secret: randomBytes(32).toString('base64') });

/** The ring of the key file in `dataDir`, made (0600) when it is not there and `mayCreate`. Errors: an unreadable or broken file, in words. */
export function keyFileRing(dataDir: string, mayCreate: () => boolean): KeyRing {
  const file = join(dataDir, FILE);
  if (statSync(file, { throwIfNoEntry: false }) === undefined) {
    if (!mayCreate()) throw new LostKeyError(`of ${file}`);
    writeKeys(file, [freshKey('k1'), freshKey(LOOKUP)], true);
  }
  let changed = statSync(file).mtimeMs;
  return new KeyRing(readKeys(file), () => {
    const stat = statSync(file, { throwIfNoEntry: false });
    if (stat === undefined || stat.mtimeMs === changed) return undefined;
    changed = stat.mtimeMs;
    return readKeys(file);
  });
}

/** Puts a new sealing key in front of the file's keys; servers that run take it up within a second. Answers its name. */
export function addKeyToFile(dataDir: string): string {
  const file = join(dataDir, FILE);
  const keys = readKeys(file);
  const id = `k${Math.max(0, ...keys.map((one) => Number(/^k(\d+)$/.exec(one.id)?.[1] ?? 0))) + 1}`;
  writeKeys(file, [freshKey(id), ...keys], false);
  return id;
}

/** Takes keys nothing is sealed with any more out of the file. */
export function dropKeysFromFile(dataDir: string, ids: readonly string[]): void {
  const file = join(dataDir, FILE);
  const kept = readKeys(file).filter(({ id }) => !ids.includes(id));
  writeKeys(file, kept, false);
}

function readKeys(file: string): KeyTexts {
  const parsed = parseKeys(readFileSync(file, 'utf8'));
  if (!parsed.ok) throw new Error(`${file}: ${parsed.problem}`);
  return parsed.keys;
}

/** Writes the keys whole, then gives them their name: a reader sees all of them or none. `makeOnly`: another process's file stays as it is. */
function writeKeys(file: string, keys: KeyTexts, makeOnly: boolean): void {
  const made = `${file}.${process.pid}.new`;
  const handle = openSync(made, 'w', 0o600);
  writeSync(handle, keys.map(({ id, secret }) => `${id}:${secret}\n`).join(''));
  fsyncSync(handle);
  closeSync(handle);
  if (!makeOnly) {
    renameSync(made, file);
    return;
  }
  try {
    linkSync(made, file);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  } finally {
    unlinkSync(made);
  }
}
