import { expect, test } from 'vitest';
import { type Faq, faqSchema, type KnowledgeItem } from '../../knowledge/item.ts';
import { SqlKnowledgeRepository } from './knowledge.ts';
import { onEachEngine } from './testing/engines.ts';

const faq = (id: string, answer = '可以。'): Faq => faqSchema.parse({ kind: 'faq', id, question: `${id} 怎么办？`, answer });
const entry = (item: KnowledgeItem) => ({ item, digest: JSON.stringify(item) });
const options = { status: 'published' as const, now: 1000, removeMissing: true };

onEachEngine('knowledge', (store) => {
  test('[R-079] items come back as they were imported', async () => {
    const repository = new SqlKnowledgeRepository(store().database);
    const item = faq('faq.1', '带身份证 🪪、户口簿。');
    const counts = await repository.replacePack('anlan', [entry(item)], options);
    expect(counts).toEqual({ added: 1, changed: 0, unchanged: 0, removed: 0 });
    const stored = { pack: 'anlan', item, digest: entry(item).digest, version: 1, status: 'published', updatedAt: 1000 };
    expect(await repository.list()).toEqual([stored]);
    const row = await store().db.selectFrom('knowledge_versions').select(['kind', 'title']).executeTakeFirst();
    expect(row).toEqual({ kind: 'faq', title: 'faq.1 怎么办？' });
  });

  test('a second import counts what is new, changed, the same and gone; only changes make a version', async () => {
    const repository = new SqlKnowledgeRepository(store().database);
    await repository.replacePack('anlan', [faq('a'), faq('b'), faq('c')].map(entry), options);
    const counts = await repository.replacePack('anlan', [faq('a'), faq('b', '不可以。'), faq('d')].map(entry), {
      ...options,
      now: 2000,
      status: 'reviewed',
    });
    expect(counts).toEqual({ added: 1, changed: 1, unchanged: 1, removed: 1 });
    const list = await repository.list();
    expect(list.map((one) => [one.item.id, one.version, one.status, one.updatedAt])).toEqual([
      ['a', 1, 'published', 1000],
      ['b', 2, 'reviewed', 2000],
      ['d', 1, 'reviewed', 2000],
    ]);
  });

  test('without removeMissing nothing goes, and other packs are never touched', async () => {
    const repository = new SqlKnowledgeRepository(store().database);
    await repository.replacePack('one', [faq('a'), faq('b')].map(entry), options);
    await repository.replacePack('two', [faq('a', '另一个城市。')].map(entry), options);
    const counts = await repository.replacePack('one', [entry(faq('c'))], { ...options, removeMissing: false });
    expect(counts).toEqual({ added: 1, changed: 0, unchanged: 0, removed: 0 });
    expect((await repository.list({ pack: 'one' })).map((one) => one.item.id)).toEqual(['a', 'b', 'c']);
    expect(await repository.replacePack('one', [], options)).toEqual({ added: 0, changed: 0, unchanged: 0, removed: 3 });
    expect((await repository.list()).map((one) => one.pack)).toEqual(['two']);
  });

  test('the list filters by pack and status', async () => {
    const repository = new SqlKnowledgeRepository(store().database);
    await repository.replacePack('one', [entry(faq('a'))], { ...options, status: 'draft' });
    await repository.replacePack('two', [entry(faq('b'))], options);
    expect((await repository.list({ status: 'draft' })).map((one) => one.item.id)).toEqual(['a']);
    expect((await repository.list({ pack: 'two', status: 'published' })).map((one) => one.item.id)).toEqual(['b']);
    expect(await repository.list({ pack: 'two', status: 'draft' })).toEqual([]);
  });

  test('a failing item leaves everything as before, also after hundreds that went in', async () => {
    const repository = new SqlKnowledgeRepository(store().database);
    await repository.replacePack('anlan', [faq('a'), faq('b')].map(entry), options);
    const [before, revision] = [await repository.list(), await repository.revision()];
    const many = Array.from({ length: 450 }, (_, index) => entry(faq(`n${index}`)));
    const broken = { item: faq('z'), digest: null as unknown as string };
    await expect(repository.replacePack('anlan', [...many, broken], options)).rejects.toThrow();
    await expect(repository.replacePack('anlan', [entry(faq('x')), entry(faq('x'))], options)).rejects.toThrow('the id x is given twice');
    expect(await repository.list()).toEqual(before);
    expect(await repository.revision()).toBe(revision);
  });

  test('the revision grows with every change, and only then', async () => {
    const repository = new SqlKnowledgeRepository(store().database);
    const seen = [await repository.revision()];
    for (const items of [[faq('a')], [faq('a', '改了。')], [faq('a', '改了。'), faq('b')], []]) {
      await repository.replacePack('anlan', items.map(entry), options);
      seen.push(await repository.revision());
    }
    expect(new Set(seen).size).toBe(5);
    expect([...seen].sort()).toEqual(seen);
    await repository.replacePack('anlan', [], options);
    expect(await repository.revision()).toBe(seen.at(-1));
  });

  test('imports of one pack at the same time end in one of them, whole', async () => {
    const { database, another } = store();
    const repositories = [new SqlKnowledgeRepository(database), new SqlKnowledgeRepository(await another())];
    const packs = ['甲', '乙', '丙', '丁'].map((answer) => Array.from({ length: 250 }, (_, index) => entry(faq(`f${index}`, answer))));
    await Promise.all(
      packs.map((items, index) => (repositories[index % 2] as SqlKnowledgeRepository).replacePack('anlan', items, options)),
    );
    const stored = await (repositories[0] as SqlKnowledgeRepository).list();
    expect(stored).toHaveLength(250);
    expect(new Set(stored.map((one) => (one.item as Faq).answer)).size).toBe(1);
    expect(new Set(stored.map((one) => one.version))).toEqual(new Set([4]));
  });
});
