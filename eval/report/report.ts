/** The report: one HTML file that needs no network, in Chinese and English, for screen, phone and paper. */
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Judgement } from '../judgement.ts';
import type { CaseResult, SuiteResult } from '../results.ts';
import { confusionMatrix, reliabilityChart, riskCoverageChart } from './charts.ts';
import { escapeHtml, figure, scriptJson } from './html.ts';
import { script } from './script.ts';
import {
  chip,
  coverageTables,
  faultTable,
  flips,
  gateTable,
  headlineTable,
  judgeSection,
  labelTables,
  manifestDetails,
  sliceTable,
} from './sections.ts';
import { headlineOf } from './slices.ts';
import { style } from './style.ts';
import { both, faultTable as faultNames, kindWords, metricWords } from './words.ts';

/** Writes `report.html` into the folder and returns its path. */
export async function writeReport(folder: string, judgements: readonly Judgement[]): Promise<string> {
  const path = join(folder, 'report.html');
  await writeFile(path, reportHtml(judgements));
  return path;
}

/** The whole page. */
export function reportHtml(judgements: readonly Judgement[]): string {
  const total = judgements.reduce((sum, one) => sum + one.result.cases.length, 0);
  const seconds = wallSeconds(judgements.map((one) => one.result));
  const first = judgements[0]?.result.manifest;
  const when = first?.startedAt.replace('T', ' ').slice(0, 16) ?? '';
  const commit = first?.commit ? `${first.commit.slice(0, 10)}${first.dirty ? '+' : ''}` : '–';
  return `<!doctype html>
<html lang="zh" data-lang="zh">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>问办评测报告 · Wenban evaluation</title>
<style>${style}</style>
</head>
<body>
<header>
<div><h1>${both('问办评测报告', 'Wenban evaluation report')}</h1>
<p class="muted">${when} UTC · ${both(`${judgements.length} 套题，${total} 例，${seconds.toFixed(1)} 秒`, `${judgements.length} suites, ${total} cases, ${seconds.toFixed(1)} s`)} · ${both('版本', 'commit')} <code>${escapeHtml(commit)}</code></p></div>
<button type="button" id="language">English</button>
</header>
<main>
${overview(judgements)}
${judgements.map(section).join('\n')}
</main>
<script type="application/json" id="words">${scriptJson(faultNames)}</script>
<script>${script}</script>
</body>
</html>
`;
}

/** From the start of the first suite to the end of the last: suites run side by side. */
function wallSeconds(results: readonly SuiteResult[]): number {
  const starts = results.map(({ manifest }) => Date.parse(manifest.startedAt));
  const ends = results.map(({ manifest }) => Date.parse(manifest.startedAt) + manifest.seconds * 1000);
  return results.length === 0 ? 0 : (Math.max(...ends) - Math.min(...starts)) / 1000;
}

/** A title in both languages, Chinese first, shows the one that is chosen. */
function titleOf({ title, suite }: SuiteResult): string {
  const [, zh, en] = /^(.*\p{Script=Han}\S*)\s+([A-Za-z].*)$/u.exec(title ?? '') ?? [];
  return zh && en ? both(zh, en) : escapeHtml(title ?? suite);
}

/** One row a suite: the verdict and the figure it is first judged by. */
function overview(judgements: readonly Judgement[]): string {
  const rows = judgements.map(({ result, verdict, comparison }) => {
    const metric = headlineOf(result);
    const estimate = result.metrics[metric];
    const errors = result.cases.filter((one) => one.status === 'error').length;
    return `<tr><th scope="row"><a href="#${escapeHtml(result.suite)}">${titleOf(result)}</a></th><td>${chip(verdict)}${comparison ? ` ${chip(comparison.verdict)}` : ''}</td><td class="n value">${estimate ? figure(metric, estimate.value) : '–'}</td><td class="metric"><code>${escapeHtml(metric)}</code><small>${metricWords(metric)}</small></td><td class="kind">${kindWords(result.kind)}</td><td class="n">${result.cases.length}</td><td class="n${errors > 0 ? ' down' : ''}">${errors}</td><td class="n extra">${figure('latency_ms_p50', result.metrics.latency_ms_p50?.value ?? Number.NaN)}</td><td class="n extra">${figure('latency_ms_p95', result.metrics.latency_ms_p95?.value ?? Number.NaN)}</td>${spent(result)}</tr>`;
  });
  return `<section class="overview"><h2>${both('总览', 'Overview')}</h2><div class="scroll"><table><thead><tr><th>${both('题集', 'suite')}</th><th>${both('结论', 'verdict')}</th><th class="n">${both('数值', 'value')}</th><th>${both('主指标', 'first metric')}</th><th class="kind">${both('类别', 'kind')}</th><th class="n">${both('例数', 'cases')}</th><th class="n">${both('出错', 'errors')}</th><th class="n extra">${both('耗时中位', 'p50')}<small>ms</small></th><th class="n extra">${both('95 分位', 'p95')}<small>ms</small></th><th class="n extra">${both('词元', 'tokens')}</th><th class="n extra">${both('费用', 'cost')}</th></tr></thead><tbody>${rows.join('')}</tbody></table></div></section>`;
}

/** Tokens and money; a run without a model spends none. */
function spent({ manifest: { usage } }: SuiteResult): string {
  const tokens = usage ? String(usage.inputTokens + usage.outputTokens) : '0';
  const cost = !usage ? '0' : usage.cost === null ? '–' : figure('cost_total', usage.cost);
  return `<td class="n extra">${tokens}${usage && usage.calls > 0 ? `<small>${both(`缓存 ${figure('', usage.kept / usage.calls)}`, `cached ${figure('', usage.kept / usage.calls)}`)}</small>` : ''}</td><td class="n extra">${cost}</td>`;
}

function section(judgement: Judgement): string {
  const { result, verdict } = judgement;
  const { riskCoverage, reliability, confusion } = result.curves;
  const charts = [
    riskCoverage ? riskCoverageChart(riskCoverage) : '',
    reliability ? reliabilityChart(reliability) : '',
    confusion ? confusionMatrix(confusion) : '',
  ].join('');
  return `<section class="suite" id="${escapeHtml(result.suite)}">
<h2>${titleOf(result)} ${chip(verdict)}</h2>
<p class="muted"><code>${escapeHtml(result.suite)}</code> · ${kindWords(result.kind)} · ${both(`${result.cases.length} 例`, `${result.cases.length} cases`)} · ${result.manifest.seconds} s</p>
${headlineTable(judgement)}
${gateTable(judgement)}
${flips(judgement)}
${charts === '' ? '' : `<div class="charts">${charts}</div>`}
${faultTable(result)}
${sliceTable(result)}
${labelTables(result)}
${coverageTables(result)}
${judgeSection(result)}
<h3>${both('每一例', 'Every case')}</h3>
<div class="cases" data-suite="${escapeHtml(result.suite)}"></div>
<script type="application/json" data-cases="${escapeHtml(result.suite)}">${scriptJson(result.cases.map(slim))}</script>
${manifestDetails(result)}
</section>`;
}

const longest = 700;

/** Long texts are cut: the whole of them stands in results.json. */
function slim(one: CaseResult): unknown {
  return JSON.parse(
    JSON.stringify(one, (_key, value: unknown) =>
      typeof value === 'string' && value.length > longest ? `${value.slice(0, longest)}…` : value,
    ),
  );
}
