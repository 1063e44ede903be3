/** The state of the desk in one place, and everything an agent can do to it. */
import type { Answer, DeskClient } from './client.ts';
import { startLive } from './live.ts';
import { forgetConversation, keepReadSeq, keepSound, keepUnsent, readSeqOf, soundOn, unsentOf } from './memory.ts';
import { screenOf, screensOf } from './screens.ts';
import { chime } from './sound.ts';
import { newThread, unreadOf, withActivities, withInfo } from './threads.ts';
import type { ActiveItem, ConversationInfo, DeskState, LoggedActivity, Me, Outgoing, QueueItem, Thread, Toast } from './types.ts';

const TYPING_SHOWN_MS = 6000;
const TOAST_MS = 6000;
type Target = { readonly skill: string } | { readonly user: string };
export type DeskAction =
  | { readonly kind: 'release' }
  | { readonly kind: 'transfer'; readonly target: Target; readonly note: string }
  | { readonly kind: 'close'; readonly wrapUp: string };

const signedOutState = {
  me: null,
  queue: [],
  mine: [],
  selected: null,
  threads: new Map<string, Thread>(),
  busy: new Set<string>(),
} as const;

export class DeskStore {
  readonly client: DeskClient;
  state: DeskState = { ...signedOutState, phase: 'starting', screen: 'desk', connection: 'polling', toasts: [], sound: soundOn() };
  readonly #listeners = new Set<() => void>();
  readonly #reading = new Map<string, Promise<void>>();
  #stopLive: (() => void) | undefined;
  #toasts = 0;

  constructor(client: DeskClient) {
    this.client = client;
  }

  subscribe(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** Looks who is signed in and opens the desk or the login. */
  async start(): Promise<void> {
    const me = await this.client.get<Me>('/me');
    if (me.ok) return this.#enter(me.value);
    if (me.status === 401) return this.#set({ phase: 'login' });
    this.#set({ connection: 'offline' });
    setTimeout(() => void this.start(), 3000);
  }

  /** Returns what went wrong, in words; undefined when signed in. */
  async login(name: string, password: string): Promise<string | undefined> {
    const answer = await this.client.post('/login', { name, password });
    if (!answer.ok) return answer.message;
    await this.start();
    return undefined;
  }

  async logout(): Promise<void> {
    await this.client.post('/logout');
    this.#leave();
  }

  /** Opens a conversation in the middle of the screen. */
  async select(id: string | null): Promise<void> {
    this.#set({ selected: id });
    if (id === null) return;
    this.#thread(id);
    this.markRead(id);
    await Promise.all([this.#readInfo(id), this.#readLog(id)]);
  }

  /** The agent looks at the conversation: nothing in it is unread. */
  markRead(id: string): void {
    const thread = this.state.threads.get(id);
    if (thread === undefined || document.hidden || thread.readSeq >= thread.watermark) return;
    this.#patch(id, { readSeq: thread.watermark });
    keepReadSeq(id, thread.watermark);
  }

  async claim(id: string): Promise<void> {
    await this.#act(id, async () => {
      const answer = await this.client.post(`/conversations/${encodeURIComponent(id)}/claim`);
      if (!answer.ok) this.#refused(answer);
      await Promise.all([this.#readLists(), this.select(id)]);
    });
  }

  /** Gives back, passes on or closes. Returns whether it was done. */
  async settle(id: string, action: DeskAction): Promise<boolean> {
    const body =
      action.kind === 'transfer'
        ? { ...action.target, note: action.note }
        : action.kind === 'close' && action.wrapUp !== ''
          ? { wrapUp: action.wrapUp }
          : {};
    let done = false;
    await this.#act(id, async () => {
      const answer = await this.client.post(`/conversations/${encodeURIComponent(id)}/${action.kind}`, body);
      done = answer.ok;
      if (answer.ok) {
        forgetConversation(id);
        this.toast('info', { release: '已交回智能助手', transfer: '已转接', close: '服务已结束' }[action.kind]);
      } else this.#refused(answer);
      await Promise.all([this.#readLists(), this.#readInfo(id), this.#readLog(id)]);
    });
    return done;
  }

  /** Sends words to the citizen; they show at once and stay, with a way to try again, when sending fails. */
  async send(id: string, text: string): Promise<void> {
    const message: Outgoing = { messageId: newMessageId(), text, state: 'sending' };
    this.#setOutgoing(id, [...this.#thread(id).outgoing, message]);
    await this.#deliver(id, message);
  }

  async retry(id: string, messageId: string): Promise<void> {
    const message = this.#thread(id).outgoing.find((candidate) => candidate.messageId === messageId);
    if (message === undefined || message.state === 'sending') return;
    this.#replaceOutgoing(id, messageId, { messageId, text: message.text, state: 'sending' });
    await this.#deliver(id, message);
  }

  /** Throws an unsent message away. */
  discard(id: string, messageId: string): void {
    this.#setOutgoing(
      id,
      this.#thread(id).outgoing.filter((message) => message.messageId !== messageId),
    );
  }

  async typing(id: string): Promise<void> {
    await this.client.post(`/conversations/${encodeURIComponent(id)}/typing`);
  }

  async colleagues(): Promise<{ agents: string[]; skills: string[] }> {
    const answer = await this.client.get<{ agents: string[]; skills: string[] }>('/colleagues');
    return answer.ok ? answer.value : { agents: [], skills: ['general'] };
  }

  /** The address changed: shows the screen it names. */
  showScreen(): void {
    if (this.state.me === null) return;
    const screen = screenOf(this.state.me.role, location.hash);
    if (screen !== this.state.screen) this.#set({ screen });
  }

  setSound(on: boolean): void {
    keepSound(on);
    this.#set({ sound: on });
    if (on) chime();
  }

  toast(tone: Toast['tone'], text: string): void {
    const id = ++this.#toasts;
    this.#set({ toasts: [...this.state.toasts.slice(-2), { id, tone, text }] });
    setTimeout(() => this.dismiss(id), TOAST_MS);
  }

  dismiss(id: number): void {
    this.#set({ toasts: this.state.toasts.filter((toast) => toast.id !== id) });
  }

  #enter(me: Me): void {
    this.#set({ me, phase: 'desk', screen: screenOf(me.role, location.hash) });
    const mayAnswer = screensOf(me.role).some(({ id }) => id === 'desk');
    if (!mayAnswer || this.#stopLive !== undefined) return;
    this.#stopLive = startLive({
      refresh: () => void this.#refresh(),
      appended: (id, seq) => void this.#appended(id, seq),
      typing: (id) => this.#citizenTyping(id),
      connected: (live) => this.#set({ connection: live ? 'live' : 'polling' }),
    });
    void this.#refresh();
  }

