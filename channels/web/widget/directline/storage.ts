/** What the widget remembers in the visitor's browser. Works on in memory when localStorage is full, forbidden or missing. */

export interface KeyValueStore {
  get(key: string): string | null;
  set(key: string, value: string): void;
  remove(key: string): void;
  /** All keys that begin with `prefix`. */
  keys(prefix: string): string[];
}

/** A store in memory: for tests, and for browsers that forbid localStorage. */
export function memoryStore(): KeyValueStore {
  const values = new Map<string, string>();
  return {
    get: (key) => values.get(key) ?? null,
    set: (key, value) => void values.set(key, value),
    remove: (key) => void values.delete(key),
    keys: (prefix) => [...values.keys()].filter((key) => key.startsWith(prefix)),
  };
}

/** localStorage where it works, memory for what it refuses. Every key gets `prefix`. Never throws. */
export function browserStore(prefix: string): KeyValueStore {
  const fallback = memoryStore();
  const guarded = <T>(work: (storage: Storage) => T, otherwise: () => T): T => {
    try {
      return work(localStorage);
    } catch {
      return otherwise();
    }
  };
  return {
    get: (key) =>
      fallback.get(key) ??
      guarded(
        (storage) => storage.getItem(prefix + key),
        () => null,
      ),
    set: (key, value) =>
      guarded(
        (storage) => storage.setItem(prefix + key, value),
        () => fallback.set(key, value),
      ),
    remove: (key) => {
      fallback.remove(key);
      guarded(
        (storage) => storage.removeItem(prefix + key),
        () => undefined,
      );
    },
    keys: (start) => {
      const stored = guarded(
        (storage) =>
          Object.keys(storage)
            .filter((key) => key.startsWith(prefix + start))
            .map((key) => key.slice(prefix.length)),
        () => [],
      );
      return [...new Set([...stored, ...fallback.keys(start)])];
    },
  };
}

/** Reads a JSON value; anything unreadable counts as absent. */
export function readJson<T>(store: KeyValueStore, key: string): T | undefined {
  const text = store.get(key);
  if (text === null) return undefined;
  try {
    return JSON.parse(text) as T;
  } catch {
    return undefined;
  }
}
