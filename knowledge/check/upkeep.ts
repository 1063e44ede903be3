/** Entries that need their editors: gaps, dates that have come, and guides nobody wrote a question for. */
import { type KnowledgeItem, missingElements, titleOf } from '../item.ts';
import type { Finding } from './finding.ts';
import type { Matters } from './matters.ts';
import { keyOf } from './similar.ts';

const expiringDays = 30;
const staleDays = 365;

/** Items past or near their validTo, last touched more than a year ago, resting on an expired policy, or with gaps. */
export function upkeep(matters: Matters, items: readonly KnowledgeItem[], today: string): Finding[] {
  return [...items.flatMap((item) => dates(item, today)), ...expiredBasis(matters, today), ...gaps(matters), ...withoutQuestions(matters)];
}

function dates(item: KnowledgeItem, today: string): Finding[] {
  const { validTo, updatedAt } = item;
  const about = { items: [item.id] };
  if (validTo !== undefined && validTo < today) {
    const message = `“${titleOf(item)}”的有效期到 ${validTo} 为止，已经不再回答。请更新内容和有效期，或撤下`;
    return [{ kind: 'expired', severity: 'warning', ...about, field: 'validTo', message }];
  }
  const findings: Finding[] = [];
  if (validTo !== undefined && validTo <= addDays(today, expiringDays)) {
    const message = `“${titleOf(item)}”的有效期到 ${validTo} 为止，只剩 ${daysBetween(today, validTo)} 天。请确认是否延长，或准备新的内容`;
    findings.push({ kind: 'expiring', severity: 'warning', ...about, field: 'validTo', message });
  }
  if (item.kind !== 'policy' && updatedAt !== undefined && updatedAt < addDays(today, -staleDays)) {
    const message = `“${titleOf(item)}”上次更新是 ${updatedAt}，超过一年了。请核对是否还对，改好更新日期`;
    findings.push({ kind: 'stale', severity: 'warning', ...about, field: 'updatedAt', message });
  }
  return findings;
}

function expiredBasis({ guides, policies }: Matters, today: string): Finding[] {
  const expired = new Map(
    policies.flatMap((policy) => (policy.validTo !== undefined && policy.validTo < today ? [[keyOf(policy.title), policy] as const] : [])),
  );
  if (expired.size === 0) return [];
  return guides.flatMap((guide) =>
    guide.legalBasis.flatMap(({ document }): Finding[] => {
      const policy = expired.get(keyOf(document));
      if (!policy) return [];
      return [
        {
          kind: 'expired_basis',
          severity: 'warning',
          items: [guide.id, policy.id],
          field: 'legalBasis',
          message: `《${titleOf(guide)}》的设定依据《${policy.title}》已在 ${policy.validTo} 失效。请换成现行的依据`,
        },
      ];
    }),
  );
}

function gaps({ guides }: Matters): Finding[] {
  return guides.flatMap((guide): Finding[] => {
    const missing = guide.state === 'in_force' ? missingElements(guide) : [];
    if (missing.length === 0) return [];
    const message = `《${titleOf(guide)}》缺少必填要素：${missing.join('、')}。请补齐`;
    return [{ kind: 'missing_elements', severity: 'warning', items: [guide.id], message }];
  });
}

/** One finding for all of them: a city without any FAQ would drown in single ones. */
function withoutQuestions({ guides, faqs }: Matters): Finding[] {
  const asked = new Set(faqs.flatMap((faq) => faq.guideId ?? []));
  const silent = guides.filter((guide) => guide.state === 'in_force' && !asked.has(guide.id));
  if (silent.length === 0) return [];
  const names = silent.slice(0, 5).map((guide) => `《${titleOf(guide)}》`);
  const message = `有 ${silent.length} 份指南还没有常见问题：${names.join('')}${silent.length > names.length ? '等' : ''}。可以从市民的真实提问里补几条`;
  return [{ kind: 'no_faq', severity: 'info', items: silent.map(({ id }) => id), message }];
}

function addDays(day: string, days: number): string {
  const date = new Date(`${day}T00:00:00Z`);
  date.setUTCDate(date.getUTCDate() + days);
  return date.toISOString().slice(0, 10);
}

function daysBetween(from: string, to: string): number {
  return Math.round((Date.parse(to) - Date.parse(from)) / 86_400_000);
}
