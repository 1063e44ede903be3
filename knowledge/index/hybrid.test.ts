import { beforeEach, describe, expect, it } from 'vitest';
import { makeLexicon } from '../text/lexicon.ts';
import { HybridIndex } from './hybrid.ts';
import { contact, faq, guide, policy } from './testing.ts';
import type { SearchFilter } from './types.ts';

const lexicon = makeLexicon({ synonyms: { 居民身份证: ['身份证'] }, dialect: {}, core: ['怎么办', '请问'] });
const day: SearchFilter = { on: '2026-03-02' };

describe('the knowledge index', () => {
  let index: HybridIndex;
  const found = async (query: string, filter: SearchFilter = day) => {
    const { passages, names } = await index.search(query, filter, 10);
    return { passages: [...new Set(passages.map((hit) => hit.passage.itemId))], names: names.map((hit) => hit.itemId) };
  };

  beforeEach(() => {
    index = new HybridIndex({ lexicon });
  });

  it('is empty at first', async () => {
    expect(await index.search('身份证', day, 5)).toEqual({ passages: [], items: [], names: [], known: 0 });
    expect(index.item('x')).toBeUndefined();
    expect(index.passagesOf('x')).toEqual([]);
  });

  it.each([
    ['2025-12-31', false],
    ['2026-01-01', true],
    ['2026-06-30', true],
    ['2026-07-01', false],
  ])('what holds from 2026-01-01 to 2026-06-30 is found on %s: %s', async (on, expected) => {
    const dated = { validFrom: '2026-01-01', validTo: '2026-06-30' };
    await index.replace({ revision: '1', items: [faq({ id: 'f', question: '消费券怎么领', answer: '领消费券。', ...dated })] });
    const ids = expected ? ['f'] : [];
    expect(await found('消费券怎么领', { on })).toEqual({ passages: ids, names: ids });
  });

  it('filters by audience and region; what names none is for all', async () => {
    const same = { question: '社保补贴', answer: '社保补贴说明。' };
    await index.replace({
      revision: '1',
      items: [
        faq({ id: 'all', ...same }),
        faq({ id: 'person', ...same, audience: ['natural_person'] }),
        faq({ id: 'firm', ...same, audience: ['enterprise', 'social_org'] }),
        faq({ id: 'east', ...same, region: '990101' }),
      ],
    });
    expect((await found('社保补贴')).names).toEqual(['all', 'east', 'firm', 'person']);
    expect((await found('社保补贴', { ...day, audience: 'enterprise' })).names).toEqual(['all', 'east', 'firm']);
    expect((await found('社保补贴', { ...day, region: '990102' })).passages.sort()).toEqual(['all', 'firm', 'person']);
  });

  it('a guide that is not in force is known, but neither found nor named', async () => {
    const suspended = guide({ id: 'g', name: '身份证补领', summary: '身份证补领。', state: 'suspended' });
    await index.replace({ revision: '1', items: [suspended] });
    expect(await found('身份证补领')).toEqual({ passages: [], names: [] });
    expect(index.item('g')).toEqual(suspended);
    expect(index.passagesOf('g')).toEqual([]);
  });

  it('finds by synonym, ranks the better match first and says what it knows', async () => {
    await index.replace({
      revision: '1',
      items: [
        guide({ id: 'card', name: '居民身份证补领', summary: '本人到窗口。' }),
        policy({ id: 'pol', title: '户籍办法', body: '第一条 居民身份证由公安机关签发。' }),
        contact('office', '公安局', { phone: '0000-1' }),
      ],
    });
    const result = await index.search('请问身份证补领怎么办', day, 10);
    expect(result.names[0]).toMatchObject({ itemId: 'card', name: '居民身份证补领', similarity: expect.closeTo(1, 6) });
    expect(result.passages[0]?.passage.itemId).toBe('card');
    expect((await index.search('火星移民', day, 10)).known).toBe(0);
    expect((await index.search('公安局', day, 10)).known).toBe(1);
  });

  it('ties go by id', async () => {
    const same = (id: string) => faq({ id, question: '同一个问题', answer: '同一个答案。' });
    await index.replace({ revision: '1', items: [same('b'), same('a'), same('c')] });
    expect(await found('同一个问题')).toEqual({ passages: ['a', 'b', 'c'], names: ['a', 'b', 'c'] });
  });

  it('replace puts the whole new content in place at once: a search sees the old or the new', async () => {
    const batch = (name: string) => ({
      revision: name,
      items: Array.from({ length: 30 }, (_, i) => faq({ id: `${name}-${i}`, question: `消费券第${i}期`, answer: `消费券说明${i}。` })),
    });
    await index.replace(batch('old'));
    const searches: Promise<{ passages: string[]; names: string[] }>[] = [];
    const replacing = index.replace(batch('new'));
    for (let i = 0; i < 5; i++) searches.push(found('消费券'));
    await replacing;
    searches.push(found('消费券'));
    for (const { passages, names } of await Promise.all(searches)) {
      expect(new Set([...passages, ...names].map((id) => id.split('-')[0])).size).toBe(1);
    }
    expect(index.revision).toBe('new');
    expect(index.item('old-1')).toBeUndefined();
  });

  it('a replacement that fails leaves the old content in place', async () => {
    await index.replace({ revision: 'good', items: [faq({ id: 'f' })] });
    await expect(index.replace({ revision: 'bad', items: [null as never] })).rejects.toThrow();
    expect(index.revision).toBe('good');
    expect(index.item('f')).toBeDefined();
  });
});
