/** The desk where people take over: queue, claim, answer, give back, pass on, close. No HTTP here. */
import { EventEmitter } from 'node:events';
import type { Activity, ChannelAccount, LoggedActivity } from '../activity.ts';
import type { ConversationLog } from '../log.ts';
import { toLogged } from '../store/activities.ts';
import { type Conversation, findConversation, updateConversation } from '../store/conversations.ts';
import type { Db, OpenDatabase } from '../store/database.ts';
import { activeHandoffsOf, claimHandoff, type Handoff, openHandoffOf, waitingHandoffs } from '../store/handoffs.ts';
import { ratingSettled } from '../store/ratings.ts';
import { findStaff, type StaffRole, staffSeenSince } from '../store/staff.ts';
import { defaultAssistant, notice, ratingRequest, statusEvent, waitingEvent } from './events.ts';
import { leaveHandoff } from './leave.ts';
import { hasEvent, toldPlaces } from './logged-events.ts';
import { ON_DUTY_MS, waitingPlaces } from './places.ts';
import { type ActiveEntry, type QueueEntry, queueEntry, withConversations } from './queue.ts';
import { lockConversation, settleActive } from './settle.ts';
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
  readonly agentName?: (agent: string) => string;
  /** Hears of a failure to tell waiting citizens their place; the action that moved the queue has succeeded by then. */
  readonly onError?: (error: unknown) => void;
}

export type TransferTarget = { readonly skill: string } | { readonly user: string };
export type SayOutcome = { readonly activity: LoggedActivity; readonly duplicate: boolean } | 'not_yours';
export type TransferOutcome = 'transferred' | 'not_yours' | 'unknown_agent' | 'agent_offline' | 'same_agent';

export class HandoffDesk {
  readonly #options: HandoffDeskOptions;
  readonly #assistant: ChannelAccount;
  readonly #changes = new EventEmitter().setMaxListeners(0);
  #telling: Promise<void> = Promise.resolve();
  #tellingQueued = false;

  constructor(options: HandoffDeskOptions) {
    this.#options = options;
    this.#assistant = options.assistant ?? defaultAssistant;
  }

  /** Conversations that wait for a person, first to be taken first. */
  async queue(): Promise<QueueEntry[]> {
    const { db } = this.#options.database;
    const entries = await withConversations(db, await waitingHandoffs(db));
    return entries.map(({ handoff, place }) => queueEntry(handoff, place.channel));
  }

  /** Conversations this agent holds, oldest first. */
  async mine(agent: string): Promise<ActiveEntry[]> {
    const { db } = this.#options.database;
    const entries = await withConversations(db, await activeHandoffsOf(db, agent));
    return entries.map(({ handoff, place }) => ({
      ...queueEntry(handoff, place.channel),
      claimedAt: handoff.claimedAt ?? handoff.waitingSince,
      lastSeq: place.lastSeq,
    }));
  }

