import { beforeAll, describe, expect, it } from 'vitest';
import { feeText, limitText } from '../../knowledge/index/guide-text.ts';
import { HybridIndex } from '../../knowledge/index/hybrid.ts';
import { guide as makeGuide } from '../../knowledge/index/testing.ts';
import type { Guide } from '../../knowledge/item.ts';
import { loadTestPack, type TestPack } from '../../tests/support/pack.ts';
import { textsFor } from '../texts.ts';
import type { Draft } from './draft.ts';
import type { AskedElement } from './elements.ts';
import { guideAnswer, scenariosIn } from './guide-answer.ts';

const texts = textsFor('zh');
let pack: TestPack;
beforeAll(async () => {
  pack = await loadTestPack();
});

const tell = (guide: Guide, scenarioIds: string[], asked: AskedElement[] = [], whole = false): Draft =>
  guideAnswer({ guide, index: pack.index, asked, scenarioIds, whole, texts });
const situations = (guide: Guide): string[][] => (guide.scenarios.length === 0 ? [[]] : guide.scenarios.map((scenario) => [scenario.id]));
/** The text of the materials section. */
const materialsOf = (draft: Draft): string => draft.text.split(`**${texts.elements.materials}**`)[1]?.split('\n\n')[0] ?? '';

describe('the whole notice of every guide of the sample pack, in every situation', () => {
  it('[R-081] tells every material, place, time, fee, condition and step that the record has', () => {
    const missing: string[] = [];
    let checked = 0;
    for (const guide of pack.guides) {
      for (const scenarioIds of situations(guide)) {
        const { text } = tell(guide, scenarioIds, [], true);
        const applies = (ids: readonly string[]) => ids.length === 0 || ids.some((id) => scenarioIds.includes(id));
        const needed = [
          ...guide.materials.filter((material) => applies(material.scenarioIds)).map((material) => material.name),
          ...guide.acceptConditions,
          ...guide.process.map((step) => step.stage),
          ...guide.places.map((place) => place.name),
          ...(guide.promisedLimit ? [limitText(guide.promisedLimit)] : []),
          ...(guide.statutoryLimit ? [limitText(guide.statutoryLimit)] : []),
          ...(guide.isCharged === false ? ['不收费'] : guide.fees.map((fee) => fee.standard.replace(/[。；]+$/u, ''))),
          ...(guide.consultPhone ? [guide.consultPhone] : []),
        ];
        checked += needed.length;
        for (const fact of needed) if (!text.includes(fact)) missing.push(`${guide.id}/${scenarioIds.join()}: ${fact}`);
      }
    }
    expect(checked).toBeGreaterThan(1000);
    expect(missing).toEqual([]);
  });

  it('[R-085] lists the materials of that situation and of no other', () => {
    const wrong: string[] = [];
    for (const guide of pack.guides) {
      for (const scenarioIds of situations(guide)) {
        const section = materialsOf(tell(guide, scenarioIds));
        const lines = section.split('\n').map((line) => line.replace(/^(?:\d+\.|- 不用带：)\s*/, ''));
        const named = (name: string) => lines.some((line) => line === name || line.startsWith(`${name}：`));
        for (const material of guide.materials) {
          const belongs = material.scenarioIds.length === 0 || material.scenarioIds.some((id) => scenarioIds.includes(id));
          const twin = guide.materials.some(
            (other) =>
              other !== material &&
              other.name === material.name &&
              (other.scenarioIds.length === 0 || other.scenarioIds.some((id) => scenarioIds.includes(id))),
          );
          if (named(material.name) !== belongs && !(twin && !belongs))
            wrong.push(`${guide.id}/${scenarioIds.join()}: ${material.name} ${belongs ? 'is missing' : 'does not belong'}`);
        }
      }
    }
    expect(wrong).toEqual([]);
  });

  it('[R-078] says of every exempt material that it need not be brought, and never of another', () => {
    let exempt = 0;
    for (const guide of pack.guides) {
      for (const scenarioIds of situations(guide)) {
        const section = materialsOf(tell(guide, scenarioIds));
        const notBrought = section
          .split('\n')
          .filter((line) => line.startsWith('- 不用带：'))
          .map((line) => line.slice('- 不用带：'.length).split('：')[0]);
        const expected = guide.materials
          .filter(
            (material) =>
              material.exempt && (material.scenarioIds.length === 0 || material.scenarioIds.some((id) => scenarioIds.includes(id))),
          )
          .map((material) => material.name.split('：')[0]);
        expect([guide.id, notBrought]).toEqual([guide.id, expected]);
        exempt += expected.length;
      }
    }
    expect(exempt).toBeGreaterThan(20);
  });

  it('every section names its source, and every mark has a passage', () => {
    for (const guide of pack.guides) {
      for (const whole of [true, false]) {
        const { text, citations } = tell(guide, [], [], whole);
        const marks = new Set([...text.matchAll(/\[(\d+)\]/g)].map((match) => Number(match[1])));
        expect([...marks].sort((a, b) => a - b)).toEqual(citations.map((_, i) => i + 1));
        for (const citation of citations) expect(citation.itemId).toBe(guide.id);
        for (const section of text.split('\n\n').slice(1)) expect(section).toMatch(/\[\d+\]/);
      }
    }
  });
});

