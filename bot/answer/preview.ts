/** What a citizen would be answered from an entry that is not in force yet: the same parts as in a turn, over this entry alone. */
import { HybridIndex } from '../../knowledge/index/hybrid.ts';
import { type KnowledgeItem, titleOf } from '../../knowledge/item.ts';
import type { Lexicon } from '../../knowledge/text/lexicon.ts';
import type { Activity, ChannelAccount } from '../activity.ts';
import { fullCapabilities, plainCapabilities, render } from '../render.ts';
import { textsFor } from '../texts.ts';
import { Answerer } from './answer.ts';
import { nothingFound } from './retrieve.ts';

export interface PreviewOptions {
  readonly lexicon: Lexicon;
  readonly bot: ChannelAccount;
  /** The day it is, ISO; an entry that begins later is shown as on its first day. */
  readonly day: string;
  /** What an FAQ leads on to. */
  readonly guide?: KnowledgeItem | undefined;
  /** The citizen's words; left out: what the entry is called. */
  readonly question?: string | undefined;
}

export interface Preview {
  readonly question: string;
  /** As the widget shows it. */
  readonly messages: readonly Activity[];
  /** As a channel that shows only text sends it. */
  readonly plain: string;
}

/** Undefined when nothing could be quoted from the entry, or its last day is over. */
export async function previewItem(item: KnowledgeItem, options: PreviewOptions): Promise<Preview | undefined> {
  const { lexicon, bot, day, guide } = options;
  const index = new HybridIndex({ lexicon });
  await index.replace({ revision: 'preview', items: [item, ...(guide && guide.id !== item.id ? [guide] : [])] });
  const answerer = new Answerer({ index, lexicon, flowFor: () => undefined });
  const texts = textsFor('zh-CN');
  const question = options.question || titleOf(item);
  const on = item.validFrom !== undefined && item.validFrom > day ? item.validFrom : day;
  const answer = answerer.answerFrom(item.id, question, nothingFound, texts, { on });
  if (answer.kind !== 'answered') return undefined;
  const plain = render([answer.draft], { capabilities: plainCapabilities, bot, texts });
  return {
    question,
    messages: render([answer.draft], { capabilities: fullCapabilities, bot, texts }),
    plain: plain.map(({ text }) => text ?? '').join('\n\n'),
  };
}
