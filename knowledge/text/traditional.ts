/** Simplified characters to traditional ones. The dictionary is a megabyte and few conversations need it: it is loaded when one does. */
import { createRequire } from 'node:module';

/** tw: as written in Taiwan, t: one form for each. */
type Variant = 'tw' | 't';
type Convert = (text: string) => string;

const load = createRequire(import.meta.url);
const converters = new Map<Variant, Convert>();

export function toTraditional(text: string, variant: Variant = 'tw'): string {
  let convert = converters.get(variant);
  if (!convert) {
    const { Converter } = load('opencc-js/cn2t') as typeof import('opencc-js/cn2t');
    convert = Converter({ from: 'cn', to: variant }) as Convert;
    converters.set(variant, convert);
  }
  return convert(text);
}
