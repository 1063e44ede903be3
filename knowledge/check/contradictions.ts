/** Items on the same matter that name another fee, time or amount. Made for few false alarms: what is only missing is no clash. */
import { type Faq, type Guide, type KnowledgeItem, type Policy, titleOf } from '../item.ts';
import { factsOf, feeFacts, limitWords, textsOf } from './facts.ts';
import type { Finding } from './finding.ts';
import { fullName, groupBy, type Matters } from './matters.ts';
import { type Quantity, quantitiesOf, type Unit } from './quantities.ts';
import { keyOf } from './similar.ts';

/** Words that make an amount a charge for the errand, not a benefit, a limit or a fine. */
const feeWords = /工本费|手续费|登记费|受理费|证书费|收费|费用|每证|每本|每件|每张|换领|补领|补证|补卡|换证/u;
const notFee = /补贴|补助|津贴|奖励|贷款|额度|工资|收入|罚|租金|押金|报销|最高|上限|限额|缴费基数/u;
const freeWords = /不收费|免费|不收钱|不要钱|不收一分钱/u;
/** Clauses that share this much of their words (and have enough of them) measure the same thing. */
const sameMeasure = 0.6;
const enoughWords = 4;

const quantityWords = /\d+(?:\.\d+)?(?:元|个?工作日|个?自然日|个月|周岁|[天日年岁%])?/gu;

const unitNames: Record<Unit, string> = {
  yuan: '金额',
  working_day: '办理时限',
  day: '天数',
  month: '月数',
  year: '年数',
  percent: '比例',
  age: '年龄',
};

/** Every clash between and inside the items. */
export function contradictions(matters: Matters): Finding[] {
  const cache = new Map<string, readonly Quantity[]>();
  const facts: Facts = (item) => {
    const known = cache.get(item.id) ?? factsOf(item);
    cache.set(item.id, known);
    return known;
  };
  return [
    ...matters.guides.flatMap((guide) => insideGuide(guide, matters, facts)),
    ...matters.faqs.flatMap((faq) => againstGuide(faq, matters, facts)),
    ...matters.policies.flatMap((policy) => againstGuides(policy, matters, facts)),
    ...twins(matters.guides),
  ];
}

/** What an item says; a guide's summary is left out, because it only repeats the rest. */
type Facts = (item: KnowledgeItem) => readonly Quantity[];

/** A FAQ against the guide it belongs to and the policies both rest on. */
function againstGuide(faq: Faq, matters: Matters, facts: Facts): Finding[] {
  const guide = matters.guideOf(faq);
  if (!guide) return [];
  const rest = [...new Set([...matters.policiesOf(guide), ...matters.citedBy(faq)])];
  const known = [guide, ...rest].flatMap(facts);
  const found = clashes(faq.answer, known, {
    charged: guide,
    named: () => allFacts(matters.namedIn(`${faq.question}${faq.answer}`), facts),
  });
  const free = claimsFree(faq.answer) && chargesForSure(guide) ? [freeClash(faq, guide)] : [];
  return [...found.map((clash) => told(clash, faq, 'answer', guide)), ...free];
}

/** A policy against the guides of its topic taken together: a number none of them has is a clash. */
function againstGuides(policy: Policy, matters: Matters, facts: Facts): Finding[] {
  const guides = matters.guidesOf(policy);
  const [first] = guides;
  if (!first) return [];
  const found = clashes(policy.body, guides.flatMap(facts), { named: (clause) => allFacts(matters.namedIn(clause), facts) });
  return found.map((clash) => told(clash, policy, 'body', first));
}

/** A guide's plain words against its own elements. */
function insideGuide(guide: Guide, matters: Matters, facts: Facts): Finding[] {
  const findings: Finding[] = [];
  const { promisedLimit, statutoryLimit } = guide;
  const report = (field: string, message: string): void => {
    findings.push({ kind: 'contradiction', severity: 'error', items: [guide.id], field, message: `《${titleOf(guide)}》${message}` });
  };
  if (promisedLimit && statutoryLimit && promisedLimit.unit === statutoryLimit.unit && promisedLimit.value > statutoryLimit.value) {
    report(
      'promisedLimit',
      `的承诺办结时限（${limitWords(promisedLimit)}）比法定办结时限（${limitWords(statutoryLimit)}）还长，请核对这两项`,
    );
  }
  if (guide.isCharged === false && guide.fees.length > 0) report('fees', '写着不收费，却列了收费项目，请核对“是否收费”');
  if (guide.summary !== undefined) {
    const found = clashes(guide.summary, facts(guide), {
      charged: guide,
      named: (clause) =>
        allFacts(
          matters.namedIn(clause).filter((one) => one !== guide),
          facts,
        ),
    });
    findings.push(...found.map((clash) => told(clash, guide, 'summary', guide)));
    if (claimsFree(guide.summary) && chargesForSure(guide)) findings.push(freeClash(guide, guide));
  }
  return findings;
}

interface Clash {
  readonly quantity: Quantity;
  /** What the other side says about the same. */
  readonly other: string;
  readonly severity: 'error' | 'warning';
}

/**
 * Quantities of a text that the known facts contradict. A handling time or a charge clashes when the facts have such a thing but not
 * this one; anything else only when a clause about the same measure has another number. What another guide named in the text says
 * about itself is no clash.
 */
