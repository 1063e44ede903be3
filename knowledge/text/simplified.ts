/** Traditional characters, as written in Hong Kong, to simplified ones. */
import { Converter, Locale } from 'opencc-js/t2cn';

const convert = Converter({ from: 'hk', to: 'cn' });

/** Every `traditional simplified` pair that this conversion may use, whatever its nesting. */
function* pairs(dictionaries: unknown): Generator<[string, string]> {
  if (typeof dictionaries === 'string') {
    for (const entry of dictionaries.split('|')) {
      const [from = '', to = ''] = entry.split(' ');
      if (from !== to) yield [from, to];
    }
  } else if (typeof dictionaries === 'object' && dictionaries !== null) for (const part of Object.values(dictionaries)) yield* pairs(part);
}

/** Each text that is changed at all holds at least one of these UTF-16 units: one is marked of every word that becomes another. */
const changing = new Uint8Array(0x10000);
const words = [...pairs((Locale as { configs?: Record<string, unknown> }).configs?.hk2s ?? Locale)].map(([from]) => from);
for (const word of words.sort((a, b) => a.length - b.length)) if (!mayChange(word)) changing[word.charCodeAt(0)] = 1;

function mayChange(text: string): boolean {
  for (let i = 0; i < text.length; i++) if (changing[text.charCodeAt(i)] === 1) return true;
  return false;
}

/** `text` in simplified characters. Most text is that already, which is seen in a thousandth of the time converting takes. */
export function simplified(text: string): string {
  return mayChange(text) ? convert(text) : text;
}
