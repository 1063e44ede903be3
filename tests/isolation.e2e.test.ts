/** Two cities, each with its own pack and database, on one PostgreSQL (where there is one) and one Qdrant: nothing of one reaches the other. */
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, inject, it, vi } from 'vitest';
import { SqlKnowledgeRepository } from '../bot/store/knowledge.ts';
import { type ThrowAway, throwAwayPostgres, throwAwaySqlite } from '../bot/store/testing/throw-away.ts';
import '../bot/store/testing/global-setup.ts';
import { type StandIn, startStandIn } from '../knowledge/index/qdrant/testing/stand-in.ts';
import { faqSchema } from '../knowledge/item.ts';
import { adoptCommand } from '../server/commands/knowledge-adopt.ts';
import { parseConfig } from '../server/config.ts';
import { projectRoot } from '../server/paths.ts';
import { ask as askServer, call, directLine, post, startTalk } from './support/process.ts';
import { startServer, type TestServer } from './support/server.ts';

const password = '正确的密码 123';
/** The sample city's neighbour: the same pack with everything local changed. */
const renamed: readonly (readonly [RegExp, string])[] = [
  [/安澜/g, '滨洲'],
  [/990100/g, '990200'],
  [/anlan/g, 'binzhou'],
  [/0000-555/g, '0000-777'],
  [/东澜区/g, '东洲区'],
];

interface City {
  readonly server: TestServer;
  readonly place: ThrowAway;
  readonly packFolder: string;
  readonly ask: (text: string) => Promise<string>;
}
let folder = '';
let qdrant: StandIn;
let anlan: City;
let binzhou: City;

/** A part of the sample pack, large enough for the questions below; `change` makes it another city's. */
async function cityPack(name: string, change: (text: string) => string): Promise<string> {
  const source = join(projectRoot(), 'knowledge', 'packs', 'anlan');
  for (const file of await readdir(source, { recursive: true })) {
    if (!/^(pack|calendar|quality)\.yaml$|^(guides|faqs)\/(civil|hpf)\.yaml$|^flows\/marriage-together\.yaml$/.test(file)) continue;
    await mkdir(dirname(join(folder, name, file)), { recursive: true });
    await writeFile(join(folder, name, file), change(await readFile(join(source, file), 'utf8')));
  }
  return join(folder, name);
}

async function environmentOf(place: ThrowAway, packFolder: string): Promise<NodeJS.ProcessEnv> {
  const { databaseUrl, dataDir } = place.config;
  return {
    KNOWLEDGE_PACK: packFolder,
    QDRANT_URL: qdrant.url,
    DATA_DIR: databaseUrl ? await mkdtemp(join(folder, 'data-')) : dataDir,
    ...(databaseUrl ? { DATABASE_URL: databaseUrl } : {}),
  };
}

async function open(packFolder: string): Promise<City> {
  const url = inject('postgresUrl');
  const place = url ? await throwAwayPostgres(url) : await throwAwaySqlite();
  const server = await startServer(await environmentOf(place, packFolder));
  await server.addAgent('xiaoli', password);
  const ask = async (text: string) => askServer(server.url, await startTalk(server.url), text);
  return { server, place, packFolder, ask };
}

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'wenban-cities-'));
  qdrant = await startStandIn();
  anlan = await open(await cityPack('anlan', (text) => text));
  binzhou = await open(await cityPack('binzhou', (text) => renamed.reduce((words, [from, to]) => words.replace(from, to), text)));
}, 120_000);
afterAll(async () => {
  for (const city of [anlan, binzhou]) {
    await city?.server.close();
    await city?.place.remove();
  }
  await qdrant?.close();
  await rm(folder, { recursive: true, force: true });
}, 60_000);

/** A desk cookie of an agent with the same name and password in both cities. */
async function signIn({ server }: City): Promise<string> {
  const response = await fetch(`${server.url}/desk/api/login`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', origin: server.url },
    body: JSON.stringify({ name: 'xiaoli', password }),
  });
  expect(response.status).toBe(204);
  return (response.headers.get('set-cookie') ?? '').split(';')[0] ?? '';
}
const desk = async ({ server }: City, cookie: string, path: string) => {
  const response = await fetch(`${server.url}/desk/api${path}`, { headers: { cookie } });
  return { status: response.status, text: await response.text() };
};

