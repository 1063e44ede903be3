/** The published knowledge as staff look at it: names, ready answers, departments, and what an unpublished entry would say. */

import type { ChannelAccount } from '../bot/activity.ts';
import type { Answerer } from '../bot/answer/answer.ts';
import { lookUp } from '../bot/answer/look-up.ts';
import { previewItem } from '../bot/answer/preview.ts';
import { textsFor } from '../bot/texts.ts';
import type { HybridIndex } from '../knowledge/index/hybrid.ts';
import { type KnowledgeItem, titleOf } from '../knowledge/item.ts';
import { dayInChina } from '../knowledge/life/rules.ts';
import type { Lexicon } from '../knowledge/text/lexicon.ts';

export interface KnowledgeViewsOptions {
  readonly answerer: Answerer;
  readonly index: HybridIndex;
  readonly lexicon: Lexicon;
  readonly bot: ChannelAccount;
  readonly now: () => number;
}

export function knowledgeViews({ answerer, index, lexicon, bot, now }: KnowledgeViewsOptions) {
  const day = () => dayInChina(now());
  return {
    /** What an entry is called and who answers for it. */
    itemOf: (id: string) => {
      const item = index.item(id);
      return item && { title: titleOf(item), department: item.department };
    },
    /** What an agent finds for a question. */
    lookUp: (question: string, limit: number) => lookUp(answerer, question, { texts: textsFor('zh-CN'), filter: { on: day() }, limit }),
    /** What citizens would be answered from an entry that is not published yet. */
    preview: (item: KnowledgeItem, question?: string) => {
      const guide = item.kind === 'faq' && item.guideId !== undefined ? index.item(item.guideId) : undefined;
      return previewItem(item, { lexicon, bot, day: day(), guide, question });
    },
    /** What is found for a matter's words: its departments are suggested for a work order. */
    foundFor: async (text: string) =>
      (await answerer.find(text, { on: day() })).candidates.map(({ item, score }) => ({ department: item.department, score })),
  };
}
