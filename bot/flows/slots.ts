/** From what a citizen typed to a slot's value: lenient in form, strict in meaning; what is not clear is asked again. */
import { normalise } from '../../knowledge/text/normalise.ts';
import type { Slot } from './flow.ts';
import { parseDate } from './parse/date.ts';
import { parseNumber } from './parse/number.ts';
import { matchMentions, pickOption } from './parse/option.ts';
import { parsePhone } from './parse/phone.ts';
import { parseText } from './parse/text.ts';
import { parseYesNo } from './parse/yes-no.ts';
import type { SlotValue } from './values.ts';

export type Parsed<T = SlotValue> = { ok: true; value: T } | { ok: false; message: string };

/** Longest answer looked at: a real answer is short, and matching stays fast on anything. */
const MAX_RAW = 500;

/**
 * Reads one answer. `raw` is what the citizen typed or an option's value or label; `today` gives relative dates their meaning.
 * A refusal's message says, in the citizen's words, what is missing. Never throws.
 */
export function parseSlot(slot: Slot, raw: string, context: { today: Date }): Parsed {
  const given = raw.trim();
  if (given === '') return { ok: false, message: `还没有填“${slot.label}”。` };
  if (given.length > MAX_RAW) return { ok: false, message: '您写的内容有点长，请只说这一项。' };
  const plain = normalise(given);
  switch (slot.type) {
    case 'choice':
      return pickOption(slot, plain);
    case 'yes_no':
      return parseYesNo(slot, plain);
    case 'number':
      return parseNumber(slot, plain);
    case 'date':
      return parseDate(slot, plain, context.today);
    case 'phone':
      return parsePhone(plain);
    case 'text':
      return parseText(slot, given);
  }
}

/**
 * The option that a longer sentence plainly names, or undefined. The last mention that isn't negated wins
 * (不是丢了，是到期了 → 到期); two options side by side (丢了还是坏了) name none. Only choices are matched.
 */
export function matchOption(slot: Slot, text: string): string | undefined {
  return slot.type === 'choice' && text.length <= MAX_RAW * 4 ? matchMentions(slot, normalise(text)) : undefined;
}
