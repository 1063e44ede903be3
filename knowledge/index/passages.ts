/** Splits a knowledge item into the passages that are searched and cited, and lists the names people use for it. */
import type { Guide, KnowledgeItem, Policy } from '../item.ts';
import { titleOf } from '../item.ts';
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

const clauseStart = /^(?:#{1,6}\s+.+|第[一二三四五六七八九十百零〇\d]+[条章]\s*.*)$/u;
const maxClause = 400;

/** Policies are cut at headings and 第X条; what is still long is cut at sentence ends with one sentence of overlap. */
function policyParts(policy: Policy): Part[] {
  const found: Part[] = [];
  let heading = policy.docNo ?? '正文';
  let lines: string[] = [];
  const flush = () => {
    for (const piece of pieces(lines.join('\n').trim())) {
      found.push({ element: 'clause', heading, key: `c${found.length + 1}`, text: piece });
    }
    lines = [];
  };
  for (const line of policy.body.split(/\r?\n/)) {
    const trimmed = line.trim();
    if (clauseStart.test(trimmed)) {
      flush();
      const clause = /^第[^条章\s]+[条章]/u.exec(trimmed);
      heading = clause ? clause[0] : trimmed.replace(/^#+\s*/u, '');
      if (clause) lines.push(trimmed);
    } else if (trimmed !== '') lines.push(trimmed);
  }
  flush();
  return found;
}

/** Sentences of a text; list lead-ins and line breaks end one too. Nothing is lost: joined they give the text back. */
export function sentences(text: string): string[] {
  return text.match(/[^。！？；!?;\n]*(?:[。！？；!?;]+[”’』」）)]*\n*|\n+|$)/gu)?.filter((one) => one !== '') ?? [];
}

function pieces(text: string): string[] {
  if (text === '') return [];
  if (text.length <= maxClause) return [text];
  const result: string[] = [];
  let current: string[] = [];
  let length = 0;
  for (const sentence of sentences(text)) {
    if (length > 0 && length + sentence.length > maxClause) {
      result.push(current.join('').trim());
      const last = current.at(-1) ?? '';
      current = last.length < maxClause / 2 ? [last] : [];
      length = current.join('').length;
    }
    current.push(sentence);
    length += sentence.length;
  }
  if (current.length > 0) result.push(current.join('').trim());
  return result;
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
