/** An answer made of a guide's own passages: the asked elements first, then what one needs to act, each cited. */

import { materialLines, materialsOf } from '../../knowledge/index/guide-text.ts';
import type { KnowledgeIndex, Passage } from '../../knowledge/index/types.ts';
import type { Guide, Material } from '../../knowledge/item.ts';
import { titleOf } from '../../knowledge/item.ts';
import type { Lexicon } from '../../knowledge/text/lexicon.ts';
import type { Texts } from '../texts.ts';
import { Citations, type Draft, type QuickReply } from './draft.ts';
import type { AskedElement } from './elements.ts';

/** Told even when not asked: without them nobody can set off (R-013, R-081). */
const essentials: readonly AskedElement[] = ['materials', 'place', 'time', 'fee'];
/** 一次性告知: everything the errand needs. */
export const wholeNotice: readonly AskedElement[] = [
  'conditions',
  'materials',
  'process',
  'place',
  'time',
  'fee',
  'online',
  'visits',
  'result',
  'phone',
];
/** Questions for one fact: told alone, everything else one press away (一看就能懂, R-013). */
const singleFacts: ReadonlySet<AskedElement> = new Set([
  'time',
  'fee',
  'place',
  'phone',
  'complaint',
  'visits',
  'result',
  'basis',
  'online',
]);
/** Places beyond these stay in the guide; the first is the main hall. */
const shownPlaces = 2;

export interface GuideAnswerOptions {
  readonly guide: Guide;
  readonly index: KnowledgeIndex;
  readonly asked: readonly AskedElement[];
  /** Scenario the citizen is in, when known. */
  readonly scenarioIds: readonly string[];
  /** True: tell every element (end of a guided flow). */
  readonly whole?: boolean;
  readonly texts: Texts;
  /** Where the citizen is: its hall comes first (R-072). */
  readonly district?: string | undefined;
  /** Flow that guides through this item, offered as a next step. */
  readonly flow?: { id: string; name: string } | undefined;
}

/** Which scenario of a guide a question speaks of: the one whose name shares words with it; empty when none or several do. */
export function scenariosIn(guide: Guide, text: string, lexicon: Lexicon): string[] {
  const title = lexicon.canonical(titleOf(guide));
  // The guide's own name says nothing of the citizen's situation: 许可和备案 is no 备案.
  const canonical = lexicon.canonical(text).replaceAll(title, '');
  const named = guide.scenarios.filter((scenario) => canonical.includes(lexicon.canonical(scenario.name)));
  // 不满 16 周岁 holds 满 16 周岁 and means the opposite: the longer name is meant.
  const whole = named.filter((one) => !named.some((other) => other !== one && other.name.includes(one.name)));
  if (whole.length === 1) return whole.map((scenario) => scenario.id);
  const hits = guide.scenarios.filter((scenario) =>
    distinguishing(scenario.name, lexicon).some((word) => canonical.includes(word) && !title.includes(word)),
  );
  return hits.length === 1 ? hits.map((scenario) => scenario.id) : [];
}

/** Words that stand in many situations and decide none. */
const undecided = new Set([
  '子女',
  '老年',
  '年人',
  '监护',
  '护人',
  '本人',
  '办理',
  '申领',
  '申请',
  '登记',
  '企业',
  '个人',
  '本市',
  '变更',
  '信息',
]);

/** Two-character stretches of a scenario's name: 丢失补领 → 丢失, 失补, 补领. */
function distinguishing(name: string, lexicon: Lexicon): string[] {
  const canonical = lexicon.canonical(name).replace(/[^\p{Script=Han}]/gu, '');
  return Array.from({ length: Math.max(0, canonical.length - 1) }, (_, i) => canonical.slice(i, i + 2)).filter(
    (word) => !undecided.has(word),
  );
}

/** Composes the answer. Every line ends in the mark of the passage it quotes. */
export function guideAnswer({ guide, index, asked, scenarioIds, whole = false, texts, flow, district }: GuideAnswerOptions): Draft {
  const citations = new Citations();
  const { near, passages } = nearestFirst(guide, index.passagesOf(guide.id), district);
  const scenario = guide.scenarios.find((one) => one.id === scenarioIds[0]);
  const brief = !whole && asked.length > 0 && asked.every((element) => singleFacts.has(element));
  // Single facts hold for every situation; only the list of materials is that of one.
  const lines: string[] = [`**${titleOf(guide)}${scenario && !brief ? `（${scenario.name}）` : ''}**`];
  const summary = passages.find((passage) => passage.element === 'summary');
  if (summary && !brief) lines.push(`${summary.text} ${citations.mark(summary)}`);
  const wanted = whole ? [...wholeNotice] : brief ? [...asked] : [...asked, ...essentials.filter((element) => !asked.includes(element))];
  for (const element of wanted) {
    const section = sectionOf(element, near, passages, scenarioIds, citations, texts, asked.includes(element) || whole);
    if (section) lines.push('', section);
  }
  const phone = passages.find((passage) => passage.element === 'phone');
  if (phone && !wanted.includes('phone')) lines.push('', `${texts.askFurther}${phone.text} ${citations.mark(phone)}`);
  return {
    text: lines.join('\n'),
    citations: citations.list,
    quickReplies: brief ? restOf(guide, asked, texts) : nextSteps(guide, scenario !== undefined, texts, flow),
    origin: 'guide',
  };
}

