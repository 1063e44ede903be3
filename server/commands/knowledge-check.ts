/** `wenban knowledge check`. */
import { join } from 'node:path';
import { guidesOf } from '../../bot/flows/flow.ts';
import { loadFlows } from '../../bot/flows/load.ts';
import { checkKnowledge } from '../../knowledge/check/check.ts';
import { type Coverage, coverageOf, type ListedItem } from '../../knowledge/check/coverage.ts';
import type { Finding, Severity } from '../../knowledge/check/finding.ts';
import type { FlowLinks } from '../../knowledge/check/links.ts';
import { readKnowledge } from '../../knowledge/import/import.ts';
import type { KnowledgeItem } from '../../knowledge/item.ts';
import { dayInChina } from '../../knowledge/life/rules.ts';
import type { Config } from '../config.ts';
import { loadManifest } from '../manifest.ts';
import { withKnowledge } from './knowledge-store.ts';

interface CheckFlags {
  pack?: string;
  list?: string;
  limit: string;
  json?: boolean;
}

/** Checks the newest versions of a pack, or files before they are imported. Exit code 1 when there is an error among the findings. */
export async function checkCommand(config: Config, paths: readonly string[], flags: CheckFlags): Promise<number> {
  const configured = (await loadManifest(config.packFolder)).name;
  const pack = flags.pack ?? configured;
  const items = paths.length > 0 ? await readItems(paths) : await storedItems(config, pack, configured);
  const officialList = flags.list === undefined ? undefined : listed(await readItems([flags.list]));
  const findings = checkKnowledge(items, {
    today: dayInChina(Date.now()),
    flows: paths.length === 0 && pack === configured ? await flowLinks(config) : [],
    ...(officialList ? { officialList } : {}),
  });
  const coverage = coverageOf(items, officialList);
  const counts = countsOf(findings);
  if (flags.json) console.log(JSON.stringify({ pack: paths.length > 0 ? null : pack, items: items.length, counts, coverage, findings }));
  else print(items.length, findings, coverage, Number(flags.limit));
  return counts.error > 0 ? 1 : 0;
}

async function readItems(paths: readonly string[]): Promise<KnowledgeItem[]> {
  const { items, problems } = await readKnowledge(paths, { strict: false });
  const errors = problems.filter((problem) => problem.severity === 'error');
  if (errors.length === 0) return items.map(({ item }) => item);
  throw new Error(errors.map(({ file, line, field, message }) => `${file}:${line ?? '?'} ${field ?? ''} ${message}`).join('\n'));
}

/** The newest version of everything that is, or may come to be, served; the pack's own files while the store has nothing of it. */
async function storedItems(config: Config, pack: string, configured: string): Promise<KnowledgeItem[]> {
  const items: KnowledgeItem[] = [];
  await withKnowledge(config, async (repository) => {
    const stored = await repository.list({ pack });
    items.push(...stored.filter(({ status }) => status !== 'expired').map(({ item }) => item));
    if (stored.length === 0 && pack === configured) items.push(...(await readItems([config.packFolder])));
    return 0;
  });
  if (items.length === 0) throw new Error(`知识包 ${pack} 里没有内容 (there is nothing in pack ${pack})`);
  return items;
}

async function flowLinks(config: Config): Promise<FlowLinks[]> {
  const { flows } = await loadFlows(join(config.packFolder, 'flows'));
  return flows.map((flow) => ({
    id: flow.id,
    owner: flow.owner,
    guides: [
      ...(flow.guide ? [flow.guide] : []),
      ...flow.steps.flatMap((step) => ('notice' in step ? guidesOf(step.notice).map(({ guide }) => guide) : [])),
    ],
  }));
}

function listed(items: readonly KnowledgeItem[]): ListedItem[] {
  return items.flatMap((item) =>
    item.kind === 'guide' ? [{ name: item.name, catalogCode: item.catalogCode, taskCode: item.taskCode }] : [],
  );
}

function countsOf(findings: readonly Finding[]): Record<Severity, number> {
  const counts = { error: 0, warning: 0, info: 0 };
  for (const { severity } of findings) counts[severity] += 1;
  return counts;
}

const severityWords: Record<Severity, string> = { error: '错误 error', warning: '提示 warning', info: '说明 info' };

function print(items: number, findings: readonly Finding[], coverage: Coverage, limit: number): void {
  const shown = new Map<string, number>();
  for (const { severity, kind, items: about, message } of findings) {
    const group = `${severity}|${kind}`;
    const count = (shown.get(group) ?? 0) + 1;
    shown.set(group, count);
    if (count <= limit)
      console.log(`${severityWords[severity]}  ${kind}  ${about.slice(0, 3).join(' ')}${about.length > 3 ? ' …' : ''}: ${message}`);
  }
  for (const [group, count] of shown) {
    if (count > limit) console.log(`${group.replace('|', ' ')}: 还有 ${count - limit} 条 more (--limit, --json)`);
  }
  const { listed: entries, withGuide, guides, notInForce } = coverage;
  const kinds = `清单事项 ${guides.listed}，一件事 ${guides.bundle}，便民服务 ${guides.convenience}，增值服务 ${guides.value_added}`;
  const share = entries === undefined ? '' : `；事项清单 official list ${withGuide}/${entries}`;
  console.log(`在用指南 guides in force: ${kinds}；未在用 not in force ${notInForce}${share}`);
  const counts = countsOf(findings);
  console.log(`检查了 ${items} 条 items: 错误 errors ${counts.error}，提示 warnings ${counts.warning}，说明 infos ${counts.info}`);
}
