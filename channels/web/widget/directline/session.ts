/** Which conversation this browser holds: opened once, kept over reloads, reopened by token or resume token. */
import { type DirectLineApi, DirectLineError, type Grant } from './api.ts';
import { type KeyValueStore, readJson } from './storage.ts';

export interface Session {
  conversationId: string;
  token: string;
  /** Milliseconds since 1970. */
  expiresAt: number;
  resumeToken?: string;
  streamUrl?: string;
}

export interface SessionOptions {
  readonly api: DirectLineApi;
  readonly store: KeyValueStore;
  readonly now: () => number;
  readonly newId: () => string;
  readonly locale: () => string;
  /** A token that the host's own server generated; anonymous tokens are asked for without it. */
  readonly userToken: string | undefined;
}

const KEY = 'session';
const USER_KEY = 'user';
const EXPIRY_MARGIN = 30_000;

export class SessionKeeper {
  readonly #options: SessionOptions;
  #session: Session | undefined;

  constructor(options: SessionOptions) {
    this.#options = options;
    this.#session = readSaved(options.store);
  }

  get current(): Session | undefined {
    return this.#session;
  }

  /** The citizen's id in this browser: random, made once. */
  get userId(): string {
    const { store, newId } = this.#options;
    const known = store.get(USER_KEY);
    if (known !== null) return known;
    const id = `dl_${newId()}`;
    store.set(USER_KEY, id);
    return id;
  }

  /**
   * Makes the session usable: a fresh token and stream address for the known conversation, or a new conversation.
   * Returns 'new' when the conversation is another one than before. Throws DirectLineError when neither works.
   */
  async open(watermark: string | undefined): Promise<'same' | 'new'> {
    const known = this.#session;
    if (known && (await this.#reopen(known, watermark))) return 'same';
    await this.#start();
    return 'new';
  }

  /** Renews the token before it expires. Throws DirectLineError. */
  async refresh(): Promise<void> {
    if (this.#session) this.#keep(await this.#options.api.refresh(this.#session.token));
  }

  /** Forgets the conversation; the next `open` starts another. */
  forget(): void {
    this.#session = undefined;
    this.#options.store.remove(KEY);
  }

  /** Forgets also who the citizen was: the next `open` is somebody else's. */
  forgetCitizen(): void {
    this.forget();
    this.#options.store.remove(USER_KEY);
  }

  async #reopen(known: Session, watermark: string | undefined): Promise<boolean> {
    const { api, now } = this.#options;
    try {
      if (known.expiresAt - EXPIRY_MARGIN > now()) {
        try {
          this.#keep(await api.reconnect(known.token, known.conversationId, watermark));
          return true;
        } catch (error) {
          if (!(error instanceof DirectLineError && error.unauthorised)) throw error;
        }
      }
      if (known.resumeToken === undefined) return this.#lost();
      const grant = await api.resume(known.resumeToken);
      this.#keep(grant);
      if (grant.streamUrl === undefined) this.#keep(await api.reconnect(grant.token, known.conversationId, watermark));
      return true;
    } catch (error) {
      if (error instanceof DirectLineError && !error.temporary) return this.#lost();
      throw error;
    }
  }

  #lost(): false {
    this.forget();
    return false;
  }

  async #start(): Promise<void> {
    const { api, userToken, locale } = this.#options;
    const generated = userToken === undefined ? await api.generate(this.userId, locale()) : undefined;
    const started = await api.start(generated?.token ?? userToken ?? '', this.userId, locale());
    const conversationId = started.conversationId ?? generated?.conversationId;
    if (conversationId === undefined) throw new DirectLineError(502, 'The server named no conversation');
    this.#keep({ ...generated, ...started, conversationId });
  }

  #keep(grant: Grant): void {
    const conversationId = grant.conversationId ?? this.#session?.conversationId;
    if (conversationId === undefined) return;
    const session: Session = {
      ...this.#session,
      conversationId,
      token: grant.token,
      expiresAt: this.#options.now() + grant.expires_in * 1000,
    };
    if (grant.resumeToken !== undefined) session.resumeToken = grant.resumeToken;
    if (grant.streamUrl !== undefined) session.streamUrl = grant.streamUrl;
    this.#session = session;
    this.#options.store.set(KEY, JSON.stringify(session));
  }
}

function readSaved(store: KeyValueStore): Session | undefined {
  const saved = readJson<Partial<Session>>(store, KEY);
  const whole = typeof saved?.conversationId === 'string' && typeof saved.token === 'string' && typeof saved.expiresAt === 'number';
  return whole ? (saved as Session) : undefined;
}
