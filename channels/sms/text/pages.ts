/** Fits a reply into messages of a few SMS each: what must be done first, the rest after 更多. */

export interface Layout {
  /** 【signature】 or nothing; stands before every page. */
  readonly prefix: string;
  /** May be cut, and goes on after 更多. */
  readonly body: string;
  /** The open question and its numbered options: on the first page, whole. */
  readonly ask: string;
  /** Where the full text is: on the first page. */
  readonly link: string;
  readonly foot: (more: boolean) => string;
  /** Whether a text is short enough for one message. */
  readonly fits: (text: string) => boolean;
}

const lines = (...parts: readonly string[]): string => parts.filter((part) => part !== '').join('\n');

/**
 * The messages of a reply, each within `fits`; joined, their bodies are the whole body. Cuts at ends of lines and sentences, then at
 * commas, never inside a number, an address or a character. A question too long for one message is cut like a body.
 */
export function paginate(layout: Layout): string[] {
  const { prefix, foot, fits } = layout;
  let { body, ask, link } = layout;
  const page = (chunk: string, more: boolean, first: boolean) => prefix + lines(chunk, first ? ask : '', first ? link : '', foot(more));
  if (!fits(page(body, false, true)) && !fits(page('', true, true))) {
    // Not even the question fits beside its foot: it becomes part of the text.
    body = lines(body, ask);
    ask = '';
    if (!fits(page('', true, true))) link = '';
  }
  const pages: string[] = [];
  let rest = body;
  for (;;) {
    const first = pages.length === 0;
    if (fits(page(rest, false, first))) {
      pages.push(page(rest, false, first));
      return pages;
    }
    const at = cutAt(rest, (chunk) => fits(page(chunk, true, first)));
    pages.push(page(rest.slice(0, at).trim(), true, first));
    rest = rest.slice(at).trimStart();
  }
}

/** Where to cut so that what stands before fits; at least one character, unless nothing but the question has room. */
function cutAt(text: string, fits: (chunk: string) => boolean): number {
  if (!fits(text.slice(0, [...text][0]?.length ?? 0))) return 0;
  let low = 1;
  let high = text.length;
  while (low < high) {
    const middle = Math.ceil((low + high) / 2);
    if (fits(text.slice(0, middle))) low = middle;
    else high = middle - 1;
  }
  const room = text.slice(0, low);
  const atLeast = Math.floor(low * 0.6);
  for (const boundary of [/[。！？；\n]|[.!?;](?=\s)/gu, /[，、,：]|\s/gu]) {
    const ends = [...room.matchAll(boundary)].map((match) => match.index + match[0].length);
    const end = ends.filter((one) => one >= atLeast && !insideToken(text, one) && !afterHeading(room, one)).at(-1);
    if (end !== undefined) return end;
  }
  let end = low;
  while (end > atLeast && insideToken(text, end)) end--;
  if (end <= atLeast) end = low;
  return isInsidePair(text, end) ? end - 1 : end;
}

/** A heading belongs to what follows it, on the next page. */
const afterHeading = (text: string, at: number): boolean => /(?:^|\n)[^\n。！？；，、：:,.!?;]{1,12}\n?$/u.test(text.slice(0, at));

/** Between two characters of a number, a word or an address. */
const insideToken = (text: string, at: number): boolean =>
  isInsidePair(text, at) || (/[\w./:%+-]/.test(text[at - 1] ?? '') && /[\w./:%+-]/.test(text[at] ?? ''));

const isInsidePair = (text: string, at: number): boolean =>
  /[\ud800-\udbff]/.test(text[at - 1] ?? '') && /[\udc00-\udfff]/.test(text[at] ?? '');
