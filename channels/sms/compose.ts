/** A reply becomes messages: paged, signed, with its short code, and as values for templates. */
import type { SmsDraft } from './draft.ts';
import type { Reply } from './reply.ts';
import { paginate } from './text/pages.ts';
import { mainlandCount, segmentCount } from './text/segments.ts';
import { stringsFor } from './text/strings.ts';

export interface Manner {
  /** Without brackets; empty for none. */
  readonly signature: string;
  /** Longest message, in SMS; 3. */
  readonly mostSegments: number;
  /** Mainland carriers count every character of a text as UCS-2. */
  readonly mainland: boolean;
}

export interface Composed {
  readonly draft: SmsDraft;
  /** What 更多 brings. */
  readonly rest: readonly string[];
  readonly segments: number;
}

export const countFor = (manner: Pick<Manner, 'mainland'>): ((text: string) => number) => (manner.mainland ? mainlandCount : segmentCount);

/** 【signature】text, as carriers want it. */
export const signed = (manner: Pick<Manner, 'signature'>, text: string): string =>
  manner.signature === '' ? text : `【${manner.signature}】${text}`;

/** Longest `matter` of a template; approved variables are short. */
const longestMatter = 20;

/**
 * @param link the line that leads to the full text; empty for none
 * @param code the short code for the fixed landing page, for templates; empty when there is no page
 */
export function compose(reply: Reply, manner: Manner, given: { intro: string; link: string; code: string }): Composed {
  const strings = stringsFor(reply.page.locale);
  const count = countFor(manner);
  const zeroIsAnswer = reply.menu?.kind === 'choices' && reply.menu.zeroIsAnswer;
  const pages = paginate({
    prefix: signed(manner, ''),
    body: [given.intro, reply.body].filter(Boolean).join('\n'),
    ask: reply.ask,
    link: given.link,
    foot: (more) => strings.foot(more, reply.human, zeroIsAnswer),
    fits: (text) => count(text) <= manner.mostSegments,
  });
  const [text = '', ...rest] = pages;
  const plain = [reply.body, reply.ask].filter(Boolean).join(' ').replace(/\s+/g, ' ');
  const vars: Record<string, string> = {
    matter: reply.page.title.slice(0, longestMatter),
    text: plain,
    ...(given.code ? { code: given.code } : {}),
  };
  return { draft: { kind: reply.kind, text, vars }, rest, segments: count(text) };
}

/** One of the channel's own sentences as a message. */
export function sentence(kind: SmsDraft['kind'], text: string, manner: Manner, vars: Record<string, string> = {}): Composed {
  const whole = signed(manner, text);
  return { draft: { kind, text: whole, vars: { text, ...vars } }, rest: [], segments: countFor(manner)(whole) };
}
