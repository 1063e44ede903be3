/**
 * What the citizen has sent and the server has not acknowledged yet. Kept in the browser until then, sent in order,
 * repeated under the same clientActivityID (the server takes a repeated one for the same message).
 */
import type { Activity } from '../../../../bot/activity.ts';
import { DirectLineError } from './api.ts';
import { backoff } from './backoff.ts';
import { type KeyValueStore, readJson } from './storage.ts';

export type OutboxStatus = 'waiting' | 'sending' | 'sent' | 'failed';

export interface OutboxItem {
  /** The clientActivityID. */
  readonly id: string;
  readonly createdAt: number;
  readonly activity: Activity;
  readonly status: OutboxStatus;
  /** HTTP status of a refusal, when failed. */
  readonly failure?: number;
  /** An upload; lives in memory only, so it is not sent again after a reload. */
  readonly file?: File;
}

export interface OutboxOptions {
  readonly store: KeyValueStore;
  readonly random: () => number;
  readonly post: (item: OutboxItem) => Promise<unknown>;
  /** The token was refused: the connection should renew it. */
  readonly onUnauthorised: () => void;
  readonly onChange: (items: readonly OutboxItem[]) => void;
}

const PREFIX = 'out:';
const MAX_REFUSALS = 3;

export class Outbox {
  readonly #options: OutboxOptions;
  #items: readonly OutboxItem[];
  #online = false;
  #busy = false;
  #attempts = 0;
  #refusals = 0;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(options: OutboxOptions) {
    this.#options = options;
    this.#items = load(options.store);
  }

  get items(): readonly OutboxItem[] {
    return this.#items;
  }

  /** Sends begin when the connection stands, and wait while it does not. */
  setOnline(online: boolean): void {
    this.#online = online;
    if (online) void this.#pump();
    else clearTimeout(this.#timer);
  }

  add(item: OutboxItem): void {
    if (!item.file) this.#options.store.set(PREFIX + item.id, JSON.stringify(item));
    this.#set([...this.#items, item]);
    void this.#pump();
  }

  /** Tries a refused item again. */
  retry(id: string): void {
    this.#change(id, 'waiting');
    void this.#pump();
  }

  /** Drops an item: its echo stands in the log, or the citizen gave it up. */
  remove(id: string): void {
    if (!this.#items.some((item) => item.id === id)) return;
    this.#options.store.remove(PREFIX + id);
    this.#set(this.#items.filter((item) => item.id !== id));
  }

  clear(): void {
    for (const item of this.#items) this.#options.store.remove(PREFIX + item.id);
    this.#set([]);
  }

  async #pump(): Promise<void> {
    clearTimeout(this.#timer);
    const next = this.#items.find((item) => item.status === 'waiting');
    if (this.#busy || !this.#online || !next) return;
    this.#busy = true;
    this.#change(next.id, 'sending');
    const pause = await this.#send(next);
    this.#busy = false;
    if (pause === 0) void this.#pump();
    else if (this.#online) this.#timer = setTimeout(() => void this.#pump(), pause);
  }

  /** Returns how long to wait before the next one. */
  async #send(item: OutboxItem): Promise<number> {
    try {
      await this.#options.post(item);
      this.#attempts = 0;
      this.#refusals = 0;
      this.#options.store.remove(PREFIX + item.id);
      this.#change(item.id, 'sent');
      return 0;
    } catch (error) {
      const failure = error instanceof DirectLineError ? error : new DirectLineError(0, String(error));
      if (failure.unauthorised && ++this.#refusals <= MAX_REFUSALS) {
        this.#change(item.id, 'waiting');
        this.#online = false;
        this.#options.onUnauthorised();
        return 1;
      }
      if (failure.temporary) {
        this.#change(item.id, 'waiting');
        return failure.retryAfter ?? backoff(this.#attempts++, this.#options.random);
      }
      this.#refusals = 0;
      this.#change(item.id, 'failed', failure.status);
      return 0;
    }
  }

  #change(id: string, status: OutboxStatus, failure?: number): void {
    this.#set(
      this.#items.map((item) => {
        if (item.id !== id) return item;
        const { failure: _old, ...rest } = item;
        return failure === undefined ? { ...rest, status } : { ...rest, status, failure };
      }),
    );
  }

  #set(items: readonly OutboxItem[]): void {
    this.#items = items;
    this.#options.onChange(items);
  }
}

function load(store: KeyValueStore): OutboxItem[] {
  return store
    .keys(PREFIX)
    .flatMap((key) => readJson<OutboxItem>(store, key) ?? [])
    .filter((item) => typeof item.id === 'string' && typeof item.activity === 'object')
    .map((item): OutboxItem => ({ ...item, status: 'waiting' }))
    .sort((a, b) => a.createdAt - b.createdAt);
}
