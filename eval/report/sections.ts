/** The parts of a suite's section that are read, not clicked: figures, gates, slices, labels, faults, flips, manifest. */
import type { Judgement } from '../judgement.ts';
import { perLabel } from '../metrics/classification.ts';
import { lowerIsBetter } from '../metrics/names.ts';
import { faults, type SuiteResult } from '../results.ts';
import { intervalBar } from './charts.ts';
import { difference, escapeHtml, figure, isCount } from './html.ts';
import { headlineOf, slicesOf } from './slices.ts';
import { both, faultWords, metricWords, verdictWords } from './words.ts';

const chip = (verdict: string): string => `<span class="chip ${verdict}">${verdictWords(verdict)}</span>`;
const table = (head: string, rows: readonly string[], name: string): string =>
  `<div class="scroll"><table class="${name}"><thead><tr>${head}</tr></thead><tbody>${rows.join('')}</tbody></table></div>`;
const th = (zh: string, en: string, number = false): string => `<th${number ? ' class="n"' : ''}>${both(zh, en)}</th>`;

/** Every metric with its interval and, against a baseline, what changed. */
export function headlineTable({ result, comparison }: Judgement): string {
  const first = headlineOf(result);
  const names = [first, ...Object.keys(result.metrics).filter((name) => name !== first)];
  const rows = names.flatMap((name) => {
    const metric = result.metrics[name];
    if (!metric) return [];
    const { value, ci95, n } = metric;
    const change = comparison?.changes.find((one) => one.metric === name);
    const share = !isCount(name);
    const range = ci95.some((one) => !Number.isFinite(one)) ? '' : `${figure(name, ci95[0])} – ${figure(name, ci95[1])}`;
    const against = comparison
      ? change
        ? `<td class="n">${figure(name, change.before)}</td><td class="n ${change.significant ? (change.gain.value > 0 ? 'up' : 'down') : ''}">${difference(name, change.now - change.before)}<small>${[...change.gain.ci95].map((one) => difference(name, lowerIsBetter(name) ? -one : one)).join(' … ')}</small></td><td class="n">${change.adjusted < 0.001 ? '&lt;.001' : change.adjusted.toFixed(3)}</td>`
        : '<td></td><td></td><td></td>'
      : '';
    return `<tr${name === first ? ' class="first"' : ''}><th scope="row"><code>${escapeHtml(name)}</code><small>${metricWords(name)}</small></th><td class="n value">${figure(name, value)}</td><td class="ci">${share ? intervalBar(value, ci95) : ''}<small>${range}</small></td><td class="n">${n}</td>${against}</tr>`;
  });
  const versus = comparison ? `${th('基线', 'baseline', true)}${th('变化', 'change', true)}${th('p（校正后）', 'p (adjusted)', true)}` : '';
  return table(
    `${th('指标', 'metric')}${th('数值', 'value', true)}${th('95% 区间', '95% interval')}${th('例数', 'n', true)}${versus}`,
    rows,
    'metrics',
  );
}

const whyWords = (why: string): string => {
  if (why === 'no baseline given') return both('没有给基线', why);
  const gain = why.startsWith('gain ');
  return gain ? both(why.replace('gain', '变化'), why) : escapeHtml(why);
};

export function gateTable({ gates }: Judgement): string {
  if (gates.length === 0) return '';
  const rows = gates.map(
    (gate) =>
      `<tr><td><code>${escapeHtml(gate.metric)}</code></td><td><code>${escapeHtml(gate.rule)}</code></td><td class="n">${figure(gate.metric, gate.value)}</td><td>${chip(gate.verdict)}${gate.severity === 'warn' ? both('（只提醒）', ' (warning only)') : ''}</td><td><small>${whyWords(gate.why)}</small></td></tr>`,
  );
  return `<h3>${both('门槛', 'Gates')}</h3>${table(`${th('指标', 'metric')}${th('要求', 'bound')}${th('数值', 'value', true)}${th('结论', 'verdict')}${th('说明', 'why')}`, rows, 'gates')}`;
}

/** Slices of the headline metric. */
export function sliceTable(result: SuiteResult): string {
  const slices = slicesOf(result);
  if (slices.length === 0) return '';
  const metric = headlineOf(result);
  const words = {
    better: both('好于其余', 'better than the rest'),
    worse: both('差于其余', 'worse than the rest'),
    same: '',
    too_few: both('例数太少，不下结论', 'too few to say'),
  };
  const rows = slices.map(
    (slice) =>
      `<tr class="${slice.stands}"><td>${escapeHtml(slice.name)}</td><td>${escapeHtml(slice.value)}</td><td class="n">${figure(metric, slice.estimate.value)}</td><td class="ci">${intervalBar(slice.estimate.value, slice.estimate.ci95)}</td><td class="n">${slice.estimate.n}</td><td>${words[slice.stands]}</td></tr>`,
  );
  return `<h3>${both('切片', 'Slices')} <code>${escapeHtml(metric)}</code></h3>${table(`${th('维度', 'by')}${th('取值', 'value')}${th('数值', 'value', true)}${th('95% 区间', '95% interval')}${th('例数', 'n', true)}<th></th>`, rows, 'slices')}`;
}

