/** Inline SVG: an interval as a bar, curves, a confusion matrix. Everything scales with its box and prints in black on white. */
import type { Curves } from '../results.ts';
import { escapeHtml } from './html.ts';
import { both } from './words.ts';

/** A value with its interval on a line from 0 to 1. */
export function intervalBar(value: number, [low, high]: readonly [number, number]): string {
  if (!Number.isFinite(value)) return '';
  const x = (share: number) => (4 + 112 * Math.min(1, Math.max(0, share))).toFixed(1);
  const range = Number.isFinite(low) && Number.isFinite(high) ? `<line x1="${x(low)}" x2="${x(high)}" y1="8" y2="8" class="range"/>` : '';
  return `<svg class="bar" viewBox="0 0 120 16" aria-hidden="true"><line x1="4" x2="116" y1="8" y2="8" class="axis"/>${range}<circle cx="${x(value)}" cy="8" r="3.5" class="dot"/></svg>`;
}

const size = { width: 420, height: 280, left: 46, right: 12, top: 12, bottom: 40 };
const px = (share: number) => size.left + share * (size.width - size.left - size.right);
const py = (share: number, top = 1) => size.height - size.bottom - (Math.min(share, top) / top) * (size.height - size.top - size.bottom);

function axes(xTitle: string, yTitle: string, top = 1): string {
  const ticks = [0, 0.25, 0.5, 0.75, 1];
  const grid = ticks
    .map(
      (tick) =>
        `<line class="grid" x1="${px(0)}" x2="${px(1)}" y1="${py(tick * top, top)}" y2="${py(tick * top, top)}"/>` +
        `<text class="tick" x="${px(0) - 6}" y="${py(tick * top, top) + 4}" text-anchor="end">${Math.round(tick * top * 100)}</text>` +
        `<text class="tick" x="${px(tick)}" y="${size.height - size.bottom + 16}" text-anchor="middle">${Math.round(tick * 100)}</text>`,
    )
    .join('');
  return `${grid}<text class="title" x="${px(0.5)}" y="${size.height - 6}" text-anchor="middle">${xTitle}</text><text class="title" x="12" y="${py(top / 2, top)}" text-anchor="middle" transform="rotate(-90 12 ${py(top / 2, top)})">${yTitle}</text>`;
}

/** SVG texts can't hold spans that hide: both languages as two texts. */
const svgWords = (zh: string, en: string): string => `<tspan lang="zh">${escapeHtml(zh)}</tspan><tspan lang="en">${escapeHtml(en)}</tspan>`;

const svg = (body: string, label: string): string =>
  `<svg class="chart" viewBox="0 0 ${size.width} ${size.height}" role="img" aria-label="${escapeHtml(label)}">${body}</svg>`;

/** Risk against coverage with a slider for the threshold (report/script.ts moves the marks). */
export function riskCoverageChart(points: NonNullable<Curves['riskCoverage']>): string {
  if (points.length < 2) return '';
  const line = (value: (point: (typeof points)[number]) => number | undefined, name: string) => {
    const drawn = points.filter((point) => value(point) !== undefined);
    return drawn.length < 2
      ? ''
      : `<polyline class="${name}" points="${drawn.map((point) => `${px(point.coverage).toFixed(1)},${py(value(point) ?? 0).toFixed(1)}`).join(' ')}"/>`;
  };
  const others = points.some((point) => point.falseAnswers !== undefined);
  const body = `${axes(svgWords('作答覆盖率 %', 'coverage %'), svgWords('比例 %', 'share %'))}${line((point) => point.risk, 'line risk')}${line((point) => point.falseAnswers, 'line false')}<line class="mark" x1="0" x2="0" y1="${py(1)}" y2="${py(0)}"/>`;
  const legend = `<span class="key risk"></span>${both('已答中答错的', 'wrong among the answered')}${others ? ` <span class="key false"></span>${both('不可答的被答了', 'unanswerable ones answered')}` : ''}`;
  const data = points.map((point) =>
    [point.threshold, point.coverage, point.risk, point.falseAnswers ?? null].map((one) =>
      one === null ? one : Math.round(one * 1e4) / 1e4,
    ),
  );
  return `<figure class="curve" data-points="${escapeHtml(JSON.stringify(data))}" data-left="${px(0)}" data-width="${px(1) - px(0)}"><figcaption>${both('风险与覆盖', 'Risk and coverage')}</figcaption>${svg(body, 'risk coverage')}<div class="legend">${legend}</div><label>${both('阈值', 'threshold')} <input type="range" min="0" max="${points.length - 1}" value="${Math.max(
    0,
    points.findIndex((point) => point.coverage >= 0.9),
  )}"></label><output></output></figure>`;
}