describe('what is asked decides what is told', () => {
  const lost = () => pack.guides.find((guide) => guide.id === 'id-card-reissue') as Guide;

  it('[R-081] a question for the matter is answered with materials, place, time and fee', () => {
    const { text } = tell(lost(), ['lost']);
    for (const element of ['materials', 'place', 'time', 'fee'] as const) expect(text).toContain(`**${texts.elements[element]}**`);
    expect(text).toContain('（丢失');
    expect(text).not.toContain(`**${texts.elements.process}**`);
  });

  it('[R-081] before the situation is known: what all bring, then what each situation brings besides', () => {
    const guide = lost();
    const { text, quickReplies } = tell(guide, []);
    for (const material of guide.materials) expect(text).toContain(material.name);
    for (const scenario of guide.scenarios) expect(quickReplies.map((reply) => reply.title)).toContain(scenario.name);
  });

  it('[R-013] a question for one fact gets that fact, the phone, and the rest one press away', () => {
    const { text, quickReplies, citations } = tell(lost(), ['lost'], ['fee']);
    expect(text).toContain(feeText(lost()));
    expect(text).not.toContain(texts.elements.materials);
    expect(text.length).toBeLessThan(300);
    expect(quickReplies.map((reply) => reply.title)).toEqual(['要带的材料', '在哪办', '多久办好']);
    expect(citations.map((one) => one.element)).toEqual(['fee', 'phone']);
  });

  it('the answer begins with a summary of at most 150 characters [R-013]', () => {
    for (const guide of pack.guides) {
      const second = tell(guide, []).text.split('\n')[1] ?? '';
      expect([guide.id, second.replace(/ \[\d+\]$/, '').length <= 150 && second !== '']).toEqual([guide.id, true]);
    }
  });
});

describe('a guide with gaps', () => {
  it('says honestly what is not written, and only when it was asked for', async () => {
    const bare = makeGuide({ id: 'bare', name: '某事项', summary: '到窗口办。' });
    const index = new HybridIndex({ lexicon: pack.lexicon });
    await index.replace({ revision: '1', items: [bare] });
    const answer = (asked: AskedElement[]) => guideAnswer({ guide: bare, index, asked, scenarioIds: [], texts }).text;
    expect(answer(['fee'])).toContain('指南里没有写“费用”');
    expect(answer([])).toContain('指南里没有写“要带的材料”');
    expect(answer([])).not.toContain('费用');
  });
});

describe('scenariosIn', () => {
  it.each([
    ['id-card-reissue', '身份证丢了怎么补办', 'lost'],
    ['id-card-reissue', '身份证到期了换一张', 'expired'],
    ['id-card-reissue', '身份證唔見咗', 'lost'],
    ['id-card-reissue', '身份证怎么办', undefined],
    ['id-card-reissue', '身份证丢了，还有一张过期的', undefined],
    ['id-card-first', '不满 16 周岁首次申领', 'under16'],
  ])('%s: %s → %s', (id, text, expected) => {
    const guide = pack.guides.find((one) => one.id === id) as Guide;
    expect(scenariosIn(guide, text, pack.lexicon)).toEqual(expected ? [expected] : []);
  });

  it('every situation is recognised by its own name', () => {
    const wrong: string[] = [];
    for (const guide of pack.guides) {
      for (const scenario of guide.scenarios) {
        const found = scenariosIn(guide, scenario.name, pack.lexicon);
        if (found.length !== 1 || found[0] !== scenario.id) wrong.push(`${guide.id}: ${scenario.name} → ${found.join()}`);
      }
    }
    expect(wrong).toEqual([]);
  });
});
