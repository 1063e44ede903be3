/** An editor's YAML → a knowledge item, or what is wrong with it in words. */
import { parseDocument } from 'yaml';
import { type KnowledgeItem, knowledgeItemSchema } from '../../knowledge/item.ts';

const mostProblems = 5;

/** Errors: the line of a YAML mistake, or up to five wrong fields. The id may not change from `id`: it names the entry's history. */
export function itemFromYaml(yaml: string, id?: string): { ok: true; item: KnowledgeItem } | { ok: false; problem: string } {
  const document = parseDocument(yaml, { uniqueKeys: true, logLevel: 'error' });
  const [mistake] = document.errors;
  if (mistake) return { ok: false, problem: `第 ${mistake.linePos?.[0].line ?? '?'} 行不是正确的 YAML：${mistake.code}` };
  let value: unknown;
  try {
    value = document.toJS({ maxAliasCount: 20 });
  } catch {
    return { ok: false, problem: '引用（& 和 *）太多' };
  }
  const parsed = knowledgeItemSchema.safeParse(value);
  if (!parsed.success) {
    const problems = parsed.error.issues.slice(0, mostProblems).map((issue) => `${issue.path.join('.') || '内容'}：${issue.message}`);
    return { ok: false, problem: problems.join('；') };
  }
  if (id !== undefined && parsed.data.id !== id) return { ok: false, problem: `id：编号不能改，应当是 ${id}` };
  return { ok: true, item: parsed.data };
}
