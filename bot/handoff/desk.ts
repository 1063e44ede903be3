/** The desk where people take over: queue, claim, answer, give back, pass on, close. No HTTP here. */
import { EventEmitter } from 'node:events';
import type { Activity, Attachment, ChannelAccount, LoggedActivity } from '../activity.ts';
import type { ConversationLog } from '../log.ts';
import { mayInvite } from '../ratings/invite.ts';
import { toLogged } from '../store/activities.ts';
import { findConversation, updateConversation } from '../store/conversations.ts';
import type { Db, OpenDatabase } from '../store/database.ts';
import { activeHandoffsOf, claimHandoff, type Handoff, handoffsPassedBefore, openHandoffOf, waitingHandoffs } from '../store/handoffs.ts';
import { addNote, type Note } from '../store/notes.ts';
import { tellStaff } from '../store/staff-notices.ts';
import { noteAssigned } from '../store/staff-profiles.ts';
import { defaultAssistant, notice, ratingRequest, statusEvent, waitingEvent } from './events.ts';
import { leaveHandoff } from './leave.ts';
import {
  accept,
  type Change,
  decline,
  giveBack,
  type Hands,
  mayHold,
  offer,
  type TransferOutcome,
  type TransferTarget,
  takeOver,
} from './passing.ts';
import { waitingPlaces } from './places.ts';
import { type ActiveEntry, activeEntry, type QueueEntry, queueEntry, withConversations } from './queue.ts';
import { lockConversation, settleActive } from './settle.ts';
import { PlaceTeller } from './telling.ts';
import { type HandoffWords, handoffWords } from './words.ts';

export { ON_DUTY_MS } from './places.ts';

export interface HandoffDeskOptions {
  readonly database: OpenDatabase;
  readonly log: ConversationLog;
  readonly now: () => number;
  readonly newId: () => string;
  /** Who speaks the fixed sentences; default 问办助手. */
  readonly assistant?: ChannelAccount;
  /** The name citizens see for an agent's account name; default: the account name. */
  readonly agentName?: (db: Db, agent: string) => Promise<string>;
  /** Hears of a failure to tell waiting citizens their place; the action that moved the queue has succeeded by then. */
  readonly onError?: (error: unknown) => void;
}

export type Claimed = 'claimed' | 'taken' | 'not_waiting';
export type SayOutcome = { readonly activity: LoggedActivity; readonly duplicate: boolean } | 'not_yours';
/** What happens behind the citizen's back: somebody must be told something · a colleague left a note. */
export type DeskNews = { readonly kind: 'told'; readonly staff: string } | { readonly kind: 'note'; readonly conversationId: string };

/** Words for the citizen, with files if there are any. */
export interface SaidMessage {
  readonly text: string;
  /** Made by the client: said twice, it is said once. */
  readonly messageId: string;
  readonly attachments?: readonly Attachment[];
}

export class HandoffDesk {
  readonly #options: HandoffDeskOptions;
  readonly #assistant: ChannelAccount;
  readonly #changes = new EventEmitter().setMaxListeners(0);
  readonly #teller: PlaceTeller;

  constructor(options: HandoffDeskOptions) {
    this.#options = options;
    this.#assistant = options.assistant ?? defaultAssistant;
    this.#teller = new PlaceTeller({ ...options, assistant: this.#assistant });
  }

  /** Conversations that wait for a person, first to be taken first. */
  async queue(): Promise<QueueEntry[]> {
    const { db } = this.#options.database;
    const entries = await withConversations(db, await waitingHandoffs(db));
    return entries.map(({ handoff, place }) => queueEntry(handoff, place.channel));
  }

  /** Conversations this agent holds or is offered, oldest first. */
  async mine(agent: string): Promise<ActiveEntry[]> {
    const { db } = this.#options.database;
    const entries = await withConversations(db, await activeHandoffsOf(db, agent));
    return entries.map(({ handoff, place }) => activeEntry(handoff, place));
  }