const mostPairs = 20;

/** Most confused pairs, and labels from the worst. */
export function labelTables(result: SuiteResult): string {
  if (result.kind !== 'intent') return '';
  const labels = perLabel(
    result.cases.map((one) => ({ expected: String(one.expected), actual: one.status === 'error' ? '(error)' : String(one.actual) })),
  );
  const pairs = labels
    .flatMap(({ label, n, confusedWith }) => confusedWith.map((other) => ({ label, n, other: other.label, count: other.n })))
    .sort((a, b) => b.count - a.count || b.count / b.n - a.count / a.n)
    .slice(0, mostPairs)
    .map(
      ({ label, n, other, count }) =>
        `<tr><td>${escapeHtml(label)}</td><td>${escapeHtml(other)}</td><td class="n">${count}</td><td class="n">${figure('', count / n)}</td></tr>`,
    );
  const worst = [...labels]
    .sort((a, b) => a.f1 - b.f1 || b.n - a.n)
    .slice(0, mostPairs)
    .map(
      ({ label, n, precision, recall, f1 }) =>
        `<tr><td>${escapeHtml(label)}</td><td class="n">${figure('', precision)}</td><td class="n">${figure('', recall)}</td><td class="n">${figure('', f1)}</td><td class="n">${n}</td></tr>`,
    );
  return `<div class="columns"><div><h3>${both('最易混淆', 'Most confused')}</h3>${table(`${th('应为', 'expected')}${th('认成', 'said')}${th('次数', 'times', true)}${th('占比', 'share', true)}`, pairs, 'pairs')}</div><div><h3>${both('最弱的标签', 'Weakest labels')}</h3>${table(`${th('标签', 'label')}${th('准确', 'precision', true)}${th('召回', 'recall', true)}<th class="n">F1</th>${th('例数', 'n', true)}`, worst, 'labels')}</div></div>`;
}

/** How the failures divide, by rule. */
export function faultTable(result: SuiteResult): string {
  const bad = result.cases.filter((one) => one.status !== 'pass');
  if (bad.length === 0) return '';
  const rows = faults.flatMap((fault) => {
    const n = bad.filter((one) => one.fault === fault).length;
    if (n === 0) return [];
    const width = (100 * n) / bad.length;
    return [
      `<tr><td><button type="button" class="link" data-suite="${escapeHtml(result.suite)}" data-fault="${fault}">${faultWords(fault)}</button></td><td class="n">${n}</td><td class="share"><span style="width:${width.toFixed(1)}%"></span></td><td class="n">${figure('', n / result.cases.length)}</td></tr>`,
    ];
  });
  return `<h3>${both('错在哪里', 'What went wrong')}</h3>${table(`${th('类别', 'class')}${th('例数', 'cases', true)}<th></th>${th('占全部', 'of all', true)}`, rows, 'faults')}`;
}

const mostFlips = 200;

/** What was right before and is wrong now, and the other way round. */
export function flips({ comparison }: Judgement): string {
  if (!comparison) return '';
  const { fixed, broken, mcnemar, paired } = comparison;
  const list = (title: string, cases: typeof fixed, name: string) =>
    `<details class="flips ${name}"${name === 'broken' && cases.length > 0 ? ' open' : ''}><summary>${title} <b>${cases.length}</b></summary><ul>${cases
      .slice(0, mostFlips)
      .map(
        (flip) =>
          `<li><code>${escapeHtml(flip.id)}</code> ${escapeHtml(flip.input)}<div class="sides"><div><small>${both('之前', 'before')}</small>${escapeHtml(brief(flip.before.actual))}</div><div><small>${both('现在', 'now')}</small>${escapeHtml(brief(flip.now.actual ?? flip.now.error))}</div></div></li>`,
      )
      .join('')}</ul>${cases.length > mostFlips ? `<p>+${cases.length - mostFlips}</p>` : ''}</details>`;
  return `<h3>${both('与基线对比', 'Against the baseline')} ${chip(comparison.verdict)}</h3><p>${both(`共同的题 ${paired} 例；修好 ${fixed.length}，变坏 ${broken.length}；McNemar 精确检验 p = ${mcnemar.exact.toFixed(4)}，mid-p = ${mcnemar.midP.toFixed(4)}`, `${paired} cases in both; ${fixed.length} fixed, ${broken.length} broken; McNemar exact p = ${mcnemar.exact.toFixed(4)}, mid-p = ${mcnemar.midP.toFixed(4)}`)}</p>${list(both('变坏的', 'Broken'), broken, 'broken')}${list(both('修好的', 'Fixed'), fixed, 'fixed')}`;
}

