/** The domain's words as data: synonyms, dialect and the phrases that don't say what the matter is. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parse } from 'yaml';
import { z } from 'zod';
import { normalise } from './normalise.ts';
import { remembered } from './remembered.ts';

const wordTable = z.record(z.string().min(1), z.array(z.string().min(1)));
const synonymsSchema = z.strictObject({ canonical: wordTable });
const englishSchema = z.strictObject({ english: wordTable });
const phrasesSchema = z.strictObject({ dialect: wordTable, core: z.array(z.string().min(1)) });

export interface Lexicon {
  /** Normalised text in standard Mandarin: dialect words replaced, still readable. */
  plain(text: string): string;
  /** `plain` with every synonym replaced by its canonical form. */
  canonical(text: string): string;
  /** `canonical` without polite and question words: what the matter is. */
  core(text: string): string;
}

function replacer(table: Record<string, string[]>): (text: string) => string {
  const canonicalOf = new Map<string, string>();
  for (const [canonical, variants] of Object.entries(table)) {
    // The canonical form maps to itself so that a shorter variant inside it is left alone.
    canonicalOf.set(normalise(canonical), normalise(canonical));
    for (const variant of variants) canonicalOf.set(normalise(variant), normalise(canonical));
  }
  return replacing(canonicalOf);
}

/** Replaces what stands in `table`, at each place the longest word that does. */
function replacing(table: ReadonlyMap<string, string>): (text: string) => string {
  const byFirst = new Map<number, string[]>();
  for (const word of [...table.keys()].sort((a, b) => b.length - a.length)) {
    const first = word.charCodeAt(0);
    byFirst.set(first, [...(byFirst.get(first) ?? []), word]);
  }
  return (text) => {
    let replaced = '';
    let copied = 0;
    for (let i = 0; i < text.length; ) {
      const word = byFirst.get(text.charCodeAt(i))?.find((one) => text.startsWith(one, i));
      if (word === undefined) {
        i++;
        continue;
      }
      replaced += text.slice(copied, i) + table.get(word);
      i += word.length;
      copied = i;
    }
    return copied === 0 ? text : replaced + text.slice(copied);
  };
}

function escapeRegex(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
}

/** English questions about what the tables know become the Chinese words for it; anything else is left as it is. */
function translator(table: Record<string, string[]>): (text: string) => string {
  const chinese = new Map(
    Object.entries(table).flatMap(([word, phrases]) => phrases.map((phrase) => [phrase.toLowerCase(), word] as const)),
  );
  const phrases = [...chinese.keys()].sort((a, b) => b.length - a.length).map(escapeRegex);
  if (phrases.length === 0) return (text) => text;
  const pattern = new RegExp(`\\b(?:${phrases.join('|')})\\b`, 'g');
  return (text) => {
    if (/\p{Script=Han}/u.test(text)) return text;
    const found = text.match(pattern);
    return found ? found.map((phrase) => chinese.get(phrase) ?? '').join('') : text;
  };
}

/** Builds a lexicon from its tables; all words are normalised first. */
export function makeLexicon(tables: {
  english?: Record<string, string[]>;
  synonyms: Record<string, string[]>;
  dialect: Record<string, string[]>;
  core: string[];
}): Lexicon {
  const dialect = replacer(tables.dialect);
  const synonyms = replacer(tables.synonyms);
  const withoutFillers = replacing(new Map(tables.core.map((phrase) => [normalise(phrase), ''])));
  const english = translator(tables.english ?? {});
  const plain = remembered((text) => dialect(english(normalise(text))));
  const canonical = remembered((text) => synonyms(plain(text)));
  const core = remembered((text) => {
    const whole = canonical(text).replace(/[\p{P}\p{S}\s]+/gu, '');
    const kept = withoutFillers(whole);
    return kept.length >= 2 ? kept : whole;
  });
  return { plain, canonical, core };
}

/** Reads `synonyms.yaml`, `phrases.yaml` and `english.yaml` of a folder. Errors: the file and the zod issue. */
export async function loadLexicon(folder: string): Promise<Lexicon> {
  const read = async <T>(name: string, schema: z.ZodType<T>): Promise<T> => {
    const result = schema.safeParse(parse(await readFile(join(folder, name), 'utf8')));
    if (!result.success) throw new Error(`${join(folder, name)}: ${z.prettifyError(result.error)}`);
    return result.data;
  };
  const synonyms = await read('synonyms.yaml', synonymsSchema);
  const phrases = await read('phrases.yaml', phrasesSchema);
  const english = await read('english.yaml', englishSchema);
  return makeLexicon({ english: english.english, synonyms: synonyms.canonical, dialect: phrases.dialect, core: phrases.core });
}
