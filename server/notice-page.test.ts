/** The printable page of a notice, over real HTTP: the same facts as the chat, honest when its time is over, nothing personal in its address. */
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import express from 'express';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { criticalTokens } from '../bot/answer/ground.ts';
import { openHouse, type Reply, type TestHouse } from '../tests/support/house.ts';
import { addFlowRoutes } from './flow-routes.ts';
import { pageSecurity } from './public-page.ts';

const publicUrl = 'https://wenban.example';
let town: TestHouse;
let server: Server;
let base: string;
beforeAll(async () => {
  town = await openHouse({ environment: { PUBLIC_URL: publicUrl } });
  const app = express();
  addFlowRoutes(app, town.house);
  server = createServer(app);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterAll(async () => {
  await new Promise((resolve) => server.close(resolve));
  await town.close();
});

/** Goes through the newborn flow; returns the last reply. */
async function newborn(): Promise<Reply> {
  const citizen = await town.citizen();
  let reply = await citizen.says('宝宝出生了，手续一步一步带我办');
  for (const answer of ['外地的医院', '至少一方是安澜户口', '领了', '在交', '跳过', '跳过']) {
    if (reply.turn.outcome !== 'in_flow') break;
    reply = await citizen.says(answer);
  }
  expect(reply.turn.outcome).toBe('flow_completed');
  return reply;
}
const linkIn = (reply: Reply): string => {
  const actions = reply.messages.flatMap((message) => message.suggestedActions?.actions ?? []);
  const link = actions.find((action) => action.type === 'openUrl' && String(action.value).startsWith(`${publicUrl}/notice/`));
  return String(link?.value).slice(publicUrl.length);
};
/** What a reader of the page sees, and the addresses of its links. */
const shown = (html: string): string =>
  html
    .replace(/^[\s\S]*<main>/, '')
    .replace(/<\/main>[\s\S]*$/, '')
    .replace(/<a href="([^"]*)">/g, ' $1 ')
    .replace(/<[^>]*>/g, '\n')
    .replaceAll('&amp;', '&')
    .replaceAll('&quot;', '"');

describe('[R-081] the printable page of a notice', () => {
  it('[R-083] for the window and for print holds the facts of the chat, all of them and no others', async () => {
    const reply = await newborn();
    const response = await fetch(base + linkIn(reply));
    expect(response.status).toBe(200);
    const page = shown(await response.text());
    const message = reply.messages.find((one) => one.text?.includes('要办的事，按这个次序'));
    const actions = reply.messages
      .flatMap((one) => one.suggestedActions?.actions ?? [])
      .filter((one) => one.type === 'openUrl' && !String(one.value).includes('/notice/'));
    const chat = `${message?.text?.replace(/\]\(/g, '] (')}\n${actions?.map((one) => one.value).join('\n')}`;
    const tokens = (text: string) => new Set(criticalTokens(text));
    const own = tokens(`2026-03-02 ${town.house.manifest.hotline}（${town.house.manifest.hotlineHours}）`);
    expect([...tokens(chat)].filter((token) => !tokens(page).has(token))).toEqual([]);
    expect([...tokens(page)].filter((token) => !tokens(chat).has(token) && !own.has(token))).toEqual([]);
    expect(tokens(page).size).toBeGreaterThan(30);
    for (const line of message?.text?.split('\n').map((one) => one.replace(/^(?:\d+\.|-)\s+|\s*(?:\[\d+\])+$|\*\*/g, '')) ?? [])
      if (!line.startsWith('[') && !line.includes('**'))
        expect(page.replace(/\s/g, '')).toContain(line.replace(/\s|（牵头部门.*$|：$|^.{2,8}：/g, ''));
  });

  it('is one accessible, self-contained document under a strict policy, kept by nobody', async () => {
    const response = await fetch(base + linkIn(await newborn()));
    expect(response.headers.get('content-security-policy')).toBe(pageSecurity);
    expect(pageSecurity).toMatch(/^default-src 'none'/);
    expect(response.headers.get('cache-control')).toBe('private, no-store');
    const html = await response.text();
    expect(html).toMatch(/^<!doctype html>\n<html lang="zh-CN">/);
    expect(html.match(/<h1>/g)).toHaveLength(1);
    expect(html).toContain('@page{size:A4');
    expect(html).not.toMatch(/\bsrc=|<link|@import|url\(/);
  });

  it('stays readable for sixty days, then says so kindly', async () => {
    const address = base + linkIn(await newborn());
    town.clock.now += 60 * 86_400_000;
    expect((await fetch(address)).status).toBe(200);
    town.clock.now += 86_400_000;
    const late = await fetch(address);
    expect(late.status).toBe(410);
    expect(await late.text()).toMatch(/已经过期[\s\S]*再问一次[\s\S]*12345/);
    town.clock.now -= 61 * 86_400_000;
  });

  it('exists only under addresses that were signed here', async () => {
    const path = linkIn(await newborn());
    const changed = path.replace(/.(?=\.[^.]*$)/, (sign) => (sign === 'A' ? 'B' : 'A'));
    for (const one of [changed, '/notice/x', `/notice/${'A'.repeat(5000)}`, '/notice/..%2f..%2fetc'])
      expect((await fetch(base + one)).status).toBe(404);
  });

  it('[R-088] carries ids in its address, nothing that was typed', async () => {
    const path = linkIn(await newborn());
    const payload = Buffer.from(path.split('/').at(-1)?.split('.')[0] ?? '', 'base64url').toString();
    const [flow, , answers] = JSON.parse(payload);
    expect(flow).toBe('newborn-together');
    for (const value of Object.values(answers)) expect(String(value)).toMatch(/^(?:[\w-]+|[东西南北].{1,3}[区县])$/);
    expect(path.length).toBeLessThan(300);
  });
});

it('[R-062] editors get the schema of the language', async () => {
  const response = await fetch(`${base}/schemas/flow.json`);
  expect(response.headers.get('access-control-allow-origin')).toBe('*');
  expect(await response.json()).toMatchObject({ title: 'Wenban flow', type: 'object' });
});

it('without a public address there is no link', async () => {
  const offline = await openHouse();
  expect(offline.house.notices.link).toBeUndefined();
  await offline.close();
});
