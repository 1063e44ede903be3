/** The last step of a turn: state, replies, effects and the turn itself commit together, then followers hear of it. */
import type { SearchFilter } from '../knowledge/index/types.ts';
import { dayInChina } from '../knowledge/life/rules.ts';
import type { Effect } from './act.ts';
import type { Activity, LoggedActivity } from './activity.ts';
import { type Draft, say } from './answer/draft.ts';
import type { DialogueState } from './dialogue-state.ts';
import { displayDate, displayValue } from './flows/values.ts';
import { ratingRequest } from './handoff/events.ts';
import { requestHandoff } from './handoff/request.ts';
import { summarise } from './handoff/summary.ts';
import { consentEvent } from './handoff/together.ts';
import type { Outcome } from './outcome.ts';
import { scheduled } from './patterns/idle-schedule.ts';
import { inTraditional, type Script } from './patterns/script.ts';
import { mayInvite } from './ratings/invite.ts';
import { submitRating } from './ratings/submit.ts';
import { render } from './render.ts';
import { knowledgeMark, repetition } from './repeat.ts';
import { mask } from './safety/mask.ts';
import { lastActivities } from './store/activities.ts';
import { type Conversation, updateConversation } from './store/conversations.ts';
import type { Db } from './store/database.ts';
import { type Demand, noteDemand } from './store/demands.ts';
import { finishInbox, type InboxRow } from './store/inbox.ts';
import { listStaff } from './store/staff.ts';
import { tellStaff } from './store/staff-notices.ts';
import { StateStorage } from './store/state.ts';
import type { TurnStart } from './store/turn-start.ts';
import { lastOutcome, recordTurn } from './store/turns.ts';
import { issueWindowCode } from './store/window-codes.ts';
import type { Texts } from './texts.ts';
import type { TurnTools } from './turn.ts';
import { tellOfDemand } from './webhooks/events.ts';
import { windowCase } from './window/case.ts';

export interface Decided {
  readonly row: InboxRow;
  readonly conversation: Conversation;
  readonly texts: Texts;
  /** BCP 47, of the reply: notices of the handoff are in it too. */
  readonly locale: string;
  readonly filter: SearchFilter;
  readonly stateKey: string;
  readonly state: DialogueState;
  readonly eTag: string | undefined;
  readonly replies: readonly Activity[];
  readonly effects: readonly Effect[];
  /** The characters the citizen reads. */
  readonly script: Script;
  /** What the message asks of the government; undefined when it asks nothing. */
  readonly demand: Demand | undefined;
  /** What was known when the turn began. */
  readonly before: Pick<TurnStart, 'demand' | 'reminded' | 'webhooks'>;
  readonly turn: {
    id: string;
    outcome: Outcome;
    reason: string | null;
    commands: readonly unknown[];
    confidence: number | null;
    citations: string[];
    timings: Record<string, number>;
  };
}

/** Thrown when another process finished the row first: everything of this turn is rolled back. */
class AlreadyDone extends Error {}

/** How much of the log the summary for an agent and a repetition look at. */
const lookBack = 60;

/** Commits a turn; does nothing when the row was already done. Errors of the store propagate, nothing is kept then. */
export async function record(tools: TurnTools, decided: Decided): Promise<void> {
  const { conversation, row } = decided;
  let logged: readonly LoggedActivity[] = [];
  let handedOver = false;
  let supervisors: readonly string[] = [];
  try {
    await tools.database.transaction(async (tx) => {
      if (!(await finishInbox(tx, row.id, tools.now()))) throw new AlreadyDone();
      const { activities, state, told } = await withEffects(tools, tx, decided);
      supervisors = told;
      await new StateStorage(tx, tools.now, tools.newId).write({ [decided.stateKey]: { ...state, eTag: decided.eTag ?? '*' } });
      const { turn } = decided;
      await recordTurn(tx, {
        conversationId: conversation.id,
        inboxId: row.id,
        ...turn,
        commands: turn.commands.map((command) => masked(command)),
        createdAt: tools.now(),
      });
      if (decided.demand) {
        const demand = { ...decided.demand, conversationId: conversation.id, inboxId: row.id, createdAt: tools.now() };
        const { before } = decided;
        if ((await noteDemand(tx, demand, before.demand)) && before.webhooks) await tellOfDemand(tx, demand, conversation.channel);
      }
      await scheduled(tools, tx, conversation, state, turn.outcome, decided.before.reminded);
      const shown = decided.script === 'hant' ? activities.map(inTraditional) : activities;
      logged = shown.length > 0 ? await tools.log.append(tx, conversation, shown) : [];
      handedOver = decided.effects.some((effect) => effect.type === 'hand_over');
    });
  } catch (error) {
    if (error instanceof AlreadyDone) return;
    throw error;
  }
  const last = logged.at(-1);
  if (last) tools.log.announce(conversation.id, last.seq, logged);
  if (handedOver) tools.queueMoved();
  if (supervisors.length > 0) tools.staffTold(supervisors);
}

