/** References that lead nowhere: the citizen would press a button and get no answer. */
import { type KnowledgeItem, titleOf } from '../item.ts';
import type { Finding } from './finding.ts';
import type { Matters } from './matters.ts';

/** A flow and the guides it starts from or tells at its end. */
export interface FlowLinks {
  readonly id: string;
  readonly guides: readonly string[];
  /** The department that answers for it: an id of pack.yaml. */
  readonly owner?: string;
}

/** FAQs and flows whose guide is missing or not in force, and departments nobody can look up. */
export function deadLinks(matters: Matters, items: readonly KnowledgeItem[], flows: readonly FlowLinks[]): Finding[] {
  const fromFaqs = matters.faqs.flatMap((faq) => {
    if (faq.guideId === undefined) return [];
    return toGuide(matters, faq.guideId, { items: [faq.id], field: 'guideId', subject: `常见问题“${faq.question}”` });
  });
  const fromFlows = flows.flatMap((flow) =>
    [...new Set(flow.guides)].flatMap((id) =>
      toGuide(matters, id, { items: [`flow:${flow.id}`], field: 'guide', subject: `导办流程 ${flow.id} ` }),
    ),
  );
  return [...fromFaqs, ...fromFlows, ...flows.flatMap((flow) => unknownOwner(matters, flow)), ...unknownDepartments(matters, items)];
}

/** The importer keeps the departments of pack.yaml as contacts `dept-<id>`. */
function unknownOwner(matters: Matters, { id, owner }: FlowLinks): Finding[] {
  const departments = matters.contacts.filter((contact) => contact.id.startsWith('dept-'));
  if (owner === undefined || departments.length === 0 || departments.some((contact) => contact.id === `dept-${owner}`)) return [];
  const message = `导办流程 ${id} 的负责部门“${owner}”不在 pack.yaml 的部门里。请改成现有部门的编号`;
  return [{ kind: 'dead_link', severity: 'warning', items: [`flow:${id}`], field: 'owner', message }];
}

function toGuide(matters: Matters, id: string, from: { items: readonly string[]; field: string; subject: string }): Finding[] {
  const guide = matters.byId.get(id);
  const finding = (severity: Finding['severity'], words: string): Finding[] => [
    { kind: 'dead_link', severity, items: from.items, field: from.field, message: `${from.subject}${words}` },
  ];
  if (guide?.kind !== 'guide') return finding('error', `指向的指南“${id}”不存在或已停用。请改成现有指南的编号，或去掉`);
  if (guide.state === 'in_force') return [];
  return finding('warning', `指向的指南《${titleOf(guide)}》没有在用。请改成在用的指南，或去掉`);
}

/** Only where the pack lists its departments as contacts: without the list nothing can be said. */
function unknownDepartments(matters: Matters, items: readonly KnowledgeItem[]): Finding[] {
  const known = new Set(matters.contacts.flatMap((contact) => [contact.name, ...contact.aliases]));
  const listed = items.some((item) => item.kind === 'guide' && item.department !== undefined && known.has(item.department));
  if (!listed) return [];
  return items.flatMap((item): Finding[] => {
    if (item.kind === 'contact' || item.department === undefined || known.has(item.department)) return [];
    return [
      {
        kind: 'dead_link',
        severity: 'warning',
        items: [item.id],
        field: 'department',
        message: `“${titleOf(item)}”的责任部门“${item.department}”不在联系方式里，市民问它的电话、地址时答不出。请补一条部门信息，或改成登记过的名称`,
      },
    ];
  });
}
