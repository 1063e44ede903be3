/** Answers quoted from FAQs, policies and contacts: the sentences that answer, in order, with their source. */

import type { KnowledgeIndex, Passage, PassageHit } from '../../knowledge/index/types.ts';
import type { Contact, Faq, KnowledgeItem, Policy } from '../../knowledge/item.ts';
import type { Lexicon } from '../../knowledge/text/lexicon.ts';
import type { Texts } from '../texts.ts';
import { Citations, type Draft, type QuickReply } from './draft.ts';
import { quote, withoutOrders } from './quote.ts';

const clausesCompared = 5;
const nearlyAsWell = 0.8;

/** The FAQ's own answer, with the guide it belongs to (if that is in force) one press away. */
export function faqAnswer(
  faq: Faq,
  index: KnowledgeIndex,
  guide: KnowledgeItem | undefined,
  texts: Texts,
  flow?: { readonly name: string } | undefined,
): Draft {
  const citations = new Citations();
  const [passage] = index.passagesOf(faq.id);
  const quickReplies: QuickReply[] = faq.links.map((link) => ({ kind: 'open' as const, title: link.name, url: link.url }));
  if (guide?.kind === 'guide') {
    const name = guide.handlingItemName ?? guide.name;
    // Who is led through the errand need not read the guide first.
    if (flow) quickReplies.push({ kind: 'say', title: flow.name, value: flow.name });
    quickReplies.push({ kind: 'say', title: texts.seeGuide(name), value: name });
  }
  return {
    // The question stands above its answer: who asked something else sees it at once.
    text: `**${faq.question}**\n${withoutOrders(faq.answer)} ${passage ? citations.mark(passage) : ''}`.trim(),
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
  const chosen = clauseOf(hits, query, lexicon);
  if (!chosen) return undefined;
  const { passage: best, text } = chosen;
  const citations = new Citations();
  const name = `《${policy.title.replace(/^《|》$/gu, '')}》${policy.docNo ? `（${policy.docNo}）` : ''}${best.heading === policy.docNo || best.heading === '正文' ? '' : best.heading}`;
  const since = policy.validFrom ? `（自 ${policy.validFrom} 起施行）` : '';
  const lines = [`**${name}**${since} ${citations.mark(best)}`, text];
  return { text: lines.join('\n'), citations: citations.list, quickReplies: [], origin: 'guide' };
}

/** Of the clauses that fit nearly as well as the best (of all, where none was found by its words), the one with the sentence that answers. */
function clauseOf(hits: readonly PassageHit[], query: string, lexicon: Lexicon): { passage: Passage; text: string } | undefined {
  const best = hits[0]?.share ?? 0;
  let chosen: { passage: Passage; text: string; fit: number } | undefined;
  for (const { passage, share } of best > 0 ? hits.slice(0, clausesCompared) : hits) {
    if (share < nearlyAsWell * best) break;
    const quoted = { passage, ...quote(passage.text, query, lexicon, passage.title) };
    if (quoted.text !== '' && (!chosen || quoted.fit > chosen.fit)) chosen = quoted;
  }
  return chosen;
}