/** Accuracy against confidence in bins; on the diagonal a confidence can be believed. */
export function reliabilityChart(bins: NonNullable<Curves['reliability']>): string {
  if (bins.length < 2) return '';
  const biggest = Math.max(...bins.map((bin) => bin.n));
  const dots = bins
    .map(
      (bin) =>
        `<circle class="bin" cx="${px(bin.confidence).toFixed(1)}" cy="${py(bin.accuracy).toFixed(1)}" r="${(3 + 4 * Math.sqrt(bin.n / biggest)).toFixed(1)}"><title>${bin.n}: ${(bin.confidence * 100).toFixed(0)}% → ${(bin.accuracy * 100).toFixed(0)}%</title></circle>`,
    )
    .join('');
  const line = `<polyline class="line risk" points="${bins.map((bin) => `${px(bin.confidence).toFixed(1)},${py(bin.accuracy).toFixed(1)}`).join(' ')}"/>`;
  const diagonal = `<line class="diagonal" x1="${px(0)}" y1="${py(0)}" x2="${px(1)}" y2="${py(1)}"/>`;
  return `<figure><figcaption>${both('置信度可不可信', 'Reliability of the confidence')}</figcaption>${svg(`${axes(svgWords('置信度 %', 'confidence %'), svgWords('正确率 %', 'accuracy %'))}${diagonal}${line}${dots}`, 'reliability')}</figure>`;
}

const mostLabels = 32;

/** The labels most often mistaken, either way. */
function mostConfused(labels: readonly string[], table: NonNullable<Curves['confusion']>): string[] {
  const wrong = new Map<string, number>();
  for (const [expected, row] of Object.entries(table)) {
    for (const [actual, n] of Object.entries(row)) {
      if (expected !== actual) for (const label of [expected, actual]) wrong.set(label, (wrong.get(label) ?? 0) + n);
    }
  }
  const order = [...labels].sort((a, b) => (wrong.get(b) ?? 0) - (wrong.get(a) ?? 0));
  return order.slice(0, mostLabels).sort();
}

/** A square of counts, rows expected, columns said; of many labels only those most often mistaken. */
export function confusionMatrix(table: NonNullable<Curves['confusion']>): string {
  const all = [...new Set([...Object.keys(table), ...Object.values(table).flatMap((row) => Object.keys(row))])].sort();
  if (all.length < 2) return '';
  const labels = all.length > mostLabels ? mostConfused(all, table) : all;
  const some = labels.length < all.length ? both(`，只画最易混的 ${labels.length} 个`, `; only the ${labels.length} most confused`) : '';
  const cell = 18;
  const left = 110;
  const top = 112;
  const rows = labels.flatMap((expected, y) => {
    const row = table[expected] ?? {};
    const total = Object.values(row).reduce((a, b) => a + b, 0);
    return labels.map((actual, x) => {
      const n = row[actual] ?? 0;
      if (n === 0) return '';
      const words = `${expected} → ${actual}: ${n}`;
      return `<rect class="${expected === actual ? 'right' : 'wrong'}" x="${left + x * cell}" y="${top + y * cell}" width="${cell - 1}" height="${cell - 1}" opacity="${(0.25 + (0.75 * n) / total).toFixed(2)}"><title>${escapeHtml(words)}</title></rect>${n < 1000 ? `<text class="count" x="${left + x * cell + cell / 2}" y="${top + y * cell + 12}" text-anchor="middle">${n}</text>` : ''}`;
    });
  });
  const names = labels.map(
    (label, i) =>
      `<text class="tick" x="${left - 5}" y="${top + i * cell + 13}" text-anchor="end">${escapeHtml(label.slice(0, 16))}</text><text class="tick" transform="translate(${left + i * cell + 12} ${top - 5}) rotate(-60)">${escapeHtml(label.slice(0, 16))}</text>`,
  );
  const side = labels.length * cell;
  return `<figure class="wide"><figcaption>${both('混淆矩阵（行：应为，列：认成）', 'Confusion matrix (rows: expected, columns: said)')}${some}</figcaption><div class="scroll"><svg class="matrix" viewBox="0 0 ${left + side + 72} ${top + side + 4}" style="width:${left + side + 72}px">${names.join('')}${rows.join('')}</svg></div></figure>`;
}
