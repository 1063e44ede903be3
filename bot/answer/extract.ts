/** Answers quoted from FAQs, policies and contacts: the sentences that answer, in order, with their source. */

import { sentences } from '../../knowledge/index/passages.ts';
import type { KnowledgeIndex, Passage, PassageHit } from '../../knowledge/index/types.ts';
import type { Contact, Faq, KnowledgeItem, Policy } from '../../knowledge/item.ts';
import type { Lexicon } from '../../knowledge/text/lexicon.ts';
import { bigrams } from '../../knowledge/text/tokenise.ts';
import type { Texts } from '../texts.ts';
import { Citations, type Draft, type QuickReply } from './draft.ts';

/** Best sentence and the next two hold the gold answer most often within some 150 characters (reference nlu.md §1.3). */
const followingSentences = 2;
const longestExtract = 300;

/** The FAQ's own answer, with the guide it belongs to (if that is in force) one press away. */
export function faqAnswer(faq: Faq, index: KnowledgeIndex, guide: KnowledgeItem | undefined, texts: Texts): Draft {
  const citations = new Citations();
  const [passage] = index.passagesOf(faq.id);
  const quickReplies: QuickReply[] = faq.links.map((link) => ({ kind: 'open' as const, title: link.name, url: link.url }));
  if (guide?.kind === 'guide') {
    const name = guide.handlingItemName ?? guide.name;
    quickReplies.push({ kind: 'say', title: texts.seeGuide(name), value: name });
  }
  return {
    // The question stands above its answer: who asked something else sees it at once.
    text: `**${faq.question}**\n${faq.answer} ${passage ? citations.mark(passage) : ''}`.trim(),
    citations: citations.list,
    quickReplies,
    origin: 'guide',
  };
}

/** Phone, address and hours of an office, exactly as recorded (R-091). */
export function contactAnswer(contact: Contact, index: KnowledgeIndex): Draft {
  const citations = new Citations();
  const [passage] = index.passagesOf(contact.id);
  const lines = passage ? [`**${contact.name}** ${citations.mark(passage)}`, passage.text] : [`**${contact.name}**`];
  return { text: lines.join('\n'), citations: citations.list, quickReplies: [], origin: 'guide' };
}

/** Quotes the clause that fits the question best; names document number, clause and date of effect (R-107). */
export function policyAnswer(policy: Policy, hits: readonly PassageHit[], query: string, lexicon: Lexicon): Draft | undefined {
  const best = hits[0]?.passage;
  if (!best) return undefined;
  const citations = new Citations();
  const name = `《${policy.title.replace(/^《|》$/gu, '')}》${policy.docNo ? `（${policy.docNo}）` : ''}${best.heading === policy.docNo || best.heading === '正文' ? '' : best.heading}`;
  const since = policy.validFrom ? `（自 ${policy.validFrom} 起施行）` : '';
  const lines = [`**${name}**${since} ${citations.mark(best)}`, quote(best, query, lexicon)];
  return { text: lines.join('\n'), citations: citations.list, quickReplies: [], origin: 'guide' };
}

/** The sentence of a passage that covers most of the question, and what follows it, at most 300 characters. */
function quote(passage: Passage, query: string, lexicon: Lexicon): string {
  const wanted = new Set(bigrams(lexicon.canonical(query)));
  const list = sentences(passage.text);
  const scores = list.map((sentence) => {
    const found = new Set(bigrams(lexicon.canonical(sentence)).filter((term) => wanted.has(term)));
    return found.size / Math.sqrt(8 + sentence.length);
  });
  const best = scores.indexOf(Math.max(...scores));
  let text = '';
  for (const sentence of list.slice(Math.max(0, best), best + 1 + followingSentences)) {
    if (text !== '' && text.length + sentence.length > longestExtract) break;
    text += sentence;
  }
  return text.trim();
}
