import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { importKnowledge } from '../../knowledge/import/import.ts';
import { SqlKnowledgeRepository } from './knowledge.ts';
import { SqlSourceIndex } from './knowledge-sources.ts';
import { putSetting } from './settings.ts';
import { onEachEngine } from './testing/engines.ts';

onEachEngine('what imports made of files', (store) => {
  const file = (name: string) => ({ [`mark-${name}`]: { path: `/d/${name}`, name, items: [], problems: [] } });

  test('is kept for each pack, replaced whole, and nothing when it isn’t readable', async () => {
    const { database, db } = store();
    const sources = new SqlSourceIndex(database);
    expect(await sources.get('a')).toEqual({});
    await sources.put('a', file('1.txt'));
    await sources.put('b', file('2.txt'));
    await sources.put('a', file('“3”.txt'));
    expect(await sources.get('a')).toEqual(file('“3”.txt'));
    expect(await sources.get('b')).toEqual(file('2.txt'));
    await putSetting(db, 'knowledge.sources.a', '{half');
    expect(await sources.get('a')).toEqual({});
  });

  test('[R-107] lets another process leave alone what hasn’t changed, and read again what the store holds differently', async () => {
    const { database, another } = store();
    const folder = mkdtempSync(join(tmpdir(), 'wenban-sources-'));
    onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
    for (const name of ['甲', '乙']) writeFileSync(join(folder, `${name}.txt`), `关于${name}的通知\n${name}不收费。`);
    const run = (opened: typeof database) =>
      importKnowledge([folder], { pack: 'p', repository: new SqlKnowledgeRepository(opened), sources: new SqlSourceIndex(opened), now: 1 });
    expect(await run(database)).toMatchObject({ files: { read: 2, unchanged: 0 }, counts: { added: 2 } });
    const second = await another();
    expect(await run(second)).toMatchObject({ files: { read: 0, unchanged: 2 }, counts: { unchanged: 2 } });
    const repository = new SqlKnowledgeRepository(second);
    const [first] = await repository.list({ pack: 'p' });
    if (first?.item.kind !== 'policy') throw new Error('the first item should be a policy');
    await repository.save('p', { ...first.item, body: '改过。' }, { actor: '张', now: 2 });
    expect(await run(database)).toMatchObject({ files: { read: 1, unchanged: 1 } });
  });
});
