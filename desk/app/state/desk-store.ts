/** The state of the desk in one place, and everything an agent can do to it. */

import { readNotes } from './assist.ts';
import type { Answer, DeskClient } from './client.ts';
import { type DeskAction, newMessageId, RUNNING_MS, signedOutState, TOAST_MS, TYPING_SHOWN_MS } from './initial.ts';
import { startLive } from './live.ts';
import { forgetConversation, keepReadSeq, keepSound, keepUnsent, readSeqOf, soundOn, unsentIds, unsentOf } from './memory.ts';
import { Outbox } from './outbox.ts';
import { screenOf, screensOf } from './screens.ts';
import { chime } from './sound.ts';
import { decline, isSupervisor, noticeSeen, readNotices, readRunning, readSettings, takeOver } from './supervise.ts';
import { newThread, unreadOf, withActivities, withInfo } from './threads.ts';
import type {
  ActiveItem,
  ConversationInfo,
  DeskSettings,
  DeskState,
  LoggedActivity,
  Me,
  Outgoing,
  QueueItem,
  Thread,
  Toast,
} from './types.ts';

export type { DeskAction } from './initial.ts';

export class DeskStore {
  readonly client: DeskClient;
  state: DeskState = { ...signedOutState, phase: 'starting', screen: 'desk', connection: 'polling', toasts: [], sound: soundOn() };
  readonly #listeners = new Set<() => void>();
  readonly #reading = new Map<string, Promise<void>>();
  readonly #outbox: Outbox;
  #stopLive: (() => void) | undefined;
  #toasts = 0;
  #runningTimer: ReturnType<typeof setTimeout> | undefined;

