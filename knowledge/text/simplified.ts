/** Traditional characters to simplified ones; a look at the characters tells most texts that have nothing to convert. */
import { Converter, Locale } from 'opencc-js/t2cn';

const converter = Converter({ from: 'hk', to: 'cn' });

/** Every entry of the tables that changes something holds one of these characters (UTF-16 units): a text without them stays as it is. */
const telling = tellingUnits([...Locale.from.hk, ...Locale.to.cn].flat());

function tellingUnits(tables: readonly string[]): Uint8Array {
  const units = new Uint8Array(0x10000);
  const holds = (text: string): boolean => {
    for (let i = 0; i < text.length; i++) if (units[text.charCodeAt(i)] === 1) return true;
    return false;
  };
  const entries = tables.flatMap((table) => table.split('|')).map((entry) => entry.split(' ') as [string, string]);
  // Single characters first: few phrases need one of their own then.
  for (const [from, to] of entries.sort(([a], [b]) => a.length - b.length)) {
    if (from === to || holds(from)) continue;
    let at = 0;
    if (from.length === to.length) while (from[at] === to[at]) at++;
    units[from.charCodeAt(at)] = 1;
  }
  return units;
}

/** Whether conversion may change the text; false is certain. */
export function mayBeTraditional(text: string): boolean {
  for (let i = 0; i < text.length; i++) if (telling[text.charCodeAt(i)] === 1) return true;
  return false;
}

/** The text in simplified characters. 薴 alone would need two passes: it becomes 苧, which becomes 苎. */
export const toSimplified = (text: string): string => (mayBeTraditional(text) ? converter(text.replaceAll('薴', '苎')) : text);
