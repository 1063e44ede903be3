import type { AddressInfo } from 'node:net';
import express from 'express';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openHouse } from '../bot/handoff/testing/house.ts';
import { publishEvaluation, recordEvaluation } from '../bot/insights/evaluation/repository.ts';
import { loadManifest } from './manifest.ts';
import { projectRoot } from './paths.ts';
import { addServiceReports, serviceReportRoutes } from './service-reports.ts';

let url: string;
let close: () => Promise<void>;
let house: Awaited<ReturnType<typeof openHouse>>;

beforeAll(async () => {
  house = await openHouse();
  const app = express();
  addServiceReports(app, { database: house.database, manifest: await loadManifest(`${projectRoot()}/knowledge/packs/anlan`) });
  const server = app.listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  close = async () => {
    await new Promise((resolve) => server.close(resolve));
    await house.close();
  };
});
afterAll(() => close());

describe('[R-147] evaluations in public', () => {
  it('the page says that nothing is published yet, then shows what is, and what was typed in stays text', async () => {
    const page = async () => await (await fetch(`${url}/service-reports`)).text();
    expect(await page()).toContain('还没有公布过评价结果');
    const report = { score: 90, method: '<script>alert(1)</script>', findings: '等人工久', pack: null };
    const one = { period: '2025', evaluator: '<b>中心</b>', author: 'sun', result: { kind: 'third_party' as const, report } };
    const id = await recordEvaluation(house.database.db, one, house.clock.now);
    expect(await page()).not.toContain('等人工久');
    await publishEvaluation(house.database.db, id, 'sun', house.clock.now);
    const shown = await page();
    expect(shown).toContain('等人工久');
    expect(shown).toContain('&lt;script&gt;alert(1)');
    expect(shown).not.toMatch(/<script>alert|<b>中心/);
    // Who works here is nobody's business.
    expect(shown).not.toContain('sun');
    const answer = await fetch(`${url}/service-reports.json`);
    const data = serviceReportRoutes[0]?.response?.safeParse(await answer.json());
    expect(data?.success).toBe(true);
    expect((await fetch(`${url}/service-reports`)).headers.get('content-security-policy')).toContain("default-src 'none'");
  });
});