  constructor(client: DeskClient) {
    this.client = client;
    this.#outbox = new Outbox({
      outgoingOf: (id) => this.#thread(id).outgoing,
      setOutgoing: (id, outgoing) => {
        this.#patch(id, { outgoing });
        keepUnsent(id, outgoing);
      },
      post: (id, message, file) => this.#post(id, message, file),
      delivered: (id) => this.#readLog(id),
      refused: (id, answer, message) => this.#refusedMessage(id, answer, message),
    });
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
    await Promise.all([this.#readInfo(id), this.#readLog(id), this.readNotes(id)]);
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

  /** Sends words or a file to the citizen; they show at once, stay while the line is down, and go out once. */
  async send(id: string, text: string, more: { draft?: Outgoing['draft']; file?: File } = {}): Promise<void> {
    const message = { messageId: newMessageId(), text, ...(more.draft && { draft: more.draft }) };
    await this.#outbox.send(id, message, more.file);
  }

  retry(id: string, messageId: string): Promise<void> {
    return this.#outbox.retry(id, messageId);
  }

  /** Throws an unsent message away. */
  discard(id: string, messageId: string): void {
    this.#outbox.discard(id, messageId);
  }

  /** A supervisor takes a conversation over. */
  async takeOver(id: string, note: string): Promise<void> {
    await this.#act(id, async () => {
      const answer = await takeOver(this.client, id, note);
      if (answer.ok) this.toast('info', '已接管，市民和原来的座席都会收到通知');
      else this.#refused(answer);
      await Promise.all([this.#readLists(), this.select(id)]);
    });
  }

  /** Says no to an offer, or takes one's own offer back. */
  async decline(id: string): Promise<void> {
    await this.#act(id, async () => {
      const answer = await decline(this.client, id);
      if (!answer.ok) this.#refused(answer);
      await Promise.all([this.#readLists(), this.#readInfo(id)]);
    });
  }

  /** The supervisor looks at everything that runs, or stops looking. */
  async watchRunning(on: boolean): Promise<void> {
    if (!on) return this.#set({ running: null });
    const answer = await readRunning(this.client);
    if (answer.ok) this.#set({ running: answer.value });
    else this.#refused(answer);
  }

  /** The person has seen what they had to be told; `open`: and goes there. */
  async seen(noticeId: number, open?: string): Promise<void> {
    this.#set({ notices: this.state.notices.filter(({ id }) => id !== noticeId) });
    await noticeSeen(this.client, noticeId);
    if (open !== undefined) await this.select(open);
  }

  setSettings(settings: DeskSettings): void {
    this.#set({ settings });
  }

  /** Notes of colleagues on a conversation are read anew. */
  async readNotes(id: string): Promise<void> {
    const answer = await readNotes(this.client, id);
    if (answer.ok) this.#patch(id, { notes: answer.value });
  }

  async typing(id: string): Promise<void> {
    await this.client.post(`/conversations/${encodeURIComponent(id)}/typing`);
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
      noted: (id) => void this.#noted(id),
      told: () => void this.#readNotices(),
      connected: (live) => {
        this.#set({ connection: live ? 'live' : 'polling' });
        if (live) this.#outbox.wake();
      },
    });
    void readSettings(this.client).then((answer) => answer.ok && this.#set({ settings: answer.value }));
    void this.#refresh();
    // what was written before the page was loaded anew
    for (const id of unsentIds()) void this.#outbox.flush(this.#thread(id).id);
  }

  #leave(): void {
    this.#stopLive?.();
    this.#stopLive = undefined;
    this.#set({ ...signedOutState, phase: 'login' });
  }

  async #refresh(): Promise<void> {
    await Promise.all([this.#readLists(), this.#readNotices(), ...(this.state.running === null ? [] : [this.watchRunning(true)])]);
    const { selected, mine } = this.state;
    const wanted = new Set(
      mine
        .filter((item) => (this.state.threads.get(item.conversationId)?.watermark ?? 0) < item.lastSeq)
        .map((item) => item.conversationId),
    );
    if (selected !== null) wanted.add(selected);
    const open = selected === null ? [] : [this.#readInfo(selected), this.readNotes(selected)];
    await Promise.all([...[...wanted].map((id) => this.#readLog(id)), ...open]);
  }

  async #readLists(): Promise<void> {
    const [queue, mine] = await Promise.all([this.client.get<QueueItem[]>('/queue'), this.client.get<ActiveItem[]>('/mine')]);
    if (this.#signedOut(queue) || this.#signedOut(mine)) return;
    if (!queue.ok || !mine.ok) {
      if ((!queue.ok && queue.status === 0) || (!mine.ok && mine.status === 0)) this.#set({ connection: 'offline' });
      return;
    }
    this.#outbox.wake();
    const known = new Set(this.state.queue.map((item) => item.conversationId));
    const newcomers = queue.value.some((item) => !known.has(item.conversationId));
    this.#set({ queue: queue.value, mine: mine.value, ...(this.state.connection === 'offline' ? { connection: 'polling' as const } : {}) });
    if (newcomers && this.state.sound) chime();
  }

  async #readInfo(id: string): Promise<void> {
    const answer = await this.client.get<ConversationInfo>(`/conversations/${encodeURIComponent(id)}`);
    if (answer.ok) this.#patch(id, withInfo(this.#thread(id), answer.value));
    else if (!this.#signedOut(answer)) this.#lost(id, answer);
  }

  /** Nothing of a conversation that was taken over stays on the screen. */
  #lost(id: string, answer: Answer<unknown> & { ok: false }): void {
    const nothing = answer.code === 'taken_over' ? { info: null, activities: [], notes: [] } : {};
    this.#patch(id, { ...nothing, problem: answer.message });
  }

  async #noted(id: string): Promise<void> {
    if (this.state.selected === id || this.state.mine.some((item) => item.conversationId === id)) await this.readNotes(id);
  }

  async #readNotices(): Promise<void> {
    const answer = await readNotices(this.client);
    if (!answer.ok) return;
    const known = new Set(this.state.notices.map(({ id }) => id));
    const fresh = answer.value.filter(({ id }) => !known.has(id));
    if (fresh.length > 0 || answer.value.length !== known.size) this.#set({ notices: answer.value });
    if (fresh.length > 0 && this.state.sound) chime();
    const taken = fresh.filter(({ kind }) => kind === 'taken_over').map(({ conversationId }) => conversationId);
    await Promise.all(taken.map((id) => this.#readInfo(id)));
  }

  /** Reads on from the watermark until the end; calls for one conversation run one after another. */
  #readLog(id: string): Promise<void> {
    const next = (this.#reading.get(id) ?? Promise.resolve()).then(async () => {
      for (let more = true; more && this.state.phase === 'desk'; ) {
        const { watermark } = this.#thread(id);
        const path = `/conversations/${encodeURIComponent(id)}/activities?watermark=${watermark}`;
        const answer = await this.client.get<{ activities: LoggedActivity[]; more: boolean }>(path);
        if (!answer.ok) return this.#signedOut(answer) ? undefined : this.#lost(id, answer);
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
    this.#runningGrew(id);
  }

  /** The supervisor's list shows last words: it is read anew, but not for every single word. */
  #runningGrew(id: string): void {
    if (!isSupervisor(this.state.me) || !this.state.running?.some((item) => item.conversationId === id)) return;
    this.#runningTimer ??= setTimeout(() => {
      this.#runningTimer = undefined;
      if (this.state.running !== null) void this.watchRunning(true);
    }, RUNNING_MS);
  }

  #citizenTyping(id: string): void {
    if (!this.state.threads.has(id)) return;
    this.#patch(id, { typingUntil: Date.now() + TYPING_SHOWN_MS });
    setTimeout(() => this.#patch(id, {}), TYPING_SHOWN_MS + 50);
  }

  #post(id: string, { text, messageId, draft }: Outgoing, file: File | undefined): Promise<Answer<unknown>> {
    const path = `/conversations/${encodeURIComponent(id)}`;
    if (file === undefined) return this.client.post(`${path}/activities`, { text, messageId, ...(draft && { draft }) });
    return this.client.upload(`${path}/files?${new URLSearchParams({ name: file.name, messageId })}`, file);
  }

  #refusedMessage(id: string, answer: Answer<unknown> & { ok: false }, { text }: Outgoing): void {
    if (this.#signedOut(answer)) return;
    if (this.state.selected !== id) this.toast('problem', `没有发出：${answer.message}${text === '' ? '' : `（“${text.slice(0, 40)}”）`}`);
    if (answer.status === 409) void Promise.all([this.#readLists(), this.#readInfo(id)]);
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

  #set(patch: Partial<DeskState>): void {
    this.state = { ...this.state, ...patch };
    for (const listener of this.#listeners) listener();
  }
}
