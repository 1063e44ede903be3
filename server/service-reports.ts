/** 评价结果公开: what evaluations were published, as a page and as data. Nothing on it names or describes a person. */
import type { IRouter } from 'express';
import { z } from 'zod';
import { type Evaluation, evaluationKindNames, evaluationKinds } from '../bot/insights/evaluation/evaluation.ts';
import { listEvaluations } from '../bot/insights/evaluation/repository.ts';
import { escapeHtml } from '../eval/report/html.ts';
import { dayInChina } from '../knowledge/life/rules.ts';
import type { House } from './house.ts';
import type { DescribedRoute } from './openapi/described.ts';
import { page, pageSecurity, paragraph, section } from './public-page.ts';

export const SERVICE_REPORTS_PATH = '/service-reports';
const JSON_PATH = `${SERVICE_REPORTS_PATH}.json`;

/** A share of fewer cases is not published: it says little, and could be about one person. */
const LEAST_CASES = 10;

const reportSchema = z.object({
  kind: z.enum(evaluationKinds),
  kindName: z.string(),
  period: z.string(),
  evaluator: z.string(),
  publishedOn: z.iso.date(),
  lines: z.array(z.object({ name: z.string(), value: z.string(), about: z.string() })),
  words: z.array(z.string()),
});
type Report = z.infer<typeof reportSchema>;

export const serviceReportRoutes: readonly DescribedRoute[] = [
  {
    method: 'get',
    path: JSON_PATH,
    summary: 'Published evaluations of the service, newest first; no personal data, shares of fewer than ten cases left out',
    response: z.object({ city: z.string(), sample: z.boolean(), reports: z.array(reportSchema) }),
  },
];

/** Adds GET /service-reports (a page) and GET /service-reports.json. */
export function addServiceReports(router: IRouter, { database, manifest }: Pick<House, 'database' | 'manifest'>): void {
  const read = async () => (await listEvaluations(database.db, { published: true })).map(reportOf);
  router.get(JSON_PATH, async (_request, response) => {
    response.set('Cache-Control', 'public, max-age=60').json({ city: manifest.city, sample: manifest.sample, reports: await read() });
  });
  router.get(SERVICE_REPORTS_PATH, async (_request, response) => {
    response
      .set({ 'Content-Security-Policy': pageSecurity, 'Cache-Control': 'public, max-age=60' })
      .type('html')
      .send(reportsPage(await read(), manifest));
  });
}

/** What is shown of an evaluation. */
export function reportOf({
  period,
  evaluator,
  publishedAt,
  result,
}: Pick<Evaluation, 'period' | 'evaluator' | 'publishedAt' | 'result'>): Report {
  const head = {
    kind: result.kind,
    kindName: evaluationKindNames[result.kind],
    period,
    evaluator,
    publishedOn: dayInChina(publishedAt ?? 0),
  };
  switch (result.kind) {
    case 'self': {
      const { tree } = result;
      const parts = tree.parts.map((part) => ({ ...part, ...scoreOf(part.leaves) }));
      const total = scoreOf(tree.parts.flatMap(({ leaves }) => leaves));
      const lines = parts.flatMap((part) => [
        { name: part.name, value: `${part.points} / ${part.possible}`, about: `满分 ${part.weight}` },
        ...part.leaves.map((leaf) => ({ name: `　${leaf.name}`, value: leafValue(leaf), about: leaf.how })),
      ]);
      const left = Math.round((100 - total.possible) * 100) / 100;
      return {
        ...head,
        lines: [{ name: '总分', value: `${total.points} / ${total.possible}`, about: '得分 / 可得分' }, ...lines],
        words: [
          `依据：${tree.basis}。`,
          ...(left > 0 ? [`有 ${left} 分的指标没有数据，或者样本少于 ${LEAST_CASES} 不公布，不计入这里的得分和可得分。`] : []),
        ],
      };
    }
    case 'satisfaction': {
      const { satisfaction, count, followUps } = result.ratings;
      return {
        ...head,
        lines: [
          { name: '满意率', value: share(satisfaction, count), about: '评价 3 分（基本满意）以上 ÷ 全部评价' },
          { name: '评价数', value: few(count), about: '一次服务最多评价一次' },
          {
            name: '回访解决率',
            value: share(followUps.answered === 0 ? null : followUps.resolved / followUps.answered, followUps.answered),
            about: '回访说解决了的 ÷ 有回音的回访',
          },
        ],
        words: [],
      };
    }
    case 'third_party': {
      const { score, method, findings, pack } = result.report;
      return {
        ...head,
        lines: [{ name: '得分', value: `${score} / 100`, about: '由评价机构给出' }],
        words: [`方法：${method}`, `结论：${findings}`, ...(pack === null ? [] : [`评价所用材料的 SHA-256：${pack}`])],
      };
    }
  }
}

const few = (count: number): string => (count < LEAST_CASES ? `少于 ${LEAST_CASES}` : String(count));
const share = (value: number | null, n: number): string =>
  value === null ? '没有数据' : n < LEAST_CASES ? `样本少于 ${LEAST_CASES}，不公布` : `${(value * 100).toFixed(1)}%`;

type TreeLeaf = Extract<Evaluation['result'], { kind: 'self' }>['tree']['parts'][number]['leaves'][number];
const isWithheld = ({ n, unit }: TreeLeaf): boolean => unit === null && n !== null && n < LEAST_CASES;

/** Points, unless they would tell a share of too few. */
const leafValue = (leaf: TreeLeaf): string =>
  leaf.points === null ? '没有数据' : isWithheld(leaf) ? `样本少于 ${LEAST_CASES}，不公布` : `${leaf.points} / ${leaf.weight}`;

/** Sums of what is shown: a sum with a withheld leaf in it would tell that leaf. */
function scoreOf(leaves: readonly TreeLeaf[]): { points: number; possible: number } {
  const counted = leaves.filter((leaf) => leaf.points !== null && !isWithheld(leaf));
  const sum = (pick: (leaf: TreeLeaf) => number) => Math.round(counted.reduce((total, leaf) => total + pick(leaf), 0) * 100) / 100;
  return { points: sum(({ points }) => points ?? 0), possible: sum(({ weight }) => weight) };
}

function reportsPage(
  reports: readonly Report[],
  { city, sample, hotline }: Pick<House['manifest'], 'city' | 'sample' | 'hotline'>,
): string {
  const title = `${city}政务服务评价结果`;
  const tables = reports.map(({ kindName, period, evaluator, publishedOn, lines, words }) =>
    section(
      `${period} ${kindName}`,
      [
        paragraph(`评价方：${evaluator}。公布日期：${publishedOn}。`),
        `<table><thead><tr><th scope="col">项目</th><th scope="col">结果</th><th scope="col">说明</th></tr></thead><tbody>${lines
          .map(
            ({ name, value, about }) =>
              `<tr><th scope="row">${escapeHtml(name)}</th><td>${escapeHtml(value)}</td><td>${escapeHtml(about)}</td></tr>`,
          )
          .join('')}</tbody></table>`,
        ...words.map(paragraph),
      ].join('\n'),
    ),
  );
  return page(
    title,
    [
      `<h1>${escapeHtml(title)}</h1>`,
      ...(sample ? ['<p class="note">示例城市，内容是虚构的。</p>'] : []),
      paragraph(`这里只有汇总数字，没有任何个人信息。对结果有疑问，请拨打 ${hotline}。`),
      ...(tables.length > 0 ? tables : [paragraph('还没有公布过评价结果。')]),
    ].join('\n'),
  );
}
