/** Alert rules and dashboard against the figures a running server really has. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parser } from '@prometheus-io/lezer-promql';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { z } from 'zod';
import { projectRoot } from '../server/paths.ts';
import { startServer, type TestServer } from '../tests/support/server.ts';

const read = (name: string) => readFileSync(join(projectRoot(), name), 'utf8');
const rulesSchema = z.object({
  groups: z.array(
    z.strictObject({
      name: z.string(),
      rules: z.array(
        z.strictObject({
          alert: z.string().regex(/^Wenban[A-Z]\w+$/),
          expr: z.string(),
          for: z.string().regex(/^\d+[smh]$/),
          labels: z.strictObject({ severity: z.enum(['critical', 'warning']) }),
          annotations: z.strictObject({ summary: z.string().min(10), runbook_url: z.string() }),
        }),
      ),
    }),
  ),
});
const panelSchema = z.object({
  id: z.int(),
  title: z.string().min(1),
  type: z.enum(['row', 'timeseries', 'stat']),
  gridPos: z.object({ x: z.int().min(0), y: z.int().min(0), w: z.int().max(24), h: z.int() }),
  targets: z.array(z.object({ refId: z.string(), expr: z.string(), legendFormat: z.string() })).default([]),
});
const dashboardSchema = z.object({ uid: z.string(), schemaVersion: z.int(), panels: z.array(panelSchema) });

const rules = rulesSchema.parse(parse(read('deploy/prometheus/alerts.yaml'))).groups.flatMap((group) => group.rules);
const { panels } = dashboardSchema.parse(JSON.parse(read('deploy/grafana/wenban.json')));
const expressions = [
  ...rules.map(({ alert, expr }) => [alert, expr] as const),
  ...panels.flatMap(({ title, targets }) => targets.map(({ expr }) => [title, expr] as const)),
];

let server: TestServer;
/** Every name a query may ask for. */
const names = new Set(['up']);
beforeAll(async () => {
  const sms = {
    SMS_PROVIDER: 'twilio',
    TWILIO_ACCOUNT_SID: `AC${'0'.repeat(32)}`,
    TWILIO_AUTH_TOKEN: 'x'.repeat(32),
    TWILIO_FROM: '+15005550006',
  };
  server = await startServer({ ...sms, SMS_SIGNATURE: '安澜', PUBLIC_URL: 'http://127.0.0.1:1', TWILIO_BASE_URL: 'http://127.0.0.1:1' });
  const text = await (await fetch(`http://127.0.0.1:${server.port}/metrics`)).text();
  for (const [, name = '', type] of text.matchAll(/^# TYPE (\S+) (\S+)$/gm))
    for (const suffix of type === 'histogram' ? ['_bucket', '_sum', '_count'] : ['']) names.add(name + suffix);
});
afterAll(() => server?.close());

/** Names of the metrics a query asks for. Throws where it does not parse. */
function metricsOf(expr: string): string[] {
  const found: string[] = [];
  parser.parse(expr).iterate({
    enter: (node) => {
      if (node.type.isError) throw new Error(`${expr}: not PromQL at ${node.from}`);
      if (node.name === 'Identifier' && node.node.parent?.name === 'VectorSelector') found.push(expr.slice(node.from, node.to));
    },
  });
  return found;
}

describe('[R-122] alerts and dashboard', () => {
  it('ask for figures that a running server has, in PromQL', () => {
    expect(expressions.length).toBeGreaterThan(40);
    for (const [where, expr] of expressions) {
      const asked = metricsOf(expr);
      expect([where, asked.length > 0]).toEqual([where, true]);
      for (const name of asked) expect([where, name, names.has(name)]).toEqual([where, name, true]);
    }
    expect(() => metricsOf('rate(x[5m')).toThrow('not PromQL');
  });

  it('each alert has a runbook of its own, and the runbook no alert that is gone', () => {
    const headings = [...read('docs/operations.md').matchAll(/^### (Wenban\w+)$/gm)].map(([, name = '']) => name);
    expect(headings.sort()).toEqual(rules.map(({ alert }) => alert).sort());
    for (const { alert, annotations } of rules) expect(annotations.runbook_url).toBe(`docs/operations.md#${alert.toLowerCase()}`);
  });

  it('panels have ids of their own and don’t cover each other', () => {
    expect(new Set(panels.map(({ id }) => id)).size).toBe(panels.length);
    const cells = new Set<string>();
    for (const { title, gridPos } of panels)
      for (let x = gridPos.x; x < gridPos.x + gridPos.w; x++)
        for (let y = gridPos.y; y < gridPos.y + gridPos.h; y++) {
          expect([title, cells.has(`${x},${y}`)]).toEqual([title, false]);
          cells.add(`${x},${y}`);
        }
  });
});
