/** Cuts long text into messages the platform takes, at the ends of sentences where that is possible. */

/** Most UTF-8 bytes of a text message. Found by users of the API (error 45002 above it); WeCom documents the same number. */
export const MAX_TEXT_BYTES = 2048;

/** Of one part: a hint that more follows must still fit behind it. */
export const PART_BYTES = MAX_TEXT_BYTES - 64;

const bytes = (text: string): number => Buffer.byteLength(text);

/** A link stays whole; everything else may be cut between any two characters. */
const atoms = /<a\s[^<>]*>[^<>]*<\/a>|[\s\S]/gu;

/** How good a place is to cut after this atom: paragraph, line, sentence, clause, anywhere. */
function rank(atom: string, next: string | undefined): number {
  if (atom === '\n') return next === '\n' ? 0 : 4;
  if ('。！？；!?;'.includes(atom) && next !== '”' && next !== '」' && next !== '）') return 3;
  if ('”」）'.includes(atom)) return 2;
  return '，、,：: '.includes(atom) ? 1 : 0;
}

/**
 * Parts of at most `limit` bytes; put together they are exactly the text. A cut falls on the best place in the second half of what fits.
 * `limit` must hold one character (4 bytes).
 */
export function splitText(text: string, limit: number = MAX_TEXT_BYTES): string[] {
  if (bytes(text) <= limit) return text === '' ? [] : [text];
  const units = [...text.matchAll(atoms)].flatMap(([atom]) => (bytes(atom) > limit ? [...atom] : [atom]));
  const parts: string[] = [];
  let start = 0;
  while (start < units.length) {
    let end = start;
    let size = 0;
    let best = { at: -1, rank: 0 };
    for (; end < units.length; end++) {
      const unit = units[end] as string;
      if (size + bytes(unit) > limit) break;
      size += bytes(unit);
      const found = rank(unit, units[end + 1]);
      if (size * 2 > limit && found > 0 && found >= best.rank) best = { at: end + 1, rank: found };
    }
    const cut = end === units.length || best.at === -1 ? end : best.at;
    parts.push(units.slice(start, cut).join(''));
    start = cut;
  }
  return parts;
}
