/** Finds personal identifiers and replaces them with typed tokens before text leaves the core (LLM, log, analyst). */
import { fewestApart, standingApart } from './identifiers/apart.ts';
import { mayIdentify, numeralsRead, reading } from './identifiers/reading.ts';
import { fragment, type IdentifierKind, type Rule, rules, spelt } from './identifiers/rules.ts';

export interface Masked {
  /** The text with every identifier replaced by ⟨KIND:n⟩. */
  readonly text: string;
  /** Token → the characters it stands for. Stays inside the conversation's protected state. */
  readonly originals: ReadonlyMap<string, string>;
}

interface Span {
  readonly kind: IdentifierKind;
  readonly start: number;
  readonly end: number;
  readonly original: string;
}

const nobody: Masked['originals'] = new Map();

/** Masks every identifier in `text`. The same identifier gets the same token; what is none stays as it was typed. */
export const mask = (text: string): Masked => (mayIdentify(text) ? maskEvery(text) : { text, originals: nobody });

/** The same without the shortcut for texts that hold nothing of the kind. */
export function maskEvery(text: string): Masked {
  const { text: read, at } = reading(text);
  const spans = spansOf(read);
  if (spans.length === 0) return { text, originals: nobody };
  const tokens = new Map<string, string>();
  const originals = new Map<string, string>();
  let masked = '';
  let done = 0;
  for (const { kind, start, end, original } of spans) {
    const token = tokens.get(original) ?? `⟨${kind}:${tokens.size + 1}⟩`;
    tokens.set(original, token);
    originals.set(token, original);
    // One sign may stand for two digits: neither of two neighbours gives it away.
    masked += `${text.slice(done, Math.max(done, at ? (at[start] as number) : start))}${token}`;
    done = Math.max(done, at ? (at[end] as number) : end);
  }
  return { text: masked + text.slice(done), originals };
}

/** 事项一000105001000 is a code with a word before it. */
const fewestSpelt = 3;

const countDigits = (text: string): number => {
  let count = 0;
  for (let i = 0; i < text.length; i++) {
    const unit = text.charCodeAt(i);
    if (unit >= 0x30 && unit <= 0x39) count++;
  }
  return count;
};

/** No letter, digit or mark: what is found is crossed out with it, so that everything else stays in its place. */
const crossedOut = '\uE000';

/** Everything found, in the order of the text. */
function spansOf(read: string): Span[] {
  const spans: Span[] = [];
  let digits = read;
  let words = numeralsRead(read);
  const view = (of: 'digits' | 'words') => (of === 'digits' ? digits : words);
  const cross = (kind: IdentifierKind, start: number, end: number, original: string) => {
    spans.push({ kind, start, end, original });
    const out = crossedOut.repeat(end - start);
    digits = digits.slice(0, start) + out + digits.slice(end);
    words = words.slice(0, start) + out + words.slice(end);
  };
  const holds = { digits: countDigits(digits), words: countDigits(words) };
  const apply = (rule: Rule, of: keyof typeof holds, fewestWords = 0) => {
    if (holds[of] < rule.digits) return;
    const text = view(of);
    rule.pattern.lastIndex = 0;
    // matchAll would make every expression anew for every message.
    for (let match = rule.pattern.exec(text); match; match = rule.pattern.exec(text)) {
      const it = match.groups?.['it'] ?? match[0];
      const start = match.index + (match.groups ? match[0].lastIndexOf(it) : 0);
      if (it.includes(crossedOut) || it.includes('⟨') || (rule.accept && !rule.accept(it))) continue;
      if (fewestWords > 0 && [...it].filter((sign, i) => digits[start + i] !== sign).length < fewestWords) continue;
      cross(rule.kind, start, start + it.length, it);
    }
  };
  const applyAll = (of: keyof typeof holds) => {
    for (const rule of rules) apply(rule, of);
    if (holds[of] < fewestApart) return;
    for (const { kind, start, end } of standingApart(view(of))) cross(kind, start, end, view(of).slice(start, end));
  };
  // What one rule crosses out may be what kept another from a match: 张三13800138000 has no numeral before the number then.
  for (let before = -1; before < spans.length; ) {
    before = spans.length;
    applyAll('digits');
    if (words !== digits) {
      applyAll('words');
      apply(spelt, 'words', fewestSpelt);
    }
    apply(fragment, 'digits');
  }
  return spans.sort((a, b) => a.start - b.start);
}
