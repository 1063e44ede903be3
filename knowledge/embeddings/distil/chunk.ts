/** Plain chunks of a long text for measuring: whole sentences up to a length, one sentence of overlap. */

const sentenceEnd = /(?<=[。！？!?；;\n])/u;

/** Sentences of a text; one longer than `longest` is cut hard, so that no chunk grows without bound. */
export function sentences(text: string, longest = 300): string[] {
  const found = text
    .split(sentenceEnd)
    .map((sentence) => sentence.trim())
    .filter((sentence) => sentence !== '');
  return found.flatMap((sentence) =>
    Array.from({ length: Math.ceil(sentence.length / longest) }, (_, i) => sentence.slice(i * longest, (i + 1) * longest)),
  );
}

/** Chunks of about `size` characters; each begins with the last sentence of the one before. */
export function chunks(text: string, size = 300): string[] {
  const made: string[] = [];
  let current: string[] = [];
  let length = 0;
  for (const sentence of sentences(text, size)) {
    if (length + sentence.length > size && current.length > 0) {
      made.push(current.join(''));
      const last = current.at(-1) ?? '';
      current = last.length < size / 2 ? [last] : [];
      length = current.length > 0 ? last.length : 0;
    }
    current.push(sentence);
    length += sentence.length;
  }
  if (current.length > 0) made.push(current.join(''));
  return made;
}