  /**
   * Takes a waiting conversation, or accepts one that a colleague offers. Of many who try, one gets `claimed`; asking again for one's own is
   * `claimed` too.
   */
  async claim(conversationId: string, agent: string): Promise<Claimed> {
    return (await this.#change(conversationId, this.#claiming(conversationId, agent), { agent })) ?? 'not_waiting';
  }

  /**
   * Gives a waiting conversation to somebody who takes them as they come, unless their hands are full by now: of several processes that give
   * out at once none overfills them. Quiet: who gives out many calls `queueMoved` at the end, and the others hear their place once.
   */
  async assign(
    conversationId: string,
    { name, capacity }: { readonly name: string; readonly capacity: number },
  ): Promise<Claimed | 'full'> {
    const claiming = this.#claiming(conversationId, name);
    const decide: Decide<Claimed | 'full'> = async (tx, handoff, hands) => {
      // Also the lock: whoever else gives to the same person waits here until this is committed.
      await noteAssigned(tx, name, hands.now);
      return (await activeHandoffsOf(tx, name)).length >= capacity ? { result: 'full' } : claiming(tx, handoff, hands);
    };
    return (await this.#change(conversationId, decide, { agent: name, quietly: true })) ?? 'not_waiting';
  }

  #claiming(conversationId: string, agent: string): Decide<Claimed> {
    return async (tx, handoff, hands) => {
      if (await claimHandoff(tx, conversationId, agent, hands.now)) {
        const name = await hands.nameOf(tx, agent);
        const message = hands.words.joined(name);
        const joined = [statusEvent(this.#assistant, { state: 'accepted', agent: name, message }), notice(this.#assistant, message)];
        return { result: 'claimed' as const, mode: 'agent' as const, activities: joined };
      }
      if (handoff?.status !== 'active') return { result: 'not_waiting' as const };
      return { result: handoff.agent === agent ? ('claimed' as const) : ('taken' as const) };
    };
  }

  /**
   * The agent's words to the citizen. A second call with the same `messageId` appends nothing and returns the first's activity. Who answers a
   * conversation that is offered to them accepts it.
   */
  async say(conversationId: string, agent: string, message: SaidMessage): Promise<SayOutcome> {
    const id = `${conversationId}|agent-${message.messageId}`;
    const { database, log, now } = this.#options;
    let accepted = false;
    const outcome = await database.transaction(async (tx): Promise<SayOutcome> => {
      if (!(await lockConversation(tx, conversationId, now()))) return 'not_yours';
      const earlier = await loggedById(tx, id);
      if (earlier !== undefined) return { activity: earlier, duplicate: true };
      const handoff = await openHandoffOf(tx, conversationId);
      const conversation = await findConversation(tx, conversationId);
      if (conversation === undefined || !mayHold(handoff, agent)) return 'not_yours';
      const joining = await accept(tx, handoff, agent, this.#hands(handoff.language));
      accepted = joining !== undefined;
      const logged = await log.append(tx, conversation, [...(joining ?? []), await this.#said(tx, id, agent, message)]);
      const last = logged.at(-1);
      if (last === undefined) throw new Error('the log returned no activity for the agent message');
      return { activity: last, duplicate: false };
    });
    if (outcome !== 'not_yours' && !outcome.duplicate) log.announce(conversationId, outcome.activity.seq);
    if (accepted) await this.queueMoved();
    return outcome;
  }

  async #said(tx: Db, id: string, agent: string, { text, attachments = [] }: SaidMessage): Promise<Activity> {
    return {
      type: 'message',
      id,
      from: { id: 'agent', name: await this.#nameOf(tx, agent), role: 'bot' },
      text,
      textFormat: 'plain',
      ...(attachments.length > 0 && { attachments: [...attachments] }),
      inputHint: 'acceptingInput',
      channelData: { origin: 'human' },
    };
  }

  /** Whether the agent has the conversation, or need only act to have it. */
  async holds(conversationId: string, agent: string): Promise<boolean> {
    return mayHold(await openHandoffOf(this.#options.database.db, conversationId), agent);
  }

  /** Shows the citizen that the person is writing; never stored. */
  async typing(conversationId: string, agent: string): Promise<boolean> {
    const { db } = this.#options.database;
    if (!mayHold(await openHandoffOf(db, conversationId), agent)) return false;
    const name = await this.#nameOf(db, agent);
    this.#options.log.transient(conversationId, { type: 'typing', from: { id: 'agent', name, role: 'bot' } });
    return true;
  }

  /** Gives the conversation back to the bot. */
  async release(conversationId: string, agent: string): Promise<'released' | 'not_yours'> {
    const decide: Decide<'released' | 'not_yours'> = async (tx, handoff, { words, now }) => {
      if (!(await this.#settle(tx, handoff, agent, { status: 'released', closed_at: now }))) return { result: 'not_yours' };
      const message = words.released;
      const told = [statusEvent(this.#assistant, { state: 'released', message }), notice(this.#assistant, message)];
      return { result: 'released', mode: 'bot', activities: told };
    };
    return (await this.#change(conversationId, decide, { agent })) ?? 'not_yours';
  }

  /**
   * Passes the conversation on: to a skill (back to the queue, keeping its place by waiting time) or to a colleague on duty, who accepts by
   * `claim` or by answering. Until then the one who passes it on stays responsible (首问负责); `returnPassed` brings back what nobody took.
   */
  async transfer(conversationId: string, agent: string, target: TransferTarget, note: string): Promise<TransferOutcome> {
    const signed = note === '' ? `${agent} 转来` : `${agent} 转来：${note}`;
    const decide: Decide<TransferOutcome> = async (tx, handoff, hands) => {
      if (handoff?.status !== 'active' || handoff.agent !== agent) return { result: 'not_yours' };
      if ('user' in target) return offer(tx, handoff, target.user, signed, hands);
      const patch = { status: 'waiting' as const, agent: null, claimed_at: null, skill: target.skill, note: signed };
      const passed = { passed_by: agent, passed_at: hands.now, offered_to: null };
      if (!(await this.#settle(tx, handoff, agent, { ...patch, ...passed }))) return { result: 'not_yours' };
      const { event, message } = await this.#waitingEvent(tx, handoff, hands.words);
      return { result: 'transferred', mode: 'waiting', activities: [event, notice(this.#assistant, hands.words.passingOn + message)] };
    };
    return (await this.#change(conversationId, decide, { agent })) ?? 'not_yours';
  }

  /** Ends an offer: the colleague says no, or the owner takes it back. The owner keeps the conversation. */
  async decline(conversationId: string, by: string): Promise<'declined' | 'not_offered'> {
    const decide: Decide<'declined' | 'not_offered'> = async (tx, handoff) =>
      handoff === undefined ? { result: 'not_offered' } : decline(tx, handoff, by);
    return (await this.#change(conversationId, decide)) ?? 'not_offered';
  }

  /** A supervisor takes over what somebody else has in hand. Against the agent's own close or transfer exactly one of the two wins. */
  async takeOver(conversationId: string, by: string, why = ''): Promise<'taken_over' | 'yours' | 'not_active'> {
    return (await this.#change(conversationId, (tx, handoff, hands) => takeOver(tx, handoff, by, why, hands))) ?? 'not_active';
  }

  /** Brings back what was passed on before `before` (epoch milliseconds) and nobody accepted; returns how many conversations. */
  async returnPassed(before: number): Promise<number> {
    let returned = 0;
    for (const { conversationId } of await handoffsPassedBefore(this.#options.database.db, before)) {
      const decide: Decide<boolean> = async (tx, handoff, hands) =>
        handoff === undefined || (handoff.passedAt ?? Number.POSITIVE_INFINITY) > before ? { result: false } : giveBack(tx, handoff, hands);
      if (await this.#change(conversationId, decide, { quietly: true })) returned += 1;
    }
    if (returned > 0) await this.queueMoved();
    return returned;
  }

  /** A note for colleagues. From somebody who does not hold the conversation it is a whisper: the one who does sees it at once. */
  async note(conversationId: string, staff: string, text: string): Promise<Note> {
    const { database, now } = this.#options;
    const { note, holder } = await database.transaction(async (tx) => {
      const handoff = await openHandoffOf(tx, conversationId);
      const listener = handoff?.status === 'active' && handoff.agent !== staff ? handoff.agent : null;
      if (listener !== null)
        await tellStaff(tx, { staff: listener, kind: 'whisper', conversationId, text: `${staff} 悄悄说：${text}` }, now());
      return { note: await addNote(tx, { conversationId, staff, text }, now()), holder: listener };
    });
    this.#tellNews({ kind: 'note', conversationId });
    if (holder !== null) this.#tellNews({ kind: 'told', staff: holder });
    return note;
  }

  /** Ends the service: the conversation goes back to the bot, and the citizen is asked for the rating if never asked before and not unwilling. */
  async close(conversationId: string, agent: string, wrapUp?: string): Promise<'closed' | 'not_yours'> {
    const decide: Decide<'closed' | 'not_yours'> = async (tx, handoff, { words, now }) => {
      const patch = { status: 'closed' as const, closed_at: now, wrap_up: wrapUp ?? null };
      if (!(await this.#settle(tx, handoff, agent, patch))) return { result: 'not_yours' };
      const message = words.ended;
      const told = [statusEvent(this.#assistant, { state: 'completed', message }), notice(this.#assistant, message)];
      if (await mayInvite(tx, conversationId)) told.push(ratingRequest(this.#assistant));
      return { result: 'closed', mode: 'bot', activities: told };
    };
    return (await this.#change(conversationId, decide, { agent })) ?? 'not_yours';
  }

  /** Puts a conversation whose agent vanished in front of the queue; false when that agent does not hold it (any more). */
  async requeue(conversationId: string, agent: string): Promise<boolean> {
    const outcome = await this.#change(conversationId, async (tx, handoff, { words, now }) => {
      const gone = { agent: null, claimed_at: null, offered_to: null, passed_by: null, passed_at: null };
      const patch = { status: 'waiting' as const, ...gone, requeued_at: now, note: `${agent} 的连接断开了` };
      if (!(await this.#settle(tx, handoff, agent, patch))) return { result: false };
      const { event } = await this.#waitingEvent(tx, handoff, words);
      return { result: true, mode: 'waiting' as const, activities: [event, notice(this.#assistant, words.lost)] };
    });
    return outcome ?? false;
  }

  /** The citizen would rather go on with the bot, or left (`why`): out of the queue, or away from the agent. False when no person was asked for. */
  async leave(conversationId: string, why?: string): Promise<boolean> {
    const outcome = await this.#change(conversationId, async (tx, handoff, { words, now }) => {
      if (handoff === undefined) return { result: false };
      return {
        result: true,
        mode: 'bot' as const,
        activities: await leaveHandoff(tx, handoff, { assistant: this.#assistant, words, now, why }),
      };
    });
    return outcome ?? false;
  }

  /** Hears that the queue or somebody's conversations changed, here or `elsewhere`, until the returned function is called. */
  onChange(listener: (elsewhere: boolean) => void): () => void {
    this.#changes.on('change', listener);
    return () => this.#changes.off('change', listener);
  }

  /** Hears of whispers, notes and what staff must be told, here or `elsewhere`, until the returned function is called. */
  onNews(listener: (news: DeskNews, elsewhere: boolean) => void): () => void {
    this.#changes.on('news', listener);
    return () => this.#changes.off('news', listener);
  }

  /**
   * Call after a commit that changed the queue (a turn's `requestHandoff` too). Tells every waiting citizen their place if it changed;
   * resolves when they are told and never rejects. In a long queue, whose every place changes with every move, they are told a little later.
   */
  queueMoved(): Promise<void> {
    this.#changes.emit('change', false);
    return this.#teller.moved();
  }

  /** Begins nothing more by itself; resolves when what was begun is done. */
  stop(): Promise<void> {
    return this.#teller.stop();
  }

  /**
   * One transaction for one action; announces and moves the queue afterwards when the action changed something. With `agent`, whoever acts on
   * what is offered to them accepts it first.
   */
  async #change<R>(
    conversationId: string,
    decide: Decide<R>,
    { agent, quietly = false }: { agent?: string; quietly?: boolean } = {},
  ): Promise<R | undefined> {
    const { database, log, now } = this.#options;
    const done = await database.transaction(async (tx) => {
      const known = await lockConversation(tx, conversationId, now());
      const conversation = known ? await findConversation(tx, conversationId) : undefined;
      if (conversation === undefined) return undefined;
      const found = await openHandoffOf(tx, conversationId);
      const hands = this.#hands(found?.language ?? conversation.locale);
      const joining = found && agent !== undefined ? await accept(tx, found, agent, hands) : undefined;
      const change = await decide(tx, joining ? await openHandoffOf(tx, conversationId) : found, hands);
      if (change.mode === undefined && joining === undefined) return { result: change.result, seq: 0, moved: false, told: [] };
      await updateConversation(tx, conversationId, { mode: change.mode ?? 'agent' }, now());
      const logged = await log.append(tx, conversation, [...(joining ?? []), ...(change.activities ?? [])]);
      const told = change.tell ?? [];
      for (const one of told) await tellStaff(tx, { ...one, conversationId }, now());
      return { result: change.result, seq: logged.at(-1)?.seq ?? 0, moved: true, told: told.map(({ staff }) => staff) };
    });
    if (done !== undefined && done.seq > 0) log.announce(conversationId, done.seq);
    if (done?.moved && !quietly) await this.queueMoved();
    for (const staff of done?.told ?? []) this.#tellNews({ kind: 'told', staff });
    return done?.result;
  }

  #hands(language: string): Hands {
    const nameOf = (tx: Db, agent: string) => this.#nameOf(tx, agent);
    return { now: this.#options.now(), assistant: this.#assistant, words: handoffWords(language), nameOf };
  }

  #tellNews(news: DeskNews): void {
    this.#changes.emit('news', news, false);
  }

  /** Call after a commit that left something to read for these members of staff. */
  staffTold(names: readonly string[]): void {
    for (const staff of names) this.#tellNews({ kind: 'told', staff });
  }

  /** Another process changed the queue (or may have), or has something to tell; it has done itself what follows from that. */
  hearElsewhere(news?: DeskNews): void {
    if (news) this.#changes.emit('news', news, true);
    else this.#changes.emit('change', true);
  }

  async #settle(tx: Db, handoff: Handoff | undefined, agent: string, patch: Parameters<typeof settleActive>[3]): Promise<boolean> {
    return handoff?.status === 'active' && handoff.agent === agent && settleActive(tx, handoff.id, agent, patch);
  }

  /** The status event of a conversation that waits (again), with its place and estimate as they are in `tx`. */
  async #waitingEvent(tx: Db, handoff: Handoff | undefined, words: HandoffWords): Promise<{ event: Activity; message: string }> {
    const mine = (await waitingPlaces(tx, this.#options.now())).find((one) => one.handoff.id === handoff?.id);
    const message = words.waiting(mine?.place ?? 1, mine?.minutes);
    return { event: waitingEvent(this.#assistant, mine?.place ?? 1, mine?.minutes, message), message };
  }

  async #nameOf(db: Db, agent: string): Promise<string> {
    return this.#options.agentName === undefined ? agent : this.#options.agentName(db, agent);
  }
}

/** Decides an action on a conversation's open handoff, inside its transaction. */
type Decide<R> = (tx: Db, handoff: Handoff | undefined, hands: Hands) => Promise<Change<R>>;

async function loggedById(tx: Db, id: string): Promise<LoggedActivity | undefined> {
  const row = await tx.selectFrom('activities').select(['seq', 'body_json']).where('id', '=', id).executeTakeFirst();
  return row && toLogged(row);
}
