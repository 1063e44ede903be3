import { beforeAll, describe, expect, it } from 'vitest';
import { loadTestPack, type TestPack, today } from '../../tests/support/pack.ts';
import { textsFor } from '../texts.ts';
import { type ListWish, lineByNumber, lineFor, listDraft, listingOf } from './directory.ts';

let pack: TestPack;
beforeAll(async () => {
  pack = await loadTestPack();
});
const texts = textsFor('zh');
const listing = (by: ListWish['by'], words: string, filter = today) => listingOf({ by, words }, pack.index, pack.lexicon, filter);
const ids = (found: ReturnType<typeof listing>) => found?.guides.map((guide) => guide.id).sort();

describe('[R-025] errands by the material they need', () => {
  it('are exactly the guides whose records list it, under any of its names', () => {
    const listed = pack.guides.filter((guide) => guide.materials.some((one) => one.name.includes('户口簿'))).map((guide) => guide.id);
    expect(listed.length).toBeGreaterThan(3);
    expect(ids(listing('material', '户口本'))).toEqual(listed.sort());
    expect(ids(listing('material', '户口簿'))).toEqual(listed.sort());
  });
  it('an unknown material is on no list', () => expect(listing('material', '火星护照')).toBeUndefined());
  it('what is not in force is on no list', () =>
    expect(listing('material', '户口簿', { on: '1990-01-01' })?.guides ?? []).not.toContainEqual(
      expect.objectContaining({ validFrom: expect.any(String) }),
    ));
});

describe('[R-040] errands by department, kind of applicant and theme', () => {
  it('a department by its everyday name', () => {
    const own = pack.guides.filter((guide) => guide.department === '安澜市民政局').map((guide) => guide.id);
    expect(listing('any', '民政局')).toMatchObject({ facet: 'department', name: '安澜市民政局' });
    expect(ids(listing('any', '民政局'))).toEqual(own.sort());
  });
  it('[R-010] companies get what is for companies, and nothing that is for persons only', () => {
    const found = listing('any', '公司');
    expect(found).toMatchObject({ facet: 'audience', name: '企业' });
    expect(found?.guides.length).toBeGreaterThan(5);
    expect(found?.guides.every((guide) => guide.audience.includes('enterprise'))).toBe(true);
  });
  it('a theme of one errand is no list', () => {
    const once = pack.guides
      .flatMap((guide) => guide.topics)
      .find((topic, _, all) => all.filter((one) => one.includes(topic)).length === 1);
    expect(once && listing('any', once)).toBeUndefined();
  });
});

describe('a list as a reply', () => {
  it('goes on page by page until every errand was shown once, each cited and choosable', () => {
    const found = listing('any', '个人');
    if (!found) throw new Error('no list of errands for persons');
    const seen: (string | undefined)[] = [];
    for (let from: number | undefined = 0, pages = 0; from !== undefined; pages += 1) {
      const page = listDraft(found, from, pack.index, texts);
      const errands = page.options.filter((option) => option.itemId !== undefined);
      seen.push(...errands.map((option) => option.itemId));
      expect(page.draft.citations.map((passage) => passage.itemId)).toEqual(errands.map((option) => option.itemId));
      expect(page.draft.quickReplies.map((reply) => reply.title)).toEqual(page.options.map((option) => option.title));
      expect(pages).toBeLessThan(50);
      from = page.next;
    }
    expect(seen.sort()).toEqual(found.guides.map((guide) => guide.id).sort());
  });
});

describe('[R-125] lines', () => {
  it.each([
    ['停电了打什么电话', 'line-power'],
    ['家里停水了怎么办', 'line-water'],
    ['燃气费怎么交', 'line-gas'],
    ['快递丢了找谁投诉', 'line-post'],
  ])('%s → %s', (message, id) => expect(lineFor(message, pack.index, today)?.id).toBe(id));

  it('every matter of every line leads to it, whatever other lines are for', () => {
    const wrong = pack.items.flatMap((item) =>
      item.kind === 'contact' ? item.matters.filter((matter) => lineFor(`${matter}打什么电话`, pack.index, today)?.id !== item.id) : [],
    );
    expect(wrong).toEqual([]);
  });

  it('a number is its own line’s or nobody’s: 12345 is never 12305', () => {
    expect(lineByNumber('12345管什么', pack.index, today)?.item?.id).toBe('line-12345');
    expect(lineByNumber('12305是什么电话', pack.index, today)?.item?.id).toBe('line-post');
    expect(lineByNumber('12399是什么电话', pack.index, today)).toEqual({ item: undefined });
    expect(lineByNumber('居住证怎么办', pack.index, today)).toBeUndefined();
  });
});
