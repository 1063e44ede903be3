/**
 * What a third party gets to evaluate a year by (R-142, R-145): method, figures, indicators, a sample; nothing in it names or describes a
 * person. Made from the logs alone: the same logs and seed give the same bytes, and everything is named by its SHA-256.
 */
import { createHash } from 'node:crypto';
import { groupBy } from '../../../knowledge/check/matters.ts';
import { dayInChina } from '../../../knowledge/life/rules.ts';
import { csvOf } from '../csv.ts';
import type { ConversationFacts } from '../facts.ts';
import { type PeriodFigures, readFigures } from '../period-figures.ts';
import { LEAST_SHOWN, timeOf } from '../topics.ts';
import { evaluationKindNames } from './evaluation.ts';
import { type MeasureSource, readMeasures } from './measures.ts';
import { spanOf } from './periods.ts';
import { inputsOf, listEvaluations } from './repository.ts';
import { drawSample } from './sample.ts';
import { type IndicatorTree, scoreTree } from './tree.ts';

export interface PackOptions extends MeasureSource {
  /** 2026 or 2026-Q4. */
  readonly period: string;
  /** Whatever both sides agree on: it decides which conversations are drawn. */
  readonly seed: string;
  readonly size: number;
  readonly city: string;
  /** Undefined: the pack of the city has no indicators. */
  readonly tree: IndicatorTree | undefined;
  readonly halls: readonly string[];
  readonly departmentOf: (itemId: string) => string | undefined;
}

export interface PackFile {
  readonly name: string;
  readonly content: string;
}

/** The file that names all others by their SHA-256; its own is what the pack is known by. */
export const SUMS = 'SHA256SUMS';
export const sha256 = (content: string): string => createHash('sha256').update(content).digest('hex');
/** Four places are more than any figure has. */
const rounded = (value: number): number => Number(value.toFixed(4));
const json = (value: unknown): string =>
  `${JSON.stringify(value, (_key, one: unknown) => (typeof one === 'number' ? rounded(one) : one), 2)}\n`;

/** The files, `SHA256SUMS` last. 'bad_period', 'not_over' for a period that still runs, 'too_many' turns to be looked at. */
export async function evaluationPack(options: PackOptions): Promise<readonly PackFile[] | 'bad_period' | 'not_over' | 'too_many'> {
  const { db, period, now, tree, halls, seed, size, departmentOf } = options;
  const span = spanOf(period);
  if (span === undefined) return 'bad_period';
  if (span.to > now) return 'not_over';
  const read = await readFigures(db, span);
  const measures = await readMeasures(options, span);
  if (read === 'too_many' || measures === 'too_many') return 'too_many';
  const sample = drawSample(read.facts, { seed, size, departmentOf });
  const scored = tree && scoreTree(tree, measures, await inputsOf(db, period), halls);
  const earlier = (await listEvaluations(db, { published: false })).filter((one) => one.period.startsWith(period.slice(0, 4)));
  const files: PackFile[] = [
    { name: 'METHOD.md', content: method(options, span, read, sample) },
    { name: 'figures.csv', content: figuresFile(read.figures) },
    { name: 'months.csv', content: monthsFile(read.facts) },
    { name: 'sample.csv', content: sampleFile(sample.rows) },
    ...(scored ? [{ name: 'indicators.json', content: json(scored) }] : []),
    ...(earlier.length > 0
      ? [
          {
            name: 'evaluations.json',
            content: json(
              earlier.map(({ period: of, evaluator, result }) => ({
                kind: evaluationKindNames[result.kind],
                period: of,
                evaluator,
                result,
              })),
            ),
          },
        ]
      : []),
  ];
  return [...files, { name: SUMS, content: files.map(({ name, content }) => `${sha256(content)}  ${name}\n`).join('') }];
}

function method(
  { city, period, seed, size, tree }: PackOptions,
  span: { from: number; to: number },
  { facts, figures }: PeriodFigures,
  sample: ReturnType<typeof drawSample>,
): string {
  const first = facts[0]?.startedAt;
  return `# ${city}政务服务咨询评价材料（${period}）

期间：${dayInChina(span.from)} 至 ${dayInChina(span.to - 1)}，按北京时间，首尾两天都算。
日志：${first === undefined ? '本期没有对话。' : `本期可查的第一个对话在 ${dayInChina(first)}。更早的日志若已按保存期限删除，就不在这些数字里。`}

## 数字怎么来的
全部由对话、转人工、评价、工单和故障的原始日志算出，没有人工改动。figures.csv 每一行写着算法和样本数；分母为零的写空。
${tree ? `indicators.json 是指标得分：依据${tree.basis}。没有数据的指标不计分，也不计入可得分（possible）。人工填报的写明来源。` : '本市的知识包没有指标体系（indicators.yaml）。'}

## 抽样
从本期 ${facts.length} 个对话里抽 ${size} 个（不足就全取）：把“种子、换行符 U+0000、对话编号”连起来算 SHA-256，取最小的 ${size} 个。种子：${seed}。
实际列出 ${sample.rows.length} 个；${sample.leftOut} 个特征太少见，合并后仍不足 ${LEAST_SHOWN} 个，没有列出。

## 看不出是谁
没有任何人说过的话，没有编号，没有日期（只到月）。月份、渠道、部门三样合起来少于 ${LEAST_SHOWN} 个对话的，先合并部门，再合并渠道，再合并月份。
months.csv 里少于 ${LEAST_SHOWN} 的数写“<${LEAST_SHOWN}”。回复质量需要看原文的，请在工作人员陪同下用分析员账号查看（身份信息已遮住）。

## 重算
同一份日志、同一个期间和种子，得到逐字节相同的文件：\`wenban report pack --period ${period} --seed ${seed} --size ${size} --out 目录\`
知识类指标（guides_*）按统计时已发布的指南计算；指南改了，indicators.json 会跟着变。核对：\`sha256sum -c ${SUMS}\`。共 ${figures.length} 个数字。
`;
}

function figuresFile(figures: PeriodFigures['figures']): string {
  const value = (one: number | null) => (one === null ? null : rounded(one));
  return csvOf([
    ['id', '指标', '数值', '单位', '样本数', '算法'],
    ...figures.map((one) => [one.id, one.name, value(one.value), one.unit, one.n, one.formula]),
  ]);
}

/** By month: small numbers are hidden, since somebody could be the only one. */
function monthsFile(facts: readonly ConversationFacts[]): string {
  const months = groupBy(facts, (one) => timeOf(one.startedAt, 'month'));
  const shown = (count: number) => (count > 0 && count < LEAST_SHOWN ? `<${LEAST_SHOWN}` : count);
  const rows = [...months]
    .toSorted(([a], [b]) => a.localeCompare(b))
    .map(([month, all]) => [
      month,
      shown(all.length),
      shown(all.filter(({ handoffs }) => handoffs.length > 0).length),
      shown(all.filter(({ score }) => score !== null).length),
      shown(all.filter(({ score }) => score !== null && score >= 3).length),
    ]);
  return csvOf([['月份', '对话', '转人工', '有评价', '评价基本满意以上'], ...rows]);
}

function sampleFile(rows: ReturnType<typeof drawSample>['rows']): string {
  return csvOf([
    ['序号', '月份', '渠道', '部门', '轮数', '最后结果', '转人工', '等人工（分钟）', '评分'],
    ...rows.map((row, index) => [
      index + 1,
      row.month,
      row.channel,
      row.department,
      row.turns,
      row.outcome,
      row.handedOver ? '是' : '否',
      row.waitedMinutes,
      row.score,
    ]),
  ]);
}
