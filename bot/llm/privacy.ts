/** Keeps personal identifiers inside: masked before a request, put back after it, and a last look at the bytes that leave. */

/** Finds identifiers and replaces them with tokens; bot/safety/mask.ts is the one that is used. */
export type Mask = (text: string) => { readonly text: string; readonly originals: ReadonlyMap<string, string> };

export interface Protected {
  /** The texts without identifiers, in the order given. */
  readonly texts: readonly string[];
  /** Puts the originals back into every string of a value. */
  restore<T>(value: T): T;
}

/** Thrown by `assertNoIdentifier`: a fault of the house, never of a citizen. */
export class IdentifierInRequest extends Error {
  constructor() {
    super('a personal identifier was about to leave the house; the request was not sent');
    this.name = 'IdentifierInRequest';
  }
}

/** No identifier contains it. */
const separator = '\u001e';

/** Masks several texts of one request together: the same identifier has the same token in all of them. */
export function protect(texts: readonly string[], mask: Mask): Protected {
  // Tokens of ours are told apart from tokens for the phones of offices (⟨PHONE:1⟩) by their prefix.
  const { text, originals } = mask(texts.map((one) => one.replaceAll(separator, ' ')).join(separator));
  const own = new Map([...originals].map(([token, original]) => [token.replace('⟨', '⟨MY_'), original]));
  const renamed = [...originals.keys()].reduce((now, token) => now.replaceAll(token, token.replace('⟨', '⟨MY_')), text);
  const put = (value: string) => [...own].reduce((now, [token, original]) => now.replaceAll(token, original), value);
  return { texts: renamed.split(separator), restore: (value) => mapStrings(value, put) };
}

function mapStrings<T>(value: T, change: (text: string) => string): T {
  if (typeof value === 'string') return change(value) as T;
  if (Array.isArray(value)) return value.map((one) => mapStrings(one as unknown, change)) as T;
  if (typeof value === 'object' && value !== null)
    return Object.fromEntries(Object.entries(value).map(([key, one]) => [key, mapStrings(one as unknown, change)])) as T;
  return value;
}

/** Looks at every string of a JSON body. Throws IdentifierInRequest when one of them holds an identifier. */
export function assertNoIdentifier(body: string, mask: Mask): void {
  mapStrings(JSON.parse(body) as unknown, (text) => {
    if (mask(text).originals.size > 0) throw new IdentifierInRequest();
    return text;
  });
}