  #leave(): void {
    this.#stopLive?.();
    this.#stopLive = undefined;
    this.#set({ ...signedOutState, phase: 'login' });
  }

  async #refresh(): Promise<void> {
    await this.#readLists();
    const { selected, mine } = this.state;
    const wanted = new Set(
      mine
        .filter((item) => (this.state.threads.get(item.conversationId)?.watermark ?? 0) < item.lastSeq)
        .map((item) => item.conversationId),
    );
    if (selected !== null) wanted.add(selected);
    await Promise.all([...[...wanted].map((id) => this.#readLog(id)), ...(selected === null ? [] : [this.#readInfo(selected)])]);
  }

  async #readLists(): Promise<void> {
    const [queue, mine] = await Promise.all([this.client.get<QueueItem[]>('/queue'), this.client.get<ActiveItem[]>('/mine')]);
    if (this.#signedOut(queue) || this.#signedOut(mine)) return;
    if (!queue.ok || !mine.ok) {
      if ((!queue.ok && queue.status === 0) || (!mine.ok && mine.status === 0)) this.#set({ connection: 'offline' });
      return;
    }
    const known = new Set(this.state.queue.map((item) => item.conversationId));
    const newcomers = queue.value.some((item) => !known.has(item.conversationId));
    this.#set({ queue: queue.value, mine: mine.value, ...(this.state.connection === 'offline' ? { connection: 'polling' as const } : {}) });
    if (newcomers && this.state.sound) chime();
  }

  async #readInfo(id: string): Promise<void> {
    const answer = await this.client.get<ConversationInfo>(`/conversations/${encodeURIComponent(id)}`);
    if (answer.ok) this.#patch(id, withInfo(this.#thread(id), answer.value));
    else if (!this.#signedOut(answer)) this.#patch(id, { problem: answer.message });
  }

  /** Reads on from the watermark until the end; calls for one conversation run one after another. */
  #readLog(id: string): Promise<void> {
    const next = (this.#reading.get(id) ?? Promise.resolve()).then(async () => {
      for (let more = true; more && this.state.phase === 'desk'; ) {
        const { watermark } = this.#thread(id);
        const path = `/conversations/${encodeURIComponent(id)}/activities?watermark=${watermark}`;
        const answer = await this.client.get<{ activities: LoggedActivity[]; more: boolean }>(path);
        if (!answer.ok) return this.#signedOut(answer) ? undefined : this.#patch(id, { problem: answer.message });
        more = answer.value.more;
        this.#took(id, answer.value.activities);
      }
    });
    this.#reading.set(id, next);
    return next;
  }

  #took(id: string, activities: readonly LoggedActivity[]): void {
    const before = this.#thread(id);
    const after = withActivities(before, activities);
    if (after === before) return;
    this.#putThread(after);
    if (after.outgoing.length !== before.outgoing.length) keepUnsent(id, after.outgoing);
    const isMine = this.state.mine.some((item) => item.conversationId === id);
    if (isMine && before.watermark > 0 && unreadOf(after) > unreadOf(before) && this.state.sound) chime();
    if (this.state.selected === id) this.markRead(id);
  }

  async #appended(id: string, seq: number): Promise<void> {
    const known = this.state.threads.get(id);
    const wanted = this.state.selected === id || this.state.mine.some((item) => item.conversationId === id);
    if (wanted && (known?.watermark ?? 0) < seq) await this.#readLog(id);
  }

  #citizenTyping(id: string): void {
    if (!this.state.threads.has(id)) return;
    this.#patch(id, { typingUntil: Date.now() + TYPING_SHOWN_MS });
    setTimeout(() => this.#patch(id, {}), TYPING_SHOWN_MS + 50);
  }

  async #deliver(id: string, { messageId, text }: Outgoing): Promise<void> {
    const answer = await this.client.post<{ id: string }>(`/conversations/${encodeURIComponent(id)}/activities`, { text, messageId });
    if (answer.ok) return this.#readLog(id);
    this.#replaceOutgoing(id, messageId, { messageId, text, state: 'failed', error: answer.message });
    if (!this.#signedOut(answer) && answer.status === 409) await Promise.all([this.#readLists(), this.#readInfo(id)]);
  }

  async #act(id: string, work: () => Promise<void>): Promise<void> {
    if (this.state.busy.has(id)) return;
    this.#set({ busy: new Set([...this.state.busy, id]) });
    try {
      await work();
    } finally {
      this.#set({ busy: new Set([...this.state.busy].filter((other) => other !== id)) });
    }
  }

  #refused(answer: Answer<unknown> & { ok: false }): void {
    if (!this.#signedOut(answer)) this.toast('problem', answer.message);
  }

  /** A session that ended sends the agent to the login; drafts stay. */
  #signedOut(answer: Answer<unknown>): boolean {
    if (answer.ok || answer.status !== 401) return false;
    if (this.state.phase === 'desk') {
      this.#leave();
      this.toast('problem', '登录已过期，请重新登录。没发出的内容已为您保留。');
    }
    return true;
  }

  #thread(id: string): Thread {
    const known = this.state.threads.get(id);
    if (known !== undefined) return known;
    const fresh = newThread(id, readSeqOf(id), unsentOf(id));
    this.#putThread(fresh);
    return fresh;
  }

  #patch(id: string, patch: Partial<Thread>): void {
    if (this.state.phase === 'desk') this.#putThread({ ...this.#thread(id), ...patch });
  }

  #putThread(thread: Thread): void {
    this.#set({ threads: new Map(this.state.threads).set(thread.id, thread) });
  }

  #setOutgoing(id: string, outgoing: readonly Outgoing[]): void {
    this.#patch(id, { outgoing });
    keepUnsent(id, outgoing);
  }

  #replaceOutgoing(id: string, messageId: string, message: Outgoing): void {
    const { outgoing } = this.#thread(id);
    this.#setOutgoing(
      id,
      outgoing.map((candidate) => (candidate.messageId === messageId ? message : candidate)),
    );
  }

  #set(patch: Partial<DeskState>): void {
    this.state = { ...this.state, ...patch };
    for (const listener of this.#listeners) listener();
  }
}

/** `crypto.randomUUID` is missing on plain http inside an office network. */
function newMessageId(): string {
  return [...crypto.getRandomValues(new Uint8Array(16))].map((byte) => byte.toString(16).padStart(2, '0')).join('');
}
