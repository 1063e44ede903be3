/** The first look at a message: danger to life, matters with another door, prohibited content. By rule, before anything else. */
import { normalise } from '../../knowledge/text/normalise.ts';
import { aftermath, emergencies, errand, happening, past, suddenly } from './emergencies.ts';
import { notAccepted, prohibited } from './other-doors.ts';
import type { Rule } from './rule.ts';

export type Verdict =
  | { kind: 'pass' }
  | { kind: 'emergency'; rule: string; text: string }
  | { kind: 'not_accepted'; rule: string; text: string }
  | { kind: 'prohibited'; rule: string; text: string };

/** The first rule that a message meets; `certain`: its `unless` does not count. */
function hit(rules: readonly Rule[], plain: string, certain = false): Rule | undefined {
  return rules.find(({ pattern, unless }) => pattern.test(plain) && (certain || !unless?.test(plain)));
}

/** Who is in danger writes little; in a long letter only how it begins and how it ends is a call for help, the rest tells a story. */
const letterLength = 150;
const letterEnd = 60;
function danger(plain: string): Rule | undefined {
  if (plain.length <= letterLength) return dangerIn(plain);
  return dangerIn(plain.slice(0, letterEnd)) ?? dangerIn(plain.slice(-letterEnd));
}

/** The danger that a few sentences report, if any. */
function dangerIn(plain: string): Rule | undefined {
  const certain = happening.test(plain) || (suddenly.test(plain) && !past.test(plain) && !errand.test(plain));
  return hit(emergencies, plain.replace(aftermath, ''), certain);
}

/**
 * Looks at one message. Emergency wording wins over everything; a hit carries the fixed, reviewed reply.
 * Input: the citizen's text as typed.
 */
export function screen(text: string): Verdict {
  const plain = normalise(text);
  if (plain === '') return { kind: 'pass' };
  const emergency = danger(plain);
  if (emergency) return { kind: 'emergency', rule: emergency.rule, text: emergency.text };
  const unlawful = hit(prohibited, plain);
  if (unlawful) return { kind: 'prohibited', rule: unlawful.rule, text: unlawful.text };
  const elsewhere = hit(notAccepted, plain);
  return elsewhere ? { kind: 'not_accepted', rule: elsewhere.rule, text: elsewhere.text } : { kind: 'pass' };
}