describe('[R-028] two cities on one database server and one Qdrant', { timeout: 60_000 }, () => {
  it('each answers from its own guides, names, phones and flows, for the same words', async () => {
    for (const question of ['公积金中心电话多少', '领结婚证去哪里办', '民政局在哪儿', '政务服务中心地址']) {
      const [here, there] = [await anlan.ask(question), await binzhou.ask(question)];
      expect([question, here]).toEqual([question, expect.not.stringMatching(/滨洲|0000-777|东洲/)]);
      expect([question, there]).toEqual([question, expect.not.stringMatching(/安澜|0000-555|东澜/)]);
      expect(there).not.toBe(here);
    }
    // Neither has the other's collections, nor lost its own when the other one came.
    expect([...qdrant.aliases.keys()].filter((name) => name.endsWith('-passage')).sort()).toEqual([
      'wenban-anlan-passage',
      'wenban-binzhou-passage',
    ]);
    expect(qdrant.refused).toEqual([]);
  });

  it('who waits for a person in one city is in no queue of the other, and its conversations open nowhere else', async () => {
    const talk = await startTalk(anlan.server.url);
    await post(anlan.server.url, talk, '转人工', 'one');
    await anlan.server.house.core.settled(talk.conversationId);
    const [here, there] = [await signIn(anlan), await signIn(binzhou)];
    const queue = await desk(anlan, here, '/queue');
    const [waiting] = JSON.parse(queue.text) as { conversationId: string }[];
    expect(waiting).toBeDefined();
    expect(await desk(binzhou, there, '/queue')).toEqual({ status: 200, text: '[]' });
    const path = `/conversations/${encodeURIComponent(waiting?.conversationId ?? '')}/activities`;
    expect((await desk(anlan, here, path)).status).toBe(200);
    expect((await desk(binzhou, there, path)).status).toBe(404);
    // A session, and a citizen's token, belong to the city that gave them.
    expect((await desk(binzhou, here, '/queue')).status).toBe(401);
    const strange = await call(`${directLine(binzhou.server.url)}/conversations/${talk.conversationId}/activities`, 'GET', talk);
    expect([401, 403, 404]).toContain(strange.status);
  });

  it('an item that names another region is never served, not even from the city’s own store', async () => {
    const { house } = anlan.server;
    const life = new SqlKnowledgeRepository(house.database);
    const faq = (id: string, region: string, answer: string) => ({
      item: faqSchema.parse({ kind: 'faq', id, question: '蓝鲸津贴怎么领？', answer, region, sample: true, updatedAt: '2026-01-05' }),
      digest: id,
    });
    const publish = async (...items: ReturnType<typeof faq>[]) => {
      await life.replacePack(house.manifest.name, items, { status: 'published', now: Date.now(), removeMissing: false });
      await house.refresh();
    };
    await publish(faq('faq-whale-neighbour', '990200', '到滨洲市海洋局窗口领取蓝鲸津贴。'));
    expect(house.index.items().map(({ id }) => id)).not.toContain('faq-whale-neighbour');
    expect(await anlan.ask('蓝鲸津贴怎么领')).not.toContain('海洋局');
    await publish(faq('faq-whale-province', '990000', '到省渔业厅网上窗口领取蓝鲸津贴。'));
    expect(await anlan.ask('蓝鲸津贴怎么领')).toContain('省渔业厅');
  });

  it('a server with another pack refuses a city’s database in words, and the same city may change its pack', async () => {
    const before = await anlan.server.house.database.db.selectFrom('knowledge_versions').select('pack').distinct().execute();
    const environment = await environmentOf(anlan.place, binzhou.packFolder);
    const start = () => startServer(environment);
    await expect(start()).rejects.toThrow(/belongs to the pack and region “anlan 990100”, not to “binzhou 990200”.*DATABASE_URL.*adopt/);
    // Nothing was brought in by the try.
    expect(await anlan.server.house.database.db.selectFrom('knowledge_versions').select('pack').distinct().execute()).toEqual(before);
    const parsed = parseConfig(environment);
    if (!parsed.ok) throw new Error(parsed.problems.join());
    const [log, error] = [vi.spyOn(console, 'log').mockReturnValue(), vi.spyOn(console, 'error').mockReturnValue()];
    try {
      expect(await adoptCommand(parsed.config, {})).toBe(2);
      await expect(start()).rejects.toThrow('belongs to');
      expect(await adoptCommand(parsed.config, { yes: true })).toBe(0);
      expect(String(log.mock.calls.at(-1))).toContain('anlan 990100');
    } finally {
      log.mockRestore();
      error.mockRestore();
    }
    const adopted = await startServer(environment);
    await adopted.close();
  });
});
