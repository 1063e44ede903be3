/** Sentences of Chinese text. */

/** Cuts after 。！？； and at line ends (closing quotes stay with their sentence). Joined, the parts are the text again. */
export function sentencesOf(text: string): string[] {
  return text.match(/[^。！？；!?;\n]*(?:[。！？；!?;]+[”’』」）)]*\n*|\n+|$)/gu)?.filter((part) => part !== '') ?? [];
}

/** Parts of at most `max` characters, cut between sentences; a longer sentence is cut at commas, and only then anywhere. */
export function cutText(text: string, max: number): string[] {
  const size = Math.max(20, max);
  return sentencesOf(text).flatMap((sentence) => (sentence.length <= size ? [sentence] : atCommas(sentence, size)));
}

function atCommas(sentence: string, max: number): string[] {
  const clauses = sentence.match(/[^，、,]*[，、,]*/gu)?.filter((part) => part !== '') ?? [];
  const parts: string[] = [];
  for (const clause of clauses.flatMap((part) => anywhere(part, max))) {
    const last = parts.at(-1);
    if (last !== undefined && last.length + clause.length <= max) parts[parts.length - 1] = last + clause;
    else parts.push(clause);
  }
  return parts;
}

function anywhere(text: string, max: number): string[] {
  const signs = Array.from(text);
  const parts: string[] = [];
  let current = '';
  for (const sign of signs) {
    if (current.length + sign.length > max) {
      parts.push(current);
      current = '';
    }
    current += sign;
  }
  return current === '' ? parts : [...parts, current];
}
