import { sql } from 'kysely';
import { expect, test } from 'vitest';
import { digestOf } from '../../knowledge/digest.ts';
import { type Faq, faqSchema, type KnowledgeItem } from '../../knowledge/item.ts';
import type { StepResult } from '../../knowledge/life/life.ts';
import { SqlKnowledgeRepository } from './knowledge.ts';
import { start } from './migrations/0001-start.ts';
import { columnTypes } from './migrations/column-types.ts';
import { onEachEngine, type StoreUnderTest } from './testing/engines.ts';

const faq = (id: string, answer = '可以。', more: Record<string, unknown> = {}): Faq =>
  faqSchema.parse({ kind: 'faq', id, question: `${id} 怎么办？`, answer, ...more });
const entry = (item: KnowledgeItem) => ({ item, digest: digestOf(item) });
const published = { status: 'published' as const, now: 1000, removeMissing: false };
const at = (day: string) => Date.parse(`${day}T10:00+08:00`);
const now = at('2026-03-02');

/** What went, or the words of the refusals. */
const outcome = (result: StepResult) =>
  result.ok
    ? result.done.map(({ id, version }) => `${id} v${version}`)
    : result.refusals.map(({ id, message }) => `${id}: ${message}`).join('\n');

onEachEngine('the life of knowledge', (store) => {
  const open = () => new SqlKnowledgeRepository(store().database);
  const served = async (repository: SqlKnowledgeRepository) =>
    (await repository.list({ pack: 'anlan', status: 'published' })).map(({ item, version }) => `v${version} ${(item as Faq).answer}`);

  test('[R-086] draft → reviewed → published: written by one, reviewed by another, every step with its actor, time and note', async () => {
    const repository = open();
    const item = faq('a');
    expect(outcome(await repository.save('anlan', item, { actor: '张', note: '新写', now }))).toEqual(['a v1']);
    expect(await served(repository)).toEqual([]);
    expect(outcome(await repository.publish('anlan', ['a'], { actor: '李', now }))).toBe('a: 第 1 版还是草稿，要先审核');
    expect(outcome(await repository.review('anlan', ['a'], { actor: '张', now }))).toMatch('编写和审核要由两个人完成');
    expect(outcome(await repository.review('anlan', ['a'], { now }))).toMatch('请用 --as 写明由谁审核');
    expect(outcome(await repository.review('anlan', ['a'], { actor: '李', note: '核对过', now: now + 1 }))).toEqual(['a v1']);
    expect(outcome(await repository.review('anlan', ['a'], { actor: '李', now }))).toMatch('已经审核过了');
    expect(await served(repository)).toEqual([]);
    expect(outcome(await repository.publish('anlan', ['a'], { actor: '李', now: now + 2 }))).toEqual(['a v1']);
    expect(await served(repository)).toEqual(['v1 可以。']);
    const [version] = await repository.history('anlan', 'a');
    expect(version).toEqual({
      pack: 'anlan',
      item,
      digest: digestOf(item),
      version: 1,
      status: 'published',
      author: '张',
      createdAt: now,
      updatedAt: now + 2,
      publishedAt: now + 2,
      events: [
        { action: 'save', actor: '张', note: '新写', at: now },
        { action: 'review', actor: '李', note: '核对过', at: now + 1 },
        { action: 'publish', actor: '李', note: null, at: now + 2 },
      ],
    });
  });

  test('[R-087] a published item answers from its published version until the draft of the next one is published', async () => {
    const repository = open();
    await repository.replacePack('anlan', [entry(faq('a', '旧'))], published);
    const revision = await repository.revision();
    await repository.save('anlan', faq('a', '新'), { actor: '张', now });
    await repository.review('anlan', 'all', { actor: '李', now });
    expect(await served(repository)).toEqual(['v1 旧']);
    expect(await repository.revision()).toBe(revision);
    expect(await repository.get('anlan', 'a')).toMatchObject({ published: { version: 1 }, open: { version: 2, status: 'reviewed' } });
    expect((await repository.list({ status: 'reviewed' })).map(({ version }) => version)).toEqual([2]);
    expect((await repository.list()).map(({ version }) => version)).toEqual([2]);
    await repository.publish('anlan', 'all', { actor: '李', now });
    expect(await served(repository)).toEqual(['v2 新']);
    expect((await repository.history('anlan', 'a')).map(({ status }) => status)).toEqual(['replaced', 'published']);
  });

  test('[R-087] publishing many is one switch: all of them at once, the revision moves once, a refused one stops all', async () => {
    const repository = open();
    const ids = Array.from({ length: 450 }, (_, i) => `n${i}`);
    await repository.replacePack(
      'anlan',
      ids.map((id) => entry(faq(id))),
      { ...published, status: 'reviewed' },
    );
    await repository.save('anlan', faq('draft'), { actor: '张', now });
    const before = Number(await repository.revision());
    expect(outcome(await repository.publish('anlan', [...ids, 'draft', 'nobody'], { now }))).toBe(
      'draft: 第 1 版还是草稿，要先审核\nnobody: 知识库里没有这一条，请核对编号',
    );
    expect([await served(repository), Number(await repository.revision())]).toEqual([[], before]);
    const result = await repository.publish('anlan', 'all', { now });
    expect(result.ok && [result.done.length, result.skipped]).toEqual([450, []]);
    expect(Number(await repository.revision())).toBe(before + 1);
    expect(await served(repository)).toHaveLength(450);
    expect(outcome(await repository.publish('anlan', 'all', { now }))).toEqual([]);
    expect(Number(await repository.revision())).toBe(before + 1);
  });

  test('illegal steps are refused in words', async () => {
    const repository = open();
    await repository.replacePack('anlan', [entry(faq('a'))], published);
    expect(outcome(await repository.review('anlan', ['a'], { now }))).toBe('a: 第 1 版已发布，没有等待审核的草稿');
    expect(outcome(await repository.publish('anlan', ['a'], { now }))).toBe('a: 第 1 版已经发布，没有新的内容');
    await repository.withdraw('anlan', ['a'], { now });
    expect(outcome(await repository.withdraw('anlan', ['a'], { now }))).toBe('a: 第 1 版已经停用，不用再撤下');
    expect(outcome(await repository.publish('anlan', ['a'], { now }))).toMatch('第 1 版已经停用；要重新发布');
    expect(outcome(await repository.withdraw('anlan', ['b'], { now }))).toMatch('没有这一条');
    expect(outcome(await repository.rollback('anlan', 'a', 9, { now }))).toBe('a: 没有第 9 版');
    expect(await repository.get('anlan', 'b')).toBeUndefined();
    expect(await repository.history('anlan', 'b')).toEqual([]);
    expect(await repository.get('other', 'a')).toBeUndefined();
  });

  test('[R-086] two editors: who saves on top of an older version is told, and the same content makes no version', async () => {
    const repository = open();
    await repository.save('anlan', faq('a', '一'), { actor: '张', now });
    expect(outcome(await repository.save('anlan', faq('a', '一'), { actor: '李', now }))).toEqual([]);
    expect(outcome(await repository.save('anlan', faq('a', '二'), { actor: '李', basedOn: 1, now }))).toEqual(['a v2']);
    expect(outcome(await repository.save('anlan', faq('a', '三'), { actor: '张', basedOn: 1, now }))).toBe(
      'a: 您修改的是第 1 版，但第 2 版已经由 李 保存；请在第 2 版上修改',
    );
    expect((await repository.history('anlan', 'a')).map(({ status, author }) => [status, author])).toEqual([
      ['replaced', '张'],
      ['draft', '李'],
    ]);
    expect(outcome(await repository.review('anlan', 'all', { actor: '李', now }))).toEqual([]);
    expect(await repository.review('anlan', 'all', { actor: '李', now })).toMatchObject({ skipped: [{ id: 'a' }] });
  });

  test('a draft that was overtaken by an import is not published over it', async () => {
    const repository = open();
    await repository.replacePack('anlan', [entry(faq('a', '旧'))], published);
    await repository.save('anlan', faq('a', '编辑改的'), { actor: '张', now });
    await repository.review('anlan', ['a'], { actor: '李', now });
    await repository.replacePack('anlan', [entry(faq('a', '导入的'))], published);
    expect(outcome(await repository.publish('anlan', ['a'], { now }))).toMatch('第 2 版起草之后，第 3 版已发布；请在第 3 版上重新修改');
    await repository.withdraw('anlan', ['a'], { now });
    expect(outcome(await repository.publish('anlan', ['a'], { now }))).toMatch('第 3 版已停用');
    await repository.save('anlan', faq('a', '合并的'), { actor: '张', now });
    await repository.review('anlan', ['a'], { actor: '李', now });
    expect(outcome(await repository.publish('anlan', ['a'], { now }))).toEqual(['a v4']);
    expect((await repository.history('anlan', 'a')).map(({ status }) => status)).toEqual(['replaced', 'replaced', 'replaced', 'published']);
  });

  test('[R-102] what is withdrawn is gone at once and stays gone when the same file is imported again', async () => {
    const repository = open();
    const items = [faq('a'), faq('b')].map(entry);
    await repository.replacePack('anlan', items, published);
    const before = Number(await repository.revision());
    expect(outcome(await repository.withdraw('anlan', ['a', 'a'], { actor: '王', note: '政策停了', now }))).toEqual(['a v1']);
    expect(Number(await repository.revision())).toBe(before + 1);
    expect((await repository.list({ status: 'published' })).map(({ item }) => item.id)).toEqual(['b']);
    expect(await repository.replacePack('anlan', items, published)).toEqual({ added: 0, changed: 0, unchanged: 2, removed: 0 });
    expect((await repository.list({ status: 'expired' })).map(({ item }) => item.id)).toEqual(['a']);
    expect((await repository.history('anlan', 'a'))[0]?.events.at(-1)).toEqual({
      action: 'withdraw',
      actor: '王',
      note: '政策停了',
      at: now,
    });
    await repository.replacePack('anlan', [entry(faq('a', '新规定'))], published);
    expect((await repository.history('anlan', 'a')).map(({ status }) => status)).toEqual(['replaced', 'published']);
  });

  test('a draft nobody wants any more is withdrawn; what is published stays', async () => {
    const repository = open();
    await repository.save('anlan', faq('new'), { now });
    const revision = await repository.revision();
    expect(outcome(await repository.withdraw('anlan', ['new'], { now }))).toEqual(['new v1']);
    await repository.save('anlan', faq('new', '又写'), { now });
    expect(outcome(await repository.withdraw('anlan', ['new'], { now }))).toEqual(['new v2']);
    expect((await repository.list()).map(({ status, version }) => [status, version])).toEqual([['expired', 2]]);
    expect(await repository.revision()).toBe(revision);
  });

  test('[R-102] what is past its validTo is marked as expired, and is not published again', async () => {
    const repository = open();
    const items = [faq('a', '到三月', { validTo: '2026-03-01' }), faq('b', '到三月二', { validTo: '2026-03-02' }), faq('c')];
    await repository.replacePack('anlan', items.map(entry), published);
    await repository.replacePack('other', [entry(items[0] as Faq)], published);
    const before = Number(await repository.revision());
    expect(await repository.expire({ now, pack: 'anlan' })).toEqual([{ pack: 'anlan', id: 'a', version: 1 }]);
    expect(await served(repository)).toEqual(['v1 到三月二', 'v1 可以。']);
    expect(Number(await repository.revision())).toBe(before + 1);
    expect(await repository.expire({ now, pack: 'anlan' })).toEqual([]);
    expect(Number(await repository.revision())).toBe(before + 1);
    const midnight = Date.parse('2026-03-03T00:00+08:00');
    expect(await repository.expire({ now: midnight - 1 })).toEqual([{ pack: 'other', id: 'a', version: 1 }]);
    expect((await repository.expire({ now: midnight })).map(({ id }) => id)).toEqual(['b']);
    await repository.rollback('anlan', 'a', 1, { now });
    expect(outcome(await repository.publish('anlan', ['a'], { now }))).toMatch('第 2 版的有效期到 2026-03-01 为止');
  });

  test('[R-086] rollback makes a new version of the old words; what was approved once needs no second review', async () => {
    const repository = open();
    await repository.replacePack('anlan', [entry(faq('a', '对'))], published);
    await repository.replacePack('anlan', [entry(faq('a', '错'))], { ...published, actor: '导入员', note: '三月更新' });
    await repository.save('anlan', faq('a', '没审过'), { actor: '张', now });
    expect(outcome(await repository.rollback('anlan', 'a', 2, { now }))).toMatch('第 2 版的内容和已发布的第 2 版一样');
    expect(outcome(await repository.rollback('anlan', 'a', 1, { actor: '李', note: '费用写错', publish: true, now }))).toEqual(['a v4']);
    expect(await served(repository)).toEqual(['v4 对']);
    const history = await repository.history('anlan', 'a');
    expect(history.map(({ status }) => status)).toEqual(['replaced', 'replaced', 'replaced', 'published']);
    expect(history[1]?.events).toEqual([{ action: 'import', actor: '导入员', note: '三月更新', at: 1000 }]);
    expect(history[3]?.events).toEqual([
      { action: 'rollback', actor: '李', note: '恢复第 1 版的内容：费用写错', at: now },
      { action: 'publish', actor: '李', note: null, at: now },
    ]);
    expect(outcome(await repository.rollback('anlan', 'a', 3, { publish: true, now }))).toMatch('从来没有发布过，要先审核');
    expect(outcome(await repository.rollback('anlan', 'a', 3, { actor: '李', now }))).toEqual(['a v5']);
    expect((await repository.get('anlan', 'a'))?.open?.status).toBe('draft');
    expect(outcome(await repository.review('anlan', ['a'], { actor: '李', now }))).toMatch('两个人');
  });

  test('[R-086] an import as drafts changes nothing that is served; an import of the same words publishes them', async () => {
    const repository = open();
    await repository.replacePack('anlan', [entry(faq('a', '旧')), entry(faq('b'))], published);
    const draft = { ...published, status: 'draft' as const, actor: '张' };
    const next = [entry(faq('a', '新')), entry(faq('b')), entry(faq('c'))];
    expect(await repository.replacePack('anlan', next, draft)).toEqual({ added: 1, changed: 1, unchanged: 1, removed: 0 });
    expect(await repository.replacePack('anlan', next, draft)).toEqual({ added: 0, changed: 0, unchanged: 3, removed: 0 });
    expect(await served(repository)).toEqual(['v1 旧', 'v1 可以。']);
    expect(await repository.replacePack('anlan', next, published)).toEqual({ added: 0, changed: 2, unchanged: 1, removed: 0 });
    expect(await served(repository)).toEqual(['v2 新', 'v1 可以。', 'v1 可以。']);
    expect((await repository.history('anlan', 'a')).at(-1)).toMatchObject({ status: 'published', publishedAt: 1000 });
  });

  test('what an import takes out keeps its history, and comes back with a higher version', async () => {
    const repository = open();
    await repository.replacePack('anlan', [faq('a'), faq('b')].map(entry), published);
    await repository.replacePack('anlan', [entry(faq('b'))], { ...published, removeMissing: true });
    expect(await repository.get('anlan', 'a')).toBeUndefined();
    expect((await repository.history('anlan', 'a'))[0]).toMatchObject({
      status: 'removed',
      events: [{ action: 'import' }, { action: 'remove' }],
    });
    expect(await repository.replacePack('anlan', [entry(faq('a'))], published)).toMatchObject({ added: 1 });
    expect((await repository.get('anlan', 'a'))?.head.version).toBe(2);
  });

  test('two processes that publish and save at the same time never break the rule of one published and one open version', async () => {
    const { database, another } = store();
    const repositories = [new SqlKnowledgeRepository(database), new SqlKnowledgeRepository(await another())];
    const [first, second] = repositories as [SqlKnowledgeRepository, SqlKnowledgeRepository];
    await first.replacePack('anlan', [entry(faq('a'))], published);
    await Promise.all(
      Array.from({ length: 12 }, async (_, i) => {
        const repository = i % 2 === 0 ? first : second;
        await repository.save('anlan', faq('a', `第 ${i} 稿`), { actor: `张${i}`, now });
        await repository.review('anlan', ['a'], { actor: '李', now });
        await repository.publish('anlan', ['a'], { actor: '李', now });
      }),
    );
    const history = await first.history('anlan', 'a');
    expect(history.map(({ version }) => version)).toEqual(history.map((_, i) => i + 1));
    expect(history).toHaveLength(13);
    expect(history.filter(({ status }) => status === 'published')).toHaveLength(1);
    expect(history.filter(({ status }) => status === 'draft' || status === 'reviewed').length).toBeLessThanOrEqual(1);
  });

  test('a database of the first schema keeps its items when it is opened', async () => {
    const { db } = store();
    await toFirstSchema(store());
    const item = faq('a', '到期', { validTo: '2026-01-01' });
    for (const [id, status] of [
      ['a', 'published'],
      ['b', 'draft'],
    ] as const) {
      const body = JSON.stringify({ ...item, id });
      await sql`insert into knowledge_items (pack, id, kind, title, body_json, digest, version, status, updated_at)
        values ('anlan', ${id}, 'faq', 't', ${body}, 'd', 3, ${status}, 500)`.execute(db);
    }
    const repository = new SqlKnowledgeRepository(await store().another());
    expect((await repository.list()).map((one) => [one.item.id, one.version, one.status, one.updatedAt])).toEqual([
      ['a', 3, 'published', 500],
      ['b', 3, 'draft', 500],
    ]);
    expect((await repository.history('anlan', 'a'))[0]).toMatchObject({
      publishedAt: 500,
      author: null,
      events: [{ action: 'import', at: 500 }],
    });
    expect((await repository.history('anlan', 'b'))[0]?.publishedAt).toBeNull();
    expect(await repository.expire({ now })).toEqual([{ pack: 'anlan', id: 'a', version: 3 }]);
  });
});

/** Turns the open database back into one that has run only the first migration, whatever came after it. */
async function toFirstSchema({ db, database }: StoreUnderTest): Promise<void> {
  // Any order will do: SQLite drops a table that empty ones refer to, PostgreSQL with `cascade`.
  const cascade = database.engine === 'postgres' ? sql` cascade` : sql``;
  for (const { name } of await db.introspection.getTables()) await sql`drop table ${sql.table(name)}${cascade}`.execute(db);
  await start(db, columnTypes(database.engine));
  await sql`delete from kysely_migration where name > '0001-start'`.execute(db);
}
