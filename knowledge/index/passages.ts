/** Splits a knowledge item into the passages that are searched and cited, and lists the names people use for it. */
import { createHash } from 'node:crypto';
import { type Chunk, chunkDocument } from '../chunks.ts';
import { type Guide, type KnowledgeItem, type Policy, titleOf } from '../item.ts';
import {
  basisText,
  feeText,
  materialLines,
  materialsOf,
  onlineText,
  placeText,
  processText,
  resultText,
  timeText,
  visitsText,
} from './guide-text.ts';
import type { Name, Passage, PassageElement } from './types.ts';

type Part = { element: PassageElement; heading: string; text: string; key?: string; scenarioId?: string; url?: string };

/** Passages of an item, in reading order. A guide that is not in force has none: it must not be answered from. */
export function passagesOf(item: KnowledgeItem): Passage[] {
  const url = item.kind === 'guide' ? (item.onlineUrl ?? item.url) : item.url;
  return parts(item)
    .filter((part) => part.text.trim() !== '')
    .map((part) => ({
      id: `${item.id}#${part.key ?? part.element}`,
      itemId: item.id,
      kind: item.kind,
      title: titleOf(item),
      heading: part.heading,
      element: part.element,
      text: part.text,
      audience: item.audience,
      sample: item.sample,
      ...(part.scenarioId ? { scenarioId: part.scenarioId } : {}),
      ...(url ? { url } : {}),
      ...(item.kind === 'policy' && item.docNo ? { docNo: item.docNo } : {}),
      ...(item.department ? { department: item.department } : {}),
      ...(item.region ? { region: item.region } : {}),
      ...(item.validFrom ? { validFrom: item.validFrom } : {}),
      ...(item.validTo ? { validTo: item.validTo } : {}),
      ...(item.updatedAt ? { updatedAt: item.updatedAt } : {}),
    }));
}

function parts(item: KnowledgeItem): Part[] {
  switch (item.kind) {
    case 'guide':
      return item.state === 'in_force' ? guideParts(item) : [];
    case 'faq':
      return [{ element: 'answer', heading: '解答', text: item.answer }];
    case 'policy':
      return policyParts(item);
    case 'contact': {
      const lines = [
        item.phone ? `电话：${item.phone}` : '',
        item.address ? `地址：${item.address}` : '',
        item.hours ? `时间：${item.hours}` : '',
        item.duties ? `负责：${item.duties}` : '',
      ];
      return [{ element: 'contact', heading: '联系方式', text: lines.filter(Boolean).join('\n') }];
    }
  }
}

function guideParts(guide: Guide): Part[] {
  const materialParts: Part[] =
    guide.scenarios.length === 0
      ? [{ element: 'materials', heading: '申请材料', text: materialList(guide, []) }]
      : guide.scenarios.map((scenario) => ({
          element: 'materials' as const,
          heading: `申请材料（${scenario.name}）`,
          key: `materials-${scenario.id}`,
          scenarioId: scenario.id,
          text: materialList(guide, [scenario.id]),
        }));
  return [
    { element: 'summary', heading: '一句话说明', text: guide.summary ?? '' },
    { element: 'conditions', heading: '受理条件', text: guide.acceptConditions.join('\n') },
    ...materialParts,
    { element: 'process', heading: '办理流程', text: processText(guide) },
    { element: 'online', heading: '网上办理', text: onlineText(guide) },
    { element: 'time', heading: '办结时限', text: timeText(guide) },
    { element: 'fee', heading: '收费', text: feeText(guide) },
    ...guide.places.map((place, i) => ({ element: 'place' as const, heading: '办理地点', key: `place-${i + 1}`, text: placeText(place) })),
    { element: 'visits', heading: '跑动次数', text: visitsText(guide) },
    { element: 'result', heading: '办理结果', text: resultText(guide) },
    { element: 'phone', heading: '咨询电话', text: guide.consultPhone ?? '' },
    { element: 'complaint', heading: '监督投诉', text: guide.complaintPhone ?? '' },
    { element: 'basis', heading: '设定依据', text: basisText(guide) },
  ];
}

function materialList(guide: Guide, scenarioIds: string[]): string {
  return materialLines(materialsOf(guide, scenarioIds)).join('\n');
}

/** Policies are cut along headings, clauses and tables (see chunks.ts). */
function policyParts(policy: Policy): Part[] {
  const seen = new Map<string, number>();
  return chunkDocument(policy.body).map((chunk) => ({
    element: 'clause',
    heading: clauseHeading(chunk, policy),
    key: clauseKey(chunk.text, seen),
    text: chunk.text,
  }));
}

/** `第五条（第3页）`; a text without a heading of its own is cited by its document number. */
function clauseHeading({ heading, page }: Chunk, { title, docNo }: Policy): string {
  const own = heading === '' || heading === title ? (docNo ?? '正文') : heading;
  return page === undefined ? own : `${own}（${page}）`;
}

/** Made from the words alone, so that a clause keeps its id when others before it change; the same words again are counted. */
function clauseKey(text: string, seen: Map<string, number>): string {
  const key = `c-${createHash('sha256').update(text).digest('hex').slice(0, 12)}`;
  const times = (seen.get(key) ?? 0) + 1;
  seen.set(key, times);
  return times === 1 ? key : `${key}-${times}`;
}

/** The names people use for an item: title, aliases, similar questions. */
export function namesOf(item: KnowledgeItem): Name[] {
  const texts = (() => {
    switch (item.kind) {
      case 'guide':
        return [item.name, item.handlingItemName, ...item.aliases, ...item.scenarios.map((s) => `${item.name}${s.name}`)];
      case 'faq':
        return [item.question, ...item.similar];
      case 'policy':
        return [item.title];
      case 'contact':
        return [item.name, ...item.aliases, `${item.name}电话`, `${item.name}地址`];
    }
  })();
  return [...new Set(texts.filter((text): text is string => text !== undefined && text !== ''))].map((text) => ({ itemId: item.id, text }));
}

/** What of an item is compared by meaning: each name, and the title with the catalogue entries it stands under. */
export function spokenNamesOf(item: KnowledgeItem): string[] {
  const names = namesOf(item).map(({ text }) => text);
  const placed = item.kind === 'guide' ? [item.name, ...item.tags, item.handlingItemName ?? ''].join(' ').trim() : '';
  return [...new Set(placed === '' ? names : [...names, placed])];
}

export { sentencesOf as sentences } from '../sentences.ts';
