/** How a message is met: in which language and characters it is answered, and how upset its writer is. */
import { normalise } from '../../knowledge/text/normalise.ts';
import type { Activity } from '../activity.ts';
import type { Draft } from '../answer/draft.ts';
import type { DialogueState } from '../dialogue-state.ts';
import type { Outcome } from '../outcome.ts';
import { humanWords } from '../render.ts';
import { type Tone, toneOf } from '../safety/tone.ts';
import type { Texts } from '../texts.ts';
import { type Foreign, isForeign, languageOf } from './language.ts';
import { type Script, scriptOf, scriptOfLocale } from './script.ts';

export interface Reception {
  /** BCP 47, of the answer. */
  readonly locale: string;
  readonly script: Script;
  /** A language the assistant doesn't speak. */
  readonly foreign: Foreign | undefined;
  readonly tone: Tone;
  /** What there is to understand: the message, without words of abuse; empty where it was nothing else. */
  readonly matter: string;
  /** The state with what the message showed of its writer. */
  readonly state: DialogueState;
}

/**
 * Meets a message. Buttons and forms say nothing about their presser's language. `locale`: of the message or its conversation;
 * `at`: epoch milliseconds.
 */
export function met(activity: Activity, state: DialogueState, locale: string, at: number): Reception {
  const text = activity.type === 'message' ? (activity.text?.trim() ?? '') : '';
  const pressed =
    activity.value !== undefined || text === humanWords || state.options.some(({ title, value }) => text === title || text === value);
  const language = pressed || text === '' ? undefined : languageOf(text);
  const spoken = language === 'en' || language === 'zh' ? language : state.spoken;
  const script = (pressed ? undefined : scriptOf(text)) ?? state.script ?? scriptOfLocale(locale);
  const { tone, matter, abuse } = text === '' || pressed ? { tone: 'calm' as const, matter: text, abuse: false } : toneOf(normalise(text));
  const abusive = tone === 'angry' && matter !== normalise(text);
  return {
    locale: spoken === 'en' ? 'en' : locale,
    script,
    foreign: isForeign(language) ? language : undefined,
    tone,
    matter: abusive ? matter : text,
    state: {
      ...state,
      spoken,
      script: text === '' ? state.script : script,
      ...(activity.type === 'message'
        ? { lastAt: at, anger: tone === 'angry' ? state.anger + 1 : 0, abuse: abuseAfter(state.abuse, abuse, matter) }
        : {}),
    },
  };
}

/** Abuse alone counts, with a matter beside it it doesn't; words without any take one back. */
const abuseAfter = (before: number, abuse: boolean, matter: string): number =>
  abuse ? before + (matter === '' ? 1 : 0) : Math.max(0, before - 1);

const worthSoothing: ReadonlySet<Outcome> = new Set([
  'answered',
  'clarified',
  'in_flow',
  'flow_completed',
  'unanswerable_not_found',
  'unanswerable_not_understood',
  'declined_not_accepted',
  'declined_out_of_scope',
]);

/** One sentence before the substance for somebody who is upset, and a person to talk to. */
export function soothed(
  drafts: readonly Draft[],
  { tone, state }: Pick<Reception, 'tone' | 'state'>,
  outcome: Outcome,
  { soothing, human }: Texts,
): readonly Draft[] {
  const [first, ...rest] = drafts;
  if (tone === 'calm' || !first || !worthSoothing.has(outcome)) return drafts;
  const words = tone === 'anxious' ? soothing.anxious : state.anger > 1 ? soothing.again : soothing.angry;
  if (words === '') return drafts;
  const calmed = { ...first, text: `${words}\n\n${first.text}` };
  if (tone === 'anxious') return [calmed, ...rest];
  const all = [calmed, ...rest];
  const last = all.at(-1) as Draft;
  const offered = last.quickReplies.some((reply) => reply.kind === 'say' && reply.value === humanWords);
  const person = { kind: 'say' as const, title: human, value: humanWords };
  return offered ? all : [...all.slice(0, -1), { ...last, quickReplies: [...last.quickReplies, person] }];
}
