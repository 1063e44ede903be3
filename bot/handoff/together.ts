/** Remote assistance (远程帮办, R-063): an agent invites to go through an errand together; nothing begins without the citizen's yes. */
import { z } from 'zod';
import type { Activity } from '../activity.ts';
import { type Draft, say } from '../answer/draft.ts';
import type { DialogueState } from '../dialogue-state.ts';
import type { Command } from '../understand/commands.ts';

/** Event of the agent's side that reaches the turn through the inbox, in order with the citizen's messages. */
export const inviteEvent = 'assist.invite';
/** Event in the log: what the citizen said to the invitation. Value: `Consent`. */
export const consentEvent = 'assist.consent';

const inviteSchema = z.object({ flow: z.string().min(1).max(120), agent: z.string().min(1).max(120) });

/** Kept in the log for as long as the conversation is. */
export interface Consent {
  readonly agreed: boolean;
  readonly flow: string;
  /** The agent by the name the citizen sees. */
  readonly agent: string;
  /** What the citizen read before answering. */
  readonly told: string;
}

export const words = {
  invitation: (agent: string, flow: string) =>
    `${agent}想和您一起办**${flow}**：我一步步问，您来填，${agent}能看到您填的内容，随时帮您。可以吗？随时能说“不办了”停下。`,
  yes: '同意，一起办',
  no: '不用',
  declined: '好的，不一起填。工作人员接着和您说。',
};

/** Says of itself what it agrees to. */
const agrees = /^(?:好的?|可以|行|嗯)?(?:我)?(?:同意|愿意)?一起办(?:的|啊|吧|呀)*$|^(?:我)?同意(?:的|啊|吧|呀)*$/;
/** Agrees to whatever was said last: it counts only when that is the invitation. */
const yes = /^(?:好|好的|可以|行|嗯|愿意|没问题|来吧|开始|ok|yes)(?:的|啊|吧|呀|开始吧)*$/;
const declines = /^(?:不同意|不愿意|(?:不用|不要|不想|先不|不)一起办)(?:了|吧|谢谢)*$/;
const no = /^(?:不用|不要|不了|算了|不|不行|不想|先不|no)(?:了|吧|谢谢)*$/;

export type Heard =
  | { readonly kind: 'asked'; readonly draft: Draft; readonly state: DialogueState }
  | { readonly kind: 'agreed'; readonly start: Command; readonly state: DialogueState; readonly consent: Consent }
  | { readonly kind: 'declined'; readonly draft: Draft; readonly state: DialogueState; readonly consent: Consent }
  /** The citizen fills in; what is no answer to the open question is for the agent. */
  | { readonly kind: 'filling' };

/** An invitation that has just come in. `flowName`: undefined for a flow there is none of. */
export function invited(activity: Activity, state: DialogueState, flowName: (id: string) => string | undefined): Heard | undefined {
  // A citizen's client may send any event: only the desk's own counts.
  if (activity.name !== inviteEvent || activity.from.role !== 'bot') return undefined;
  const invite = inviteSchema.safeParse(activity.value);
  const name = invite.success ? flowName(invite.data.flow) : undefined;
  if (!invite.success || name === undefined) return undefined;
  const told = words.invitation(invite.data.agent, name);
  const replies = [words.yes, words.no].map((title) => ({ kind: 'say' as const, title, value: title }));
  return { kind: 'asked', draft: say(told, replies, true), state: { ...state, together: { ...invite.data, told, agreed: false } } };
}

/**
 * What a citizen's message to the agent means for the invitation; undefined: nothing, it is for the agent alone. `invitedLast`: our side has
 * said nothing since the invitation, so that a bare 好的 answers it and not the agent.
 */
export function heardTogether(text: string, state: DialogueState, invitedLast: boolean): Heard | undefined {
  const { together } = state;
  if (!together) return undefined;
  if (together.agreed) return state.flow ? { kind: 'filling' } : undefined;
  const said = text.replace(/[\p{P}\p{S}\s]+/gu, '').toLowerCase();
  const { flow, agent, told } = together;
  if (agrees.test(said) || (invitedLast && yes.test(said))) {
    const start: Command = { type: 'start_flow', flow, slots: {} };
    return {
      kind: 'agreed',
      start,
      state: { ...state, together: { ...together, agreed: true } },
      consent: { agreed: true, flow, agent, told },
    };
  }
  if (declines.test(said) || (invitedLast && no.test(said)))
    return {
      kind: 'declined',
      draft: say(words.declined),
      state: { ...state, together: null },
      consent: { agreed: false, flow, agent, told },
    };
  return undefined;
}

/** Whether our side has said nothing since its last invitation, but the invitation itself. Input: the log before the citizen's message, oldest first. */
export function invitationIsLast(log: readonly Activity[]): boolean {
  const at = log.findLastIndex(({ type, name, from }) => type === 'event' && name === inviteEvent && from.role === 'bot');
  return at >= 0 && log.slice(at).filter(({ type, from }) => type === 'message' && from.role === 'bot').length <= 1;
}

/** Commands that fill in the open flow; anything else the citizen says is the agent's to answer. */
export function fills(commands: readonly Command[]): boolean {
  const filling: ReadonlySet<Command['type']> = new Set(['set_slot', 'correct_slot', 'skip', 'cancel_flow', 'repeat']);
  return commands.length > 0 && commands.every(({ type }) => filling.has(type));
}