  /**
   * Takes a waiting conversation. Of many who try, one gets `claimed`; asking again for one's own is `claimed` too. Who claims many at once
   * says `quietly` and calls `queueMoved` at the end: the others hear their place once.
   */
  async claim(conversationId: string, agent: string, quietly = false): Promise<'claimed' | 'taken' | 'not_waiting'> {
    const decide: Decide<'claimed' | 'taken' | 'not_waiting'> = async (tx, _handoff, words) => {
      if (await claimHandoff(tx, conversationId, agent, this.#options.now())) {
        const name = this.#nameOf(agent);
        const message = words.joined(name);
        const joined = [statusEvent(this.#assistant, { state: 'accepted', agent: name, message }), notice(this.#assistant, message)];
        return { result: 'claimed' as const, mode: 'agent' as const, activities: joined };
      }
      const open = await openHandoffOf(tx, conversationId);
      if (open?.status !== 'active') return { result: 'not_waiting' as const };
      return { result: open.agent === agent ? ('claimed' as const) : ('taken' as const) };
    };
    const outcome = await this.#change(conversationId, decide, quietly);
    return outcome ?? 'not_waiting';
  }

  /** The agent's words to the citizen. A second call with the same `messageId` appends nothing and returns the first's activity. */
  async say(conversationId: string, agent: string, message: { text: string; messageId: string }): Promise<SayOutcome> {
    const id = `${conversationId}|agent-${message.messageId}`;
    const activity: Activity = {
      type: 'message',
      id,
      from: { id: 'agent', name: this.#nameOf(agent), role: 'bot' },
      text: message.text,
      textFormat: 'plain',
      inputHint: 'acceptingInput',
      channelData: { origin: 'human' },
    };
    const { database, log, now } = this.#options;
    const outcome = await database.transaction(async (tx): Promise<SayOutcome> => {
      if (!(await lockConversation(tx, conversationId, now()))) return 'not_yours';
      const earlier = await loggedById(tx, id);
      if (earlier !== undefined) return { activity: earlier, duplicate: true };
      const handoff = await openHandoffOf(tx, conversationId);
      const conversation = await findConversation(tx, conversationId);
      if (conversation === undefined || handoff?.status !== 'active' || handoff.agent !== agent) return 'not_yours';
      const [logged] = await log.append(tx, conversation, [activity]);
      if (logged === undefined) throw new Error('the log returned no activity for the agent message');
      return { activity: logged, duplicate: false };
    });
    if (outcome !== 'not_yours' && !outcome.duplicate) log.announce(conversationId, outcome.activity.seq);
    return outcome;
  }

  /** Shows the citizen that the person is writing; never stored. */
  async typing(conversationId: string, agent: string): Promise<boolean> {
    const handoff = await openHandoffOf(this.#options.database.db, conversationId);
    if (handoff?.status !== 'active' || handoff.agent !== agent) return false;
    this.#options.log.transient(conversationId, { type: 'typing', from: { id: 'agent', name: this.#nameOf(agent), role: 'bot' } });
    return true;
  }

  /** Gives the conversation back to the bot. */
  async release(conversationId: string, agent: string): Promise<'released' | 'not_yours'> {
    const outcome = await this.#change(conversationId, async (tx, handoff, words) => {
      const patch = { status: 'released' as const, closed_at: this.#options.now() };
      if (!(await this.#settle(tx, handoff, agent, patch))) return { result: 'not_yours' as const };
      const message = words.released;
      const told = [statusEvent(this.#assistant, { state: 'released', message }), notice(this.#assistant, message)];
      return { result: 'released' as const, mode: 'bot' as const, activities: told };
    });
    return outcome ?? 'not_yours';
  }

  /**
   * Passes the conversation on: to a skill (back to the queue, keeping its place by waiting time) or straight to a colleague on duty.
   * The note keeps who passed it on: the first one asked stays named until the next accepts (首问负责).
   */
  async transfer(conversationId: string, agent: string, target: TransferTarget, note: string): Promise<TransferOutcome> {
    const signed = note === '' ? `${agent} 转来` : `${agent} 转来：${note}`;
    const outcome = await this.#change(conversationId, (tx, handoff, words) =>
      'skill' in target
        ? this.#toSkill(tx, { handoff, agent, words, note: signed }, target.skill)
        : this.#toColleague(tx, { handoff, agent, words, note: signed }, target.user),
    );
    return outcome ?? 'not_yours';
  }

  /** Ends the service: the conversation goes back to the bot, and the citizen is asked for the rating if never asked before and not unwilling. */
  async close(conversationId: string, agent: string, wrapUp?: string): Promise<'closed' | 'not_yours'> {
    const outcome = await this.#change(conversationId, async (tx, handoff, words) => {
      const patch = { status: 'closed' as const, closed_at: this.#options.now(), wrap_up: wrapUp ?? null };
      if (!(await this.#settle(tx, handoff, agent, patch))) return { result: 'not_yours' as const };
      const message = words.ended;
      const told = [statusEvent(this.#assistant, { state: 'completed', message }), notice(this.#assistant, message)];
      if (!(await ratingSettled(tx, conversationId)) && !(await hasEvent(tx, conversationId, 'rating.request')))
        told.push(ratingRequest(this.#assistant));
      return { result: 'closed' as const, mode: 'bot' as const, activities: told };
    });
    return outcome ?? 'not_yours';
  }

  /** Puts a conversation whose agent vanished in front of the queue; false when that agent does not hold it (any more). */
  async requeue(conversationId: string, agent: string): Promise<boolean> {
    const outcome = await this.#change(conversationId, async (tx, handoff, words) => {
      const now = this.#options.now();
      const patch = { status: 'waiting' as const, agent: null, claimed_at: null, requeued_at: now, note: `${agent} 的连接断开了` };
      if (!(await this.#settle(tx, handoff, agent, patch))) return { result: false };
      const { event } = await this.#waitingEvent(tx, handoff, words);
      return { result: true, mode: 'waiting' as const, activities: [event, notice(this.#assistant, words.lost)] };
    });
    return outcome ?? false;
  }

  /** The citizen would rather go on with the bot: out of the queue, or away from the agent. False when no person was asked for. */
  async leave(conversationId: string): Promise<boolean> {
    const outcome = await this.#change(conversationId, async (tx, handoff, words) => {
      if (handoff === undefined) return { result: false };
      return {
        result: true,
        mode: 'bot' as const,
        activities: await leaveHandoff(tx, handoff, { assistant: this.#assistant, words, now: this.#options.now() }),
      };
    });
    return outcome ?? false;
  }

  /** Hears that the queue or somebody's conversations changed in this process, until the returned function is called. */
  onChange(listener: () => void): () => void {
    this.#changes.on('change', listener);
    return () => this.#changes.off('change', listener);
  }

  /**
   * Call after a commit that changed the queue (a turn's `requestHandoff` too). Tells every waiting citizen their place if it changed;
   * resolves when they are told and never rejects.
   */
  queueMoved(): Promise<void> {
    this.#changes.emit('change');
    if (!this.#tellingQueued) {
      this.#tellingQueued = true;
      this.#telling = this.#telling.then(async () => {
        this.#tellingQueued = false;
        await this.#tellPositions().catch((error: unknown) => this.#options.onError?.(error));
      });
    }
    return this.#telling;
  }

  /** One transaction for one action; announces and moves the queue afterwards when the action changed something. */
  async #change<R>(conversationId: string, decide: Decide<R>, quietly = false): Promise<R | undefined> {
    const { database, log, now } = this.#options;
    const done = await database.transaction(async (tx) => {
      const known = await lockConversation(tx, conversationId, now());
      const conversation = known ? await findConversation(tx, conversationId) : undefined;
      if (conversation === undefined) return undefined;
      const handoff = await openHandoffOf(tx, conversationId);
      const change = await decide(tx, handoff, handoffWords(handoff?.language ?? conversation.locale));
      if (change.mode === undefined) return { result: change.result, seq: 0 };
      await updateConversation(tx, conversationId, { mode: change.mode }, now());
      const logged = await log.append(tx, conversation, change.activities ?? []);
      return { result: change.result, seq: logged.at(-1)?.seq ?? 0 };
    });
    if (done !== undefined && done.seq > 0) {
      log.announce(conversationId, done.seq);
      if (!quietly) await this.queueMoved();
    }
    return done?.result;
  }

  async #settle(tx: Db, handoff: Handoff | undefined, agent: string, patch: Parameters<typeof settleActive>[3]): Promise<boolean> {
    return handoff?.status === 'active' && handoff.agent === agent && settleActive(tx, handoff.id, agent, patch);
  }

  async #toSkill(tx: Db, { handoff, agent, words, note }: Passing, skill: string): Promise<Change<TransferOutcome>> {
    const patch = { status: 'waiting' as const, agent: null, claimed_at: null, skill, note };
    if (!(await this.#settle(tx, handoff, agent, patch))) return { result: 'not_yours' };
    const { event, message } = await this.#waitingEvent(tx, handoff, words);
    return { result: 'transferred', mode: 'waiting', activities: [event, notice(this.#assistant, words.passingOn + message)] };
  }

  async #toColleague(tx: Db, { handoff, agent, words, note }: Passing, user: string): Promise<Change<TransferOutcome>> {
    if (user === agent) return { result: 'same_agent' };
    const colleague = await findStaff(tx, user);
    if (colleague === undefined || !answering.includes(colleague.role)) return { result: 'unknown_agent' };
    const now = this.#options.now();
    const onDuty = await staffSeenSince(tx, now - ON_DUTY_MS);
    if (!onDuty.some((staff) => staff.name === user)) return { result: 'agent_offline' };
    if (!(await this.#settle(tx, handoff, agent, { agent: user, claimed_at: now, note }))) return { result: 'not_yours' };
    const name = this.#nameOf(user);
    const message = words.passedTo(name);
    const told = [statusEvent(this.#assistant, { state: 'accepted', agent: name, message }), notice(this.#assistant, message)];
    return { result: 'transferred', mode: 'agent', activities: told };
  }

  /** The status event of a conversation that waits (again), with its place and estimate as they are in `tx`. */
  async #waitingEvent(tx: Db, handoff: Handoff | undefined, words: HandoffWords): Promise<{ event: Activity; message: string }> {
    const mine = (await waitingPlaces(tx, this.#options.now())).find((one) => one.handoff.id === handoff?.id);
    const message = words.waiting(mine?.place ?? 1, mine?.minutes);
    return { event: waitingEvent(this.#assistant, mine?.place ?? 1, mine?.minutes, message), message };
  }

  /** Tells everybody whose place changed, and those whose estimate has run out. */
  async #tellPositions(): Promise<void> {
    const { database, log, now } = this.#options;
    const announced = await database.transaction(async (tx) => {
      const places = await waitingPlaces(tx, now());
      const waiting = await withConversations(
        tx,
        places.map(({ handoff }) => handoff),
      );
      const channels = new Map(waiting.map(({ handoff, place }) => [handoff.id, place]));
      const told = await toldPlaces(
        tx,
        [...waiting].map(({ handoff }) => handoff.conversationId),
      );
      const grown: { id: string; seq: number }[] = [];
      for (const { handoff, place, minutes } of places) {
        const conversation = channels.get(handoff.id);
        if (conversation === undefined) continue;
        const last = told.get(handoff.conversationId);
        const ranOut = last?.minutes !== undefined && now() - last.at > last.minutes * 60_000;
        if (last?.position === place && !ranOut) continue;
        const words = handoffWords(handoff.language);
        const message = (last?.position === place ? words.longer : '') + words.waiting(place, minutes);
        const event = waitingEvent(this.#assistant, place, minutes, message);
        const logged = await log.append(tx, { id: handoff.conversationId, channel: conversation.channel }, [event]);
        grown.push({ id: handoff.conversationId, seq: logged.at(-1)?.seq ?? 0 });
      }
      return grown;
    });
    for (const { id, seq } of announced) log.announce(id, seq);
  }

  #nameOf(agent: string): string {
    return this.#options.agentName?.(agent) ?? agent;
  }
}

/** Roles that talk with citizens. */
const answering: readonly StaffRole[] = ['agent', 'supervisor', 'admin'];

/** Who passes a conversation on, and with which words. */
interface Passing {
  readonly handoff: Handoff | undefined;
  readonly agent: string;
  readonly note: string;
  readonly words: HandoffWords;
}

/** Decides an action on a conversation's open handoff, inside its transaction. */
type Decide<R> = (tx: Db, handoff: Handoff | undefined, words: HandoffWords) => Promise<Change<R>>;

/** What an action decided: a mode means it changed something. */
interface Change<R> {
  readonly result: R;
  readonly mode?: Conversation['mode'];
  readonly activities?: Activity[];
}

async function loggedById(tx: Db, id: string): Promise<LoggedActivity | undefined> {
  const row = await tx.selectFrom('activities').select(['seq', 'body_json']).where('id', '=', id).executeTakeFirst();
  return row && toLogged(row);
}