/** The guide and its passages with the places of the district before the others. */
function nearestFirst(
  guide: Guide,
  passages: readonly Passage[],
  district: string | undefined,
): { near: Guide; passages: readonly Passage[] } {
  if (district === undefined || !guide.places.some((place) => place.district === district)) return { near: guide, passages };
  const places = passages.filter((passage) => passage.element === 'place');
  const order = [...guide.places.keys()].sort((a, b) => away(guide, a, district) - away(guide, b, district) || a - b);
  const sorted = order.flatMap((nth) => places[nth] ?? []);
  return {
    near: { ...guide, places: order.flatMap((nth) => guide.places[nth] ?? []) },
    passages: [...passages.filter((passage) => passage.element !== 'place'), ...sorted],
  };
}

const away = (guide: Guide, nth: number, district: string): number => (guide.places[nth]?.district === district ? 0 : 1);

function sectionOf(
  element: AskedElement,
  guide: Guide,
  passages: readonly Passage[],
  scenarioIds: readonly string[],
  citations: Citations,
  texts: Texts,
  asked: boolean,
): string | undefined {
  const title = `**${texts.elements[element]}**`;
  const own = passages.filter((passage) => passage.element === element);
  if (element === 'materials') return materialsSection(title, guide, own, scenarioIds, citations, texts);
  if (own.length === 0) return asked ? `${title}\n${texts.elementMissing(texts.elements[element])}` : undefined;
  if (element === 'place') {
    const shown = own.slice(0, shownPlaces).map((passage) => `${passage.text} ${citations.mark(passage)}`);
    const rest = own.length - shownPlaces;
    return [
      title,
      ...(shown.length > 1 ? shown.map((line) => `- ${line}`) : shown),
      ...(rest > 0 ? [texts.morePlaces(guide.places.slice(shownPlaces).map((place) => place.name))] : []),
    ].join('\n');
  }
  const [first] = own;
  if (!first) return undefined;
  const inline = !first.text.includes('\n') && first.text.length <= 80;
  return inline ? `${title}\n${first.text} ${citations.mark(first)}` : `${title} ${citations.mark(first)}\n${first.text}`;
}

function materialsSection(
  title: string,
  guide: Guide,
  own: readonly Passage[],
  scenarioIds: readonly string[],
  citations: Citations,
  texts: Texts,
): string | undefined {
  if (own.length === 0) return `${title}\n${texts.elementMissing(texts.elements.materials)}`;
  const chosen = own.filter((passage) => passage.scenarioId === undefined || scenarioIds.includes(passage.scenarioId));
  if (chosen.length > 0) return chosen.map((passage) => `${title} ${citations.mark(passage)}\n${passage.text}`).join('\n');
  // Scenario not known yet: what everybody brings, then the extra of each situation, so that nothing comes as a surprise.
  const common = materialsOf(guide, []);
  const lines = [`${title} ${own.map((passage) => citations.mark(passage)).join('')}`, ...materialLines(common)];
  for (const scenario of guide.scenarios) {
    const extra = guide.materials.filter((material) => material.scenarioIds.includes(scenario.id));
    const passage = own.find((one) => one.scenarioId === scenario.id);
    if (extra.length > 0 && passage)
      lines.push(
        `- ${texts.inScenario(scenario.name)}${extra.map((material) => briefly(material, texts)).join('、')} ${citations.mark(passage)}`,
      );
  }
  return lines.join('\n');
}

/** Name and condition; the scenario's own list, one press away, has the rest. */
function briefly(material: Material, texts: Texts): string {
  const name = material.exempt ? texts.exempt(material.name) : material.name;
  return material.condition ? `${name}（${material.condition.replace(/。$/u, '')}）` : name;
}

/** What a brief answer left out, one press away. */
function restOf(guide: Guide, asked: readonly AskedElement[], texts: Texts): QuickReply[] {
  const rest = essentials.filter((element) => !asked.includes(element));
  return rest.map((element) => ({
    kind: 'say' as const,
    title: texts.elements[element],
    value: `${titleOf(guide)} ${texts.elements[element]}`,
  }));
}

function nextSteps(guide: Guide, scenarioKnown: boolean, texts: Texts, flow: { id: string; name: string } | undefined): QuickReply[] {
  const replies: QuickReply[] = [];
  if (guide.onlineUrl) replies.push({ kind: 'open', title: texts.handleOnline, url: guide.onlineUrl });
  if (guide.mobileUrl && guide.mobileUrl !== guide.onlineUrl)
    replies.push({ kind: 'open', title: texts.handleMobile, url: guide.mobileUrl });
  if (guide.bookUrl) replies.push({ kind: 'open', title: texts.bookVisit, url: guide.bookUrl });
  if (flow) replies.push({ kind: 'say', title: flow.name, value: flow.name });
  if (!scenarioKnown) {
    for (const scenario of guide.scenarios.slice(0, 4))
      replies.push({ kind: 'say', title: scenario.name, value: `${titleOf(guide)} ${scenario.name}` });
  }
  return replies;
}
