/** Hundreds of different questions made from the published knowledge: no cache that knows six questions helps with them. */
import { namesOf } from '../../knowledge/index/passages.ts';
import type { KnowledgeItem } from '../../knowledge/item.ts';

/** How people ask; a name alone is asked too. */
const forms: readonly ((name: string) => string)[] = [
  (name) => `${name}要带什么材料`,
  (name) => `请问${name}怎么办理？`,
  (name) => `${name}多少钱`,
  (name) => `我想办${name}，去哪里办`,
  (name) => `${name}几天能办好`,
  (name) => `${name}可以网上办吗`,
  (name) => `你好，${name}需要什么条件`,
  (name) => `${name}能找人代办吗`,
  (name) => `${name}的咨询电话是多少`,
  (name) => name,
];
/** Every so many questions ask about what was talked about, or about nothing of ours. */
const others = ['那要多少钱？', '今天天气怎么样', '谢谢', '那网上能办吗', '帮我写一首诗', '要几天', '你好', '去哪里办呢'];
const every = 8;

/**
 * Every name of every item in the ways people ask, in an order that mixes matters; the same list for the same knowledge. An item that is a
 * question already is asked as it is.
 */
export function questionsFrom(items: readonly KnowledgeItem[]): string[] {
  const asked = items.flatMap((item, i) =>
    namesOf(item).flatMap(({ text }, j) =>
      item.kind === 'faq' || item.kind === 'policy'
        ? [text]
        : [0, 3, 6].map((step) => (forms[(i + j + step) % forms.length] as (name: string) => string)(text)),
    ),
  );
  const distinct = [...new Set(asked)];
  // A stride that shares no factor with the length visits all of them, neighbours far apart.
  const stride = strideFor(distinct.length);
  return distinct.map((_, i) =>
    i % every === every - 1
      ? (others[Math.floor(i / every) % others.length] as string)
      : (distinct[(i * stride) % distinct.length] as string),
  );
}

function strideFor(length: number): number {
  let stride = Math.max(1, Math.floor(length * 0.618));
  const shared = (a: number, b: number): number => (b === 0 ? a : shared(b, a % b));
  while (length > 1 && shared(stride, length) !== 1) stride++;
  return stride;
}
