/** How many SMS a text is, and where the network would cut it. Lengths: 140 octets a part, 6 of them header when there are several. */
import { isGsm7, septetsOf } from './gsm7.ts';

export type Encoding = 'gsm7' | 'ucs2';

export interface Segments {
  readonly encoding: Encoding;
  /** Septets or UTF-16 units of the whole text. */
  readonly units: number;
  readonly parts: readonly string[];
}

const capacity: Record<Encoding, { single: number; part: number }> = {
  gsm7: { single: 160, part: 153 },
  ucs2: { single: 70, part: 67 },
};

const unitsOf = (character: string, encoding: Encoding): number => (encoding === 'gsm7' ? (septetsOf(character) ?? 0) : character.length);

/**
 * Cuts a text as the network does: 160 septets or 70 UTF-16 units alone, 153 or 67 a part when there are several. Neither a
 * surrogate pair nor an escape and its septet are ever parted. One character outside GSM-7 makes the whole text UCS-2.
 * An empty text is one empty part.
 */
export function segments(text: string, encoding: Encoding = isGsm7(text) ? 'gsm7' : 'ucs2'): Segments {
  const { single, part } = capacity[encoding];
  let units = 0;
  for (const character of text) units += unitsOf(character, encoding);
  if (units <= single) return { encoding, units, parts: [text] };
  const parts: string[] = [];
  let current = '';
  let used = 0;
  for (const character of text) {
    const size = unitsOf(character, encoding);
    if (used + size > part) {
      parts.push(current);
      current = '';
      used = 0;
    }
    current += character;
    used += size;
  }
  parts.push(current);
  return { encoding, units, parts };
}

/** The number of SMS a text is charged as. */
export const segmentCount = (text: string): number => segments(text).parts.length;

/** Mainland carriers carry everything as UCS-2, also plain ASCII. */
export const mainlandCount = (text: string): number => segments(text, 'ucs2').parts.length;
