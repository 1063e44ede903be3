/** How a conversation changes hands without anybody ceasing to be responsible (首问负责): offered, accepted, declined, returned, taken over. */
import type { Activity, ChannelAccount } from '../activity.ts';
import type { Conversation } from '../store/conversations.ts';
import type { Db } from '../store/database.ts';
import type { Handoff } from '../store/handoffs.ts';
import { addNote } from '../store/notes.ts';
import { findStaff, type StaffRole, staffSeenSince } from '../store/staff.ts';
import type { StaffNoticeKind } from '../store/staff-notices.ts';
import { notice, statusEvent } from './events.ts';
import { ON_DUTY_MS } from './places.ts';
import { settleActive } from './settle.ts';
import { matterOf } from './summary.ts';
import type { HandoffWords } from './words.ts';

export type TransferTarget = { readonly skill: string } | { readonly user: string };
export type TransferOutcome = 'transferred' | 'not_yours' | 'unknown_agent' | 'agent_offline' | 'same_agent';

/** What a decision needs besides its handoff. */
export interface Hands {
  readonly now: number;
  readonly assistant: ChannelAccount;
  readonly words: HandoffWords;
  /** The name the citizen sees for an account. */
  readonly nameOf: (tx: Db, agent: string) => Promise<string>;
}

/** What an action decided. */
export interface Change<R> {
  readonly result: R;
  /** The conversation's new mode: the action changed something. */
  readonly mode?: Conversation['mode'];
  readonly activities?: Activity[];
  /** Who of the staff must be told. */
  readonly tell?: readonly { readonly staff: string; readonly kind: StaffNoticeKind; readonly text: string }[];
}

/** Roles that talk with citizens. */
const answering: readonly StaffRole[] = ['agent', 'supervisor', 'admin'];
const settled = { offered_to: null, passed_by: null, passed_at: null };

/** Whether `agent` has the conversation, or need only act to have it. */
export function mayHold(handoff: Handoff | undefined, agent: string): handoff is Handoff {
  return handoff?.status === 'active' && (handoff.agent === agent || handoff.offeredTo === agent);
}

/** Somebody joins or goes on: the event and the sentence that say so. */
function joined({ assistant }: Hands, agent: string, message: string): Activity[] {
  return [statusEvent(assistant, { state: 'accepted', agent, message }), notice(assistant, message)];
}

/** Offers a conversation to a colleague on duty; `agent` goes on being responsible until the colleague accepts. The citizen hears nothing yet. */
export async function offer(tx: Db, handoff: Handoff, user: string, note: string, { now }: Hands): Promise<Change<TransferOutcome>> {
  const agent = handoff.agent ?? '';
  if (user === agent) return { result: 'same_agent' };
  const colleague = await findStaff(tx, user);
  if (colleague === undefined || !answering.includes(colleague.role)) return { result: 'unknown_agent' };
  if (!(await staffSeenSince(tx, now - ON_DUTY_MS)).some((staff) => staff.name === user)) return { result: 'agent_offline' };
  if (!(await settleActive(tx, handoff.id, agent, { offered_to: user, passed_by: agent, passed_at: now, note })))
    return { result: 'not_yours' };
  const text = `${agent} 请您接手：${matterOf(handoff.summary)}`;
  return { result: 'transferred', mode: 'agent', tell: [{ staff: user, kind: 'offered', text }] };
}

/** The colleague accepts an offer: now they are responsible, and the citizen is told. Undefined when nothing was offered to them. */
export async function accept(tx: Db, handoff: Handoff, user: string, hands: Hands): Promise<Activity[] | undefined> {
  if (handoff.status !== 'active' || handoff.agent === null || handoff.offeredTo !== user) return undefined;
  if (!(await settleActive(tx, handoff.id, handoff.agent, { agent: user, claimed_at: hands.now, ...settled }))) return undefined;
  const name = await hands.nameOf(tx, user);
  return joined(hands, name, hands.words.passedTo(name));
}

/** The colleague would rather not, or the owner thought better of it: the owner keeps it. */
export async function decline(tx: Db, handoff: Handoff, by: string): Promise<Change<'declined' | 'not_offered'>> {
  const { agent, offeredTo } = handoff;
  if (agent === null || offeredTo === null || (by !== agent && by !== offeredTo)) return { result: 'not_offered' };
  if (!(await settleActive(tx, handoff.id, agent, settled))) return { result: 'not_offered' };
  const text = `${offeredTo} 现在不能接手，仍由您负责：${matterOf(handoff.summary)}`;
  return { result: 'declined', mode: 'agent', ...(by === agent ? {} : { tell: [{ staff: agent, kind: 'declined', text }] }) };
}

/** Nobody accepted in time: back to whom it came from, if they are still at the desk. */
export async function giveBack(tx: Db, handoff: Handoff, hands: Hands): Promise<Change<boolean>> {
  const owner = handoff.passedBy;
  if (owner === null) return { result: false };
  const matter = matterOf(handoff.summary);
  if (handoff.status === 'active') {
    if (handoff.agent !== owner || !(await settleActive(tx, handoff.id, owner, settled))) return { result: false };
    const text = `${handoff.offeredTo ?? '同事'} 没有及时接手，仍由您负责：${matter}`;
    return { result: true, mode: 'agent', tell: [{ staff: owner, kind: 'returned', text }] };
  }
  if (!(await staffSeenSince(tx, hands.now - ON_DUTY_MS)).some((staff) => staff.name === owner)) return { result: false };
  const taken = await tx
    .updateTable('handoffs')
    .set({ status: 'active', agent: owner, claimed_at: hands.now, ...settled })
    .where('id', '=', handoff.id)
    .where('status', '=', 'waiting')
    .executeTakeFirst();
  if (taken.numUpdatedRows !== 1n) return { result: false };
  const name = await hands.nameOf(tx, owner);
  const tell = [{ staff: owner, kind: 'returned' as const, text: `没有同事及时接手，回到您这里：${matter}` }];
  return { result: true, mode: 'agent', activities: joined(hands, name, hands.words.returned(name)), tell };
}

/** A supervisor takes a conversation over: the agent is told, the citizen hears one sentence, and a note keeps who did it and why. */
export async function takeOver(
  tx: Db,
  handoff: Handoff | undefined,
  by: string,
  why: string,
  hands: Hands,
): Promise<Change<'taken_over' | 'yours' | 'not_active'>> {
  if (handoff?.status !== 'active' || handoff.agent === null) return { result: 'not_active' };
  const { agent } = handoff;
  if (agent === by) return { result: 'yours' };
  const patch = { agent: by, claimed_at: hands.now, taken_from: agent, ...settled };
  if (!(await settleActive(tx, handoff.id, agent, patch))) return { result: 'not_active' };
  const reason = why === '' ? '' : `：${why}`;
  await addNote(tx, { conversationId: handoff.conversationId, staff: by, text: `接管了 ${agent} 的对话${reason}` }, hands.now);
  const name = await hands.nameOf(tx, by);
  const told = `${by} 接管了您的对话“${matterOf(handoff.summary)}”${reason}`;
  return {
    result: 'taken_over',
    mode: 'agent',
    activities: joined(hands, name, hands.words.takenOver(name)),
    tell: [{ staff: agent, kind: 'taken_over', text: told }],
  };
}