async function withEffects(
  tools: TurnTools,
  tx: Db,
  decided: Decided,
): Promise<{ activities: Activity[]; state: DialogueState; told: string[] }> {
  const { conversation, texts } = decided;
  const told: string[] = [];
  const activities = [...decided.replies];
  let { state } = decided;
  const speakAll = (drafts: readonly Draft[]) =>
    render(drafts, {
      capabilities: tools.capabilitiesOf(conversation.channel),
      bot: tools.bot,
      texts,
      replyToId: decided.row.activity.type === 'message' ? decided.row.activity.id : undefined,
    });
  const speak = (text: string) => speakAll([say(text)]);
  for (const effect of decided.effects) {
    switch (effect.type) {
      case 'hand_over':
        activities.push(...(await handOver(tools, tx, decided, effect)));
        break;
      case 'rate': {
        const saved = await submitRating(tx, {
          conversationId: conversation.id,
          channel: conversation.channel,
          value: effect.value,
          now: tools.now(),
        });
        if (saved !== 'declined') activities.push(...speak(ratingReply(saved, effect.value, texts)));
        break;
      }
      case 'consent':
        activities.push({ type: 'event', name: consentEvent, from: tools.bot, value: effect.value });
        break;
      case 'window_code':
        activities.push(...speakAll([await windowDraft(tools, tx, decided)]));
        break;
      case 'review':
        told.push(...(await askSupervisors(tx, conversation.id, tools.now())));
        state = { ...state, abuseReviewed: true };
        break;
      case 'end':
        await updateConversation(tx, conversation.id, { mode: 'ended' }, tools.now());
        break;
      case 'ask_rating':
        if (!state.ratingAsked && (await mayInvite(tx, conversation.id))) {
          activities.push(ratingRequest(tools.bot));
          state = { ...state, ratingAsked: true };
        }
        break;
      case 'repeat': {
        const { row, filter } = decided;
        const before = (await lastActivities(tx, conversation.id, lookBack)).filter((activity) => activity.seq < row.activity.seq);
        const { answerer, hotline } = tools;
        const mark = knowledgeMark(tools.revision(), filter);
        activities.push(
          ...repetition({ before, answerer, mark, state, texts, filter, render: speakAll, hotline, replyToId: row.activity.id }),
        );
        break;
      }
    }
  }
  return { activities, state, told };
}

/** Days a code for the window is good. */
const windowDays = 14;
const dayMs = 86_400_000;

async function windowDraft(tools: TurnTools, tx: Db, { conversation, state, filter, texts }: Decided): Promise<Draft> {
  const found = windowCase(tools, state, filter);
  if (!found) return say(texts.nothingForWindow);
  const now = tools.now();
  const kept = { conversationId: conversation.id, caseJson: JSON.stringify(found), issuedAt: now, expiresAt: now + windowDays * dayMs };
  const code = await issueWindowCode(tx, kept, tools.newWindowCode);
  const until = displayDate(dayInChina(kept.expiresAt));
  return say(texts.windowCodeIs(`${code.slice(0, 4)} ${code.slice(4)}`, until));
}

/** Whoever may decide about it finds the conversation among what they have to be told; returns their names. */
async function askSupervisors(tx: Db, conversationId: string, now: number): Promise<string[]> {
  const names = (await listStaff(tx)).filter(({ role }) => role === 'supervisor' || role === 'admin').map(({ name }) => name);
  const text = '有人反复只发辱骂的话，助手已经劝过、提醒过。请看看对话，由您决定怎么办；助手没有限制对方。';
  for (const staff of names) await tellStaff(tx, { staff, kind: 'abuse', conversationId, text }, now);
  return names;
}

function ratingReply(saved: Awaited<ReturnType<typeof submitRating>>, value: unknown, texts: Texts): string {
  if (saved === 'already_rated') return texts.alreadyRated;
  if (typeof saved === 'object') return `${texts.invalidRating}${saved.invalid}`;
  return (value as { score: number }).score <= 2 ? texts.ratedBad : texts.rated;
}

async function handOver(
  tools: TurnTools,
  tx: Db,
  { conversation, state, texts, locale }: Decided,
  effect: Extract<Effect, { type: 'hand_over' }>,
): Promise<Activity[]> {
  const log = await lastActivities(tx, conversation.id, lookBack);
  const flow = tools.engine.flowOf(state.flow);
  const slots = Object.entries(state.flow?.slots ?? {}).flatMap(([id, value]) => {
    const slot = flow?.slots[id];
    return slot ? [{ label: slot.label, value: displayValue(slot, value) }] : [];
  });
  // Who asks for a person right after being told 120 or 110 comes first.
  const emergency = effect.reason === 'asked' && (await lastOutcome(tx, conversation.id)) === 'emergency_routed';
  const opened = await requestHandoff(tx, {
    conversationId: conversation.id,
    reason: emergency ? 'emergency' : effect.reason,
    locale,
    skill: effect.skill,
    urgency: emergency ? 'urgent' : effect.urgency,
    summary: summarise(log, flow ? { name: flow.name, slots } : undefined),
    activities: log,
    newId: tools.newId,
    now: tools.now(),
    assistant: tools.bot,
    duty: tools.duty,
    nobodyOnline: (await tools.staffOnline(tx)) === 0 ? texts.nobodyOnline(tools.hotline, tools.hotlineHours) : undefined,
  });
  return opened.activities;
}

/** Commands kept for analysts carry no identifiers: every text in them is masked on its own. */
function masked(value: unknown): unknown {
  if (typeof value === 'string') return mask(value).text;
  if (Array.isArray(value)) return value.map(masked);
  if (typeof value === 'object' && value !== null) return Object.fromEntries(Object.entries(value).map(([key, one]) => [key, masked(one)]));
  return value;
}
