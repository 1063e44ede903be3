/**
 * Key facts that an author wrote down, looked for in an answer without a model (reference evaluation.md §5): a wording, a value with its
 * unit, or a sentence that says the same. What can't be found counts as not said and is listed for a person to look at.
 */
import { z } from 'zod';
import { digitise } from '../../bot/answer/ground.ts';
import { sentencesOf } from '../../knowledge/sentences.ts';
import { normalise } from '../../knowledge/text/normalise.ts';
import { bigrams } from '../../knowledge/text/tokenise.ts';

const pattern = z.string().refine((source) => {
  try {
    new RegExp(source, 'u');
    return true;
  } catch {
    return false;
  }
}, 'a regular expression');

const factObject = z.strictObject({
  id: z.string().optional(),
  /** One of these wordings. */
  any: z.array(z.string().min(1)).optional(),
  /** A number with its unit, in any spelling (四十块 = 40元). */
  value: z.number().optional(),
  unit: z.string().optional(),
  regex: pattern.optional(),
  /** One sentence of the answer must say this: nearly all of its words, the same numbers, the same yes or no. */
  says: z.string().optional(),
  required: z.boolean().default(true),
});
export type Fact = z.infer<typeof factObject> & { id: string };

/** A fact may be written as a plain text: wordings separated by `/`. */
export const factSchema = z
  .union([z.string().min(1), factObject])
  .transform((fact): Fact => {
    const full = typeof fact === 'string' ? { any: fact.split('/').map((part) => part.trim()), required: true } : fact;
    const id = 'id' in full && full.id ? full.id : (full.any?.[0] ?? full.says ?? full.regex ?? `${full.value}${full.unit ?? ''}`);
    return { ...full, id };
  })
  .refine((fact) => fact.any || fact.value !== undefined || fact.regex || fact.says, 'a fact needs any, value, regex or says');

export const forbiddenSchema = z
  .union([z.string().min(1), z.strictObject({ any: z.array(z.string().min(1)).optional(), regex: pattern.optional() })])
  .transform((one) => (typeof one === 'string' ? { any: one.split('/') } : one));
export type Forbidden = z.infer<typeof forbiddenSchema>;

export interface Judged {
  readonly stated: readonly string[];
  readonly missing: readonly string[];
  /** Forbidden statements that were made. */
  readonly forbidden: readonly string[];
  readonly precision: number;
  readonly recall: number;
  readonly f1: number;
  /** Every required fact said, nothing forbidden said. */
  readonly complete: boolean;
}

/** What a person said about a fact in this answer; undefined: nobody looked, or couldn't tell. */
export type Told = (fact: Fact) => boolean | undefined;

/** Looks for each fact in the answer; what a person said counts before what is found by words. */
export function judge(answer: string, facts: readonly Fact[], forbid: readonly Forbidden[], told: Told = () => undefined): Judged {
  const stated = facts.filter((fact) => told(fact) ?? states(answer, fact));
  const missing = facts.filter((fact) => !stated.includes(fact));
  const forbidden = forbid.filter((one) => says(answer, one)).map((one) => one.any?.join('/') ?? one.regex ?? '');
  const right = stated.length;
  return {
    stated: stated.map((fact) => fact.id),
    missing: missing.map((fact) => fact.id),
    forbidden,
    precision: right + forbidden.length === 0 ? 0 : right / (right + forbidden.length),
    recall: facts.length === 0 ? 1 : right / facts.length,
    f1: right === 0 ? 0 : right / (right + (forbidden.length + missing.length) / 2),
    complete: forbidden.length === 0 && missing.every((fact) => !fact.required),
  };
}

function states(answer: string, fact: Fact): boolean {
  if (says(answer, fact)) return true;
  if (fact.value !== undefined && hasValue(answer, fact.value, fact.unit ?? '')) return true;
  return fact.says !== undefined && sentencesOf(answer).some((sentence) => entails(sentence, fact.says ?? ''));
}

/**
 * One spelling for looking up wordings: as for comparing texts, but what stands between two numbers keeps them apart (9:00–12:00), and a
 * percent sign stays.
 */
const spelled = (text: string): string =>
  digitise(normalise(text).replace(/百分之([零〇一二两三四五六七八九十百]+|\d+(?:\.\d+)?)/g, '$1%'))
    .replace(/(?<=\d),(?=\d{3}(?!\d))/g, '')
    .replace(/(?<=[\d%])[\p{P}\p{S}\s]+(?=\d)/gu, (marks) => (marks.startsWith('%') ? '%~' : '~'))
    .replace(/[^\p{L}\p{N}%~]+/gu, '');

const negated = /^(?:不|没|未|无|勿|别)/u;

/** Numbers must not match inside longer ones (40 is not in 140), nor wordings behind a negation (能用 is not in 不能用). */
function contains(text: string, wanted: string): boolean {
  for (let at = text.indexOf(wanted); at !== -1; at = text.indexOf(wanted, at + 1)) {
    const before = text[at - 1] ?? '';
    const after = text[at + wanted.length] ?? '';
    if (!negated.test(wanted) && negated.test(before)) continue;
    if (!(/\d/.test(wanted[0] ?? '') && /[\d.]/.test(before)) && !(/\d$/.test(wanted) && /\d/.test(after))) return true;
  }
  return false;
}

function says(answer: string, { any, regex }: { any?: readonly string[] | undefined; regex?: string | undefined }): boolean {
  const text = spelled(answer);
  if (any?.some((wording) => contains(text, spelled(wording)))) return true;
  return regex !== undefined && new RegExp(regex, 'u').test(digitise(normalise(answer)));
}

const units: Readonly<Record<string, string>> = {
  元: '(?:元|块钱?|rmb)',
  工作日: '(?:个)?(?:工作日|工作天)',
  天: '(?:天|日)(?!历)',
  个月: '个?月',
  年: '年',
  '%': '%',
  岁: '(?:周)?岁',
};

function hasValue(answer: string, value: number, unit: string): boolean {
  const text = digitise(normalise(answer).replace(/百分之([零〇一二两三四五六七八九十百]+|\d+(?:\.\d+)?)/g, '$1%'))
    .replace(/(?<=\d),(?=\d{3}(?!\d))/g, '')
    .replace(/\s+/g, '');
  const after = units[unit] ?? unit.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
  return new RegExp(`(?<![\\d.])${String(value).replace('.', '\\.')}(?:\\.0+)?(?![\\d]|\\.\\d)${after}`, 'u').test(text);
}

/** Share of the fact's character pairs that one sentence must hold. */
const covered = 0.8;
const negations = /不|没|未|无|免|勿|别/gu;

function entails(sentence: string, fact: string): boolean {
  const said = spelled(sentence);
  const wanted = spelled(fact);
  const numbers = (text: string) => (text.match(/\d+/g) ?? []).sort().join(' ');
  if (numbers(wanted) !== '' && !numbers(said).split(' ').join(' ').includes(numbers(wanted))) return false;
  const polarity = (text: string) => (text.match(negations)?.length ?? 0) > 0;
  if (polarity(said) !== polarity(wanted)) return false;
  const pairs = bigrams(wanted);
  const there = new Set(bigrams(said));
  return pairs.length > 0 && pairs.filter((pair) => there.has(pair)).length / pairs.length >= covered;
}
