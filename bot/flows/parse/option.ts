/** Which option of a choice an answer names: by number or letter, by name, by a mention inside a sentence, by what it is like. */
import { normalise } from '../../../knowledge/text/normalise.ts';
import type { Slot } from '../flow.ts';
import type { Parsed } from '../slots.ts';
import { describedOption } from './likeness.ts';
import { numbersIn } from './number.ts';
import { polarOption } from './own-words.ts';
import { positionIn } from './position.ts';

type Choice = Extract<Slot, { type: 'choice' }>;

/** Reads a choice from normalised text. */
export function pickOption(slot: Choice, plain: string): Parsed<string> {
  const bare = squeeze(plain);
  const value =
    named(slot, bare) ??
    slot.options[positionIn(bare, slot.options.length) ?? -1]?.value ??
    byRange(slot, plain) ??
    matchMentions(slot, plain) ??
    partly(slot, bare) ??
    polarOption(slot, plain) ??
    describedOption(
      slot.options.map((option) => ({ value: option.value, terms: termsOf(option) })),
      plain,
    );
  if (value !== undefined) return { ok: true, value };
  const labels = slot.options.map((option, index) => `${index + 1}. ${option.label}`).join('\n');
  return { ok: false, message: `没对上选项，请选一个，回复数字也行：\n${labels}` };
}

/** The last option that a sentence mentions without negating it; undefined when none or two stand side by side. */
export function matchMentions(slot: Choice, plain: string): string | undefined {
  const mentions = mentionsIn(slot, plain);
  const last = mentions.filter((mention) => !mention.negated).at(-1);
  if (!last) return undefined;
  const before = mentions[mentions.indexOf(last) - 1];
  if (before && !before.negated && before.value !== last.value) {
    const between = plain.slice(before.to, last.from);
    if (/^[^。！？!?]*(?:还是|或者|或|和|跟|与|以及)[^。！？!?]{0,3}$|^[、/\s]*$/.test(between)) return undefined;
  }
  return last.value;
}

interface Mention {
  value: string;
  from: number;
  to: number;
  negated: boolean;
}

function mentionsIn(slot: Choice, plain: string): Mention[] {
  const terms = slot.options
    .flatMap((option) => termsOf(option).map((term) => ({ term, value: option.value })))
    .sort((a, b) => b.term.length - a.term.length);
  const found: Mention[] = [];
  for (const { term, value } of terms) {
    for (let from = plain.indexOf(term); from >= 0; from = plain.indexOf(term, from + 1)) {
      const to = from + term.length;
      const inWord = /^[\w-]+$/.test(term) && (/[\w-]/.test(plain[from - 1] ?? '') || /[\w-]/.test(plain[to] ?? ''));
      // 字看不见了: what can't be read is not gone.
      const complement = term.startsWith('不') && /[看听读认]/.test(plain[from - 1] ?? '');
      if (inWord || complement || found.some((other) => from < other.to && to > other.from)) continue;
      found.push({ value, from, to, negated: isNegated(plain.slice(0, from)) });
    }
  }
  return found.sort((a, b) => a.from - b.from);
}

// Words that hold 不 or 没 and deny nothing: 不小心丢了 is a loss.
const harmless =
  /不小心|不慎|不注意|没注意|不知道|不知|不仅|不但|不过|不好意思|没想到|没事|没办法|没多久|不久|不得不|是不是|有没有|要不|对不起|差不多|没错/g;

/** Whether the words before a mention, inside its clause, deny it. */
function isNegated(before: string): boolean {
  const clause = (before.split(/[，。；！？,.;!?\s]/).at(-1) ?? '').replace(harmless, '＿＿＿＿＿');
  return /(?:不是|不算|不属于|并非|而非|不是因为)[^＿]{0,5}$|(?:没有?|不|未|别|非)[^＿]{0,1}$/.test(clause);
}

/** An option's terms never change while its flow is loaded. */
const termsByOption = new WeakMap<Choice['options'][number], string[]>();

function termsOf(option: Choice['options'][number]): string[] {
  const known = termsByOption.get(option);
  if (known) return known;
  const terms = [...new Set([option.label, option.value, ...option.synonyms].map(normalise))].filter((term) => term !== '');
  termsByOption.set(option, terms);
  return terms;
}

function named(slot: Choice, bare: string): string | undefined {
  const found = slot.options.filter((option) => termsOf(option).some((term) => squeeze(term) === bare));
  return found.length === 1 ? found[0]?.value : undefined;
}

/** The only option whose range holds the only number of the answer; option words that are numbers come first. */
function byRange(slot: Choice, plain: string): string | undefined {
  const ranged = slot.options.filter((option) => option.from !== undefined || option.to !== undefined);
  if (ranged.length === 0 || mentionsIn(slot, plain).length > 0) return undefined;
  const [value, ...more] = numbersIn(plain);
  if (value === undefined || more.length > 0) return undefined;
  const found = ranged.filter((option) => value >= (option.from ?? -Infinity) && value <= (option.to ?? Infinity));
  return found.length === 1 ? found[0]?.value : undefined;
}

/** The answer is a piece (two characters or more) of exactly one option's words. */
function partly(slot: Choice, bare: string): string | undefined {
  if (bare.length < 2) return undefined;
  const found = slot.options.filter((option) => termsOf(option).some((term) => squeeze(term).includes(bare)));
  return found.length === 1 ? found[0]?.value : undefined;
}

function squeeze(plain: string): string {
  return plain.replace(/[\s。．.!！?？~～、,，;；:："“”'‘’()（）【】[\]]+/g, '');
}