function clashes(
  text: string,
  known: readonly Quantity[],
  options: { charged?: Guide; named: (clause: string) => readonly Quantity[] },
): Clash[] {
  const found: Clash[] = [];
  for (const quantity of quantitiesOf(text)) {
    const sameUnit = known.filter(({ unit }) => unit === quantity.unit);
    if (sameUnit.some(({ value }) => value === quantity.value)) continue;
    const clash = clashOf(quantity, sameUnit, options.charged);
    if (clash && !options.named(quantity.clause).some(({ unit, value }) => unit === quantity.unit && value === quantity.value))
      found.push(clash);
  }
  return found;
}

function clashOf(quantity: Quantity, sameUnit: readonly Quantity[], charged: Guide | undefined): Clash | undefined {
  if (quantity.unit === 'working_day' && sameUnit.length > 0) return { quantity, other: valuesOf(sameUnit), severity: 'error' };
  if (quantity.unit === 'yuan' && isFee(quantity)) {
    const fees = charged ? feeFacts(charged).filter(({ unit }) => unit === 'yuan') : sameUnit.filter(isFee);
    if (fees.length > 0) return { quantity, other: valuesOf(fees), severity: 'error' };
    if (charged?.isCharged === false) return { quantity, other: '不收费', severity: 'error' };
  }
  const aligned = sameUnit.filter((one) => measuresTheSame(one.clause, quantity.clause));
  return aligned.length > 0 ? { quantity, other: valuesOf(aligned), severity: 'warning' } : undefined;
}

/** A bare amount (10 元) beside an errand's other facts is its charge. */
function isFee({ clause, words }: Quantity): boolean {
  return !notFee.test(clause) && (feeWords.test(clause) || clause === words);
}

function measuresTheSame(one: string, other: string): boolean {
  const [a, b] = [wordsOf(one), wordsOf(other)];
  const least = Math.min(a.size, b.size);
  if (least < enoughWords) return false;
  return [...a].filter((word) => b.has(word)).length / least >= sameMeasure;
}

function wordsOf(clause: string): Set<string> {
  const letters = clause.replace(quantityWords, '').replace(/[^\p{Script=Han}]/gu, '');
  return new Set(Array.from({ length: Math.max(0, letters.length - 1) }, (_, i) => letters.slice(i, i + 2)));
}

/** 不收费 said of the whole errand, in a sentence that names no condition. */
function claimsFree(text: string): boolean {
  return text
    .split(/[。；;！？\n]/u)
    .some((sentence) => /^(?:办理|全程|都|这项|本事项|申请|补领|换领|办这个)?(?:不收费|免费|不收钱|不要钱)/u.test(sentence.trim()));
}

function chargesForSure(guide: Guide): boolean {
  return (
    guide.isCharged === true && guide.fees.length > 0 && !textsOf(guide.fees).some((text) => freeWords.test(text) || /免|不收/u.test(text))
  );
}

function freeClash(item: Faq | Guide, guide: Guide): Finding {
  const fees = guide.fees.map((fee) => `${fee.name}${fee.standard}`).join('；');
  return {
    kind: 'contradiction',
    severity: 'error',
    items: item === guide ? [guide.id] : [item.id, guide.id],
    field: item.kind === 'faq' ? 'answer' : 'summary',
    message: `“${titleOf(item)}”说不收费，但《${titleOf(guide)}》的收费项目是：${fees}。请核对后改成一致`,
  };
}

function told({ quantity, other, severity }: Clash, item: KnowledgeItem, field: string, guide: Guide): Finding {
  const own = item.id === guide.id;
  const where = own ? '自己的其他要素' : `《${titleOf(guide)}》`;
  return {
    kind: 'contradiction',
    severity,
    items: own ? [item.id] : [item.id, guide.id],
    field,
    message: `“${titleOf(item)}”写着“${quantity.clause}”，${where}的${unitNames[quantity.unit]}是 ${other}。请核对哪个对，改成一致`,
  };
}

/** Guides of the same name, department, region and audience: a citizen can't know which one holds. */
function twins(guides: readonly Guide[]): Finding[] {
  const inForce = guides.filter((guide) => guide.state === 'in_force');
  const groups = groupBy(inForce, (guide) =>
    [
      keyOf(fullName(guide)),
      guide.region ?? '',
      guide.department ?? '',
      guide.deptCode ?? '',
      guide.useLevel ?? '',
      [...guide.audience].sort().join(),
    ].join('|'),
  );
  return [...groups.values()].flatMap((group) => (group.length > 1 ? twinClash(group) : []));
}

function twinClash(group: readonly Guide[]): Finding[] {
  const said: readonly [field: string, name: string, of: (guide: Guide) => string | undefined][] = [
    ['promisedLimit', '承诺办结时限', (guide) => guide.promisedLimit && limitWords(guide.promisedLimit)],
    [
      'fees',
      '收费',
      (guide) =>
        guide.isCharged === undefined ? undefined : guide.isCharged ? guide.fees.map((fee) => fee.standard).join('；') || '收费' : '不收费',
    ],
    ['consultPhone', '咨询电话', (guide) => guide.consultPhone],
  ];
  const [first] = group as [Guide];
  return said.flatMap(([field, name, of]): Finding[] => {
    const values = [...new Set(group.flatMap((guide) => of(guide) ?? []))];
    if (values.length < 2) return [];
    return [
      {
        kind: 'contradiction',
        severity: 'warning',
        items: group.map(({ id }) => id),
        field,
        message: `有 ${group.length} 份同名指南《${fullName(first)}》，${name}却不一样：${values.slice(0, 4).join(' / ')}。请合并，或在名称里写清区别`,
      },
    ];
  });
}

const allFacts = (items: readonly KnowledgeItem[], facts: Facts): Quantity[] => items.flatMap(facts);
const valuesOf = (quantities: readonly Quantity[]): string => [...new Set(quantities.map(({ words }) => words))].slice(0, 5).join('、');