function brief(value: unknown): string {
  if (typeof value === 'object' && value !== null && 'text' in value && typeof value.text === 'string' && value.text !== '')
    return value.text.slice(0, 300);
  if (Array.isArray(value) && value.every((one) => typeof one === 'string')) return value.slice(0, 3).join(', ');
  return (typeof value === 'string' ? value : (JSON.stringify(value) ?? '')).slice(0, 300);
}

export function manifestDetails({ manifest }: SuiteResult): string {
  const { hashes, versions, ...rest } = manifest;
  const lines = [...Object.entries(rest), ...Object.entries(versions)].map(
    ([key, value]) =>
      `<tr><td>${escapeHtml(key)}</td><td><code>${escapeHtml(typeof value === 'object' ? JSON.stringify(value) : String(value))}</code></td></tr>`,
  );
  const files = Object.entries(hashes).map(
    ([file, hash]) => `<tr><td>${escapeHtml(file)}</td><td><code>${escapeHtml(hash.slice(0, 16))}</code></td></tr>`,
  );
  return `<details class="manifest"><summary>${both('这次运行的来历', 'Where these figures come from')}</summary><div class="scroll"><table>${lines.join('')}${files.join('')}</table></div></details>`;
}

export { chip };

/** What a suite never got to: steps of flows, kinds of commands. */
export function coverageTables({ coverage = [] }: SuiteResult): string {
  const names = {
    flow_step: both('流程步骤', 'steps of flows'),
    command: both('命令种类', 'kinds of commands'),
  };
  return coverage
    .map(({ of, total, missed }) => {
      const words = both(`走到 ${total - missed.length} / ${total}`, `${total - missed.length} of ${total} reached`);
      const list = missed.map((one) => `<li><code>${escapeHtml(one)}</code></li>`).join('');
      const rest = `<details class="coverage"><summary>${both(`没有会话走到的 ${missed.length} 个`, `${missed.length} that no conversation reaches`)}</summary><ul>${list}</ul></details>`;
      return `<h3>${both('覆盖', 'Coverage')}：${names[of]}</h3><p class="muted">${words}</p>${missed.length > 0 ? rest : ''}`;
    })
    .join('');
}

/** Labels needed before a judge's agreement with people is firm (reference evaluation.md §9). */
const enoughLabels = 150;

/** A judge model's score, only beside its agreement with people. */
export function judgeSection({ judge }: SuiteResult): string {
  if (!judge) return '';
  const { model, judged, failed, labelled, agreement, score, corrected } = judge;
  const head = `<h3>${both('评判模型', 'Judge model')} <code>${escapeHtml(model)}</code></h3><p class="muted">${both(`评了 ${judged} 条要点，没评成 ${failed} 例；其中 ${labelled} 条有人工标注`, `${judged} facts judged, ${failed} cases failed; ${labelled} of the facts have labels of people`)}</p>`;
  if (!agreement || !score)
    return `${head}<p>${both('还没有人工标注，评判模型准不准无从知道，所以不给分数。先运行 wenban eval label。', 'There are no labels of people yet: nothing is known about this judge, so its score is not shown. Run wenban eval label first.')}</p>`;
  const row = (name: string, value: string, range: string) =>
    `<tr><th scope="row">${name}</th><td class="n value">${value}</td><td>${range}</td></tr>`;
  const { kappa } = agreement;
  const rows = [
    row(both('与人工一致 κ', 'agreement with people, κ'), kappa.value.toFixed(3), kappa.ci95.map((one) => one.toFixed(3)).join(' – ')),
    row(both('判断相同', 'same verdict'), figure('', agreement.accuracy), ''),
    row(both('说了的认出来', 'sensitivity'), figure('', agreement.sensitivity), ''),
    row(both('没说的认出来', 'specificity'), figure('', agreement.specificity), ''),
    row(
      both('评判模型认为说到的要点', 'facts said, by the judge'),
      figure('', score.value),
      score.ci95.map((one) => figure('', one)).join(' – '),
    ),
    row(both('按误判率校正后', 'corrected for its faults'), figure('', corrected ?? Number.NaN), ''),
  ];
  const few =
    labelled < enoughLabels
      ? `<p class="muted">${both(`标注不足 ${enoughLabels} 条，一致性还不稳。`, `Fewer than ${enoughLabels} labels: the agreement is not firm yet.`)}</p>`
      : '';
  return `${head}${table(`<th></th>${th('数值', 'value', true)}${th('95% 区间', '95% interval')}`, rows, 'judge')}${few}`;
}
