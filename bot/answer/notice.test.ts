/** Merged notices of the sample pack's flows: complete, nothing twice, nothing to bring that is fetched, every number cited. */
import { beforeAll, describe, expect, it } from 'vitest';
import { feeText, limitText } from '../../knowledge/index/guide-text.ts';
import { HybridIndex } from '../../knowledge/index/hybrid.ts';
import { guide as makeGuide } from '../../knowledge/index/testing.ts';
import type { Guide, Material } from '../../knowledge/item.ts';
import { loadTestPack, type TestPack, today } from '../../tests/support/pack.ts';
import { guidesOf } from '../flows/flow.ts';
import { textsFor } from '../texts.ts';
import { unsupportedTokens } from './ground.ts';
import { composeNotice, type Notice, type NoticeRequest } from './notice.ts';
import { noticeDraft } from './notice-draft.ts';
import { canonicalName } from './notice-materials.ts';

const texts = textsFor('zh');
let pack: TestPack;
beforeAll(async () => {
  pack = await loadTestPack();
});

/** Every merged notice of the pack with all its guides, in each of the situations that the flow can ask for. */
function requests(): NoticeRequest[] {
  return pack.flows.flatMap((flow) =>
    flow.steps.flatMap((step): NoticeRequest[] => {
      if (!('notice' in step) || !('guides' in step.notice)) return [];
      const { title, lead } = step.notice;
      const guides = guidesOf(step.notice);
      const slots = [...new Set(guides.flatMap(({ scenarios }) => (Array.isArray(scenarios) ? [] : [scenarios.fromSlot])))];
      const ways = slots.reduce<Record<string, string>[]>(
        (all, id) => {
          const slot = flow.slots[id];
          const values = slot?.type === 'choice' ? slot.options.map((option) => option.value) : [];
          return all.flatMap((way) => values.map((value) => ({ ...way, [id]: value })));
        },
        [{}],
      );
      return ways.map((way) => ({
        title,
        lead,
        district: '西屏区',
        matters: guides.map(({ guide, scenarios }) => ({
          guide,
          scenarios: Array.isArray(scenarios) ? scenarios : [way[scenarios.fromSlot] ?? ''],
        })),
      }));
    }),
  );
}

const told = (request: NoticeRequest): { notice: Notice; text: string } => {
  const notice = pack.answerer.notice(request, today);
  if (!notice) throw new Error('no notice');
  return { notice, text: noticeDraft(notice, texts).text };
};
const applies = (material: Material, scenarioIds: readonly string[]) =>
  material.scenarioIds.length === 0 || material.scenarioIds.some((id) => scenarioIds.includes(id));
const bare = (text: string) => text.replace(/[。；]+$/u, '');

describe('[R-064] [R-081] the merged notice of every flow, in every situation', () => {
  it('tells every material, standard, place, window, time, fee, condition and step that the records have', () => {
    const missing: string[] = [];
    let checked = 0;
    for (const request of requests()) {
      const { notice, text } = told(request);
      for (const { guide, scenarioIds } of notice.matters) {
        const materials = guide.materials.filter((one) => (scenarioIds.length === 0 ? true : applies(one, scenarioIds)));
        const needed = [
          ...materials.flatMap((one) =>
            [one.sourceNote, one.condition, one.acceptStandard, one.fillNotes].filter((detail) => detail !== undefined).map(bare),
          ),
          ...guide.acceptConditions,
          ...guide.process.flatMap((step) => [step.stage, step.detail ?? ''].map(bare)),
          ...guide.places.flatMap((place) => [place.name, place.address ?? '', place.windowNo ?? '', place.hours ?? '', place.phone ?? '']),
          ...(guide.promisedLimit ? [limitText(guide.promisedLimit)] : []),
          ...(guide.statutoryLimit ? [limitText(guide.statutoryLimit)] : []),
          ...feeText(guide).split('\n'),
          guide.consultPhone ?? '',
          guide.isOnline && guide.onlineSteps.length > 0 ? (guide.onlineUrl ?? '') : '',
          guide.department ?? '',
          guide.summary ?? '',
          ...guide.results.map((result) => result.name ?? result.type),
        ];
        checked += needed.length;
        for (const fact of needed) if (!text.includes(fact)) missing.push(`${request.title}/${guide.id}: ${fact}`);
        for (const one of materials) {
          const listed = [...notice.materials.bring, ...notice.materials.fetched].find((entry) =>
            entry.needs.some(({ material }) => material === one),
          );
          if (!listed) missing.push(`${guide.id}: ${one.name}`);
        }
      }
    }
    expect(checked).toBeGreaterThan(1000);
    expect(missing).toEqual([]);
  });

  it('[R-065] names each material once, with the larger count', () => {
    for (const request of requests()) {
      const { notice } = told(request);
      const all = [...notice.materials.bring, ...notice.materials.fetched];
      const names = all.map((one) => `${canonicalName(one.name)}@${one.needs.length === 1 ? one.needs[0]?.matter : ''}`);
      expect(new Set(names).size, request.title).toBe(names.length);
      for (const one of notice.materials.bring)
        for (const { material } of one.needs.filter((need) => need.material.exempt === undefined)) {
          expect(one.originals).toBeGreaterThanOrEqual(material.originalCount ?? 0);
          expect(one.copies).toBeGreaterThanOrEqual(material.copyCount ?? 0);
        }
    }
  });

  it('[R-078] [R-088] nothing that is fetched stands in the list of what to bring', () => {
    for (const request of requests()) {
      const { bring, fetched } = told(request).notice.materials;
      for (const one of bring)
        expect(one.needs.some(({ material }) => material.exempt === undefined && material.source !== 'data_sharing')).toBe(true);
      for (const one of fetched)
        expect(one.needs.every(({ material }) => material.exempt !== undefined || material.source === 'data_sharing')).toBe(true);
    }
  });

  it('cites every number, link and document, and names the lead department', () => {
    for (const request of requests()) {
      const notice = pack.answerer.notice(request, today);
      if (!notice) throw new Error('no notice');
      const draft = noticeDraft(notice, texts);
      expect(unsupportedTokens(draft), request.title).toEqual([]);
      if (request.lead) expect(draft.text).toContain(`牵头部门：${request.lead}`);
    }
  });

  it('[R-072] the hall of the district comes first', () => {
    for (const request of requests()) {
      const { places } = told(request).notice;
      const here = places.filter(({ place }) => place.district === request.district).length;
      expect(places.slice(0, here).every(({ place }) => place.district === request.district)).toBe(true);
    }
  });
});

describe('merging', () => {
  const material = (name: string, more: Partial<Material> = {}): Material => ({
    name,
    necessity: 'required',
    scenarioIds: [],
    originalCount: 1,
    ...more,
  });
  async function noticeOf(...guides: Guide[]): Promise<{ notice: Notice; text: string }> {
    const index = new HybridIndex({ lexicon: pack.lexicon });
    await index.replace({ revision: '1', items: guides });
    const notice = composeNotice({ title: '示例', matters: guides.map(({ id }) => ({ guide: id, scenarios: [] })) }, index, (id) =>
      guides.find((one) => one.id === id),
    );
    if (!notice) throw new Error('no notice');
    return { notice, text: noticeDraft(notice, texts).text };
  }

  it('身份证 and 本人居民身份证 are the same thing; the larger count holds; who needs it is said', async () => {
    const { text } = await noticeOf(
      makeGuide({ id: 'a', name: '甲事', materials: [material('身份证', { copyCount: 2 }), material('户口本')] }),
      makeGuide({ id: 'b', name: '乙事', materials: [material('本人居民身份证', { copyCount: 1, acceptStandard: '在有效期内' })] }),
    );
    expect(text).toMatch(/1\. 身份证：原件 1 份、复印件 2 份；乙事：在有效期内 \[\d\]/);
    expect(text).toMatch(/2\. 户口本：原件 1 份；用于：甲事/);
    expect(text.match(/身份证/g)).toHaveLength(1);
  });

  it('what one office fetches and another wants to see is brought, and it is said where it is not needed', async () => {
    const { notice, text } = await noticeOf(
      makeGuide({ id: 'a', name: '甲事', materials: [material('结婚证', { exempt: { by: 'e_certificate', certType: '结婚证' } })] }),
      makeGuide({ id: 'b', name: '乙事', materials: [material('结婚证')] }),
    );
    expect(notice.materials.fetched).toEqual([]);
    expect(text).toMatch(/结婚证：原件 1 份；用于：乙事；甲事不用出示（用电子证照（结婚证）代替）/);
  });

  it('forms without a name of their own stay apart, and somebody else’s card is another card', async () => {
    const { notice } = await noticeOf(
      makeGuide({ id: 'a', name: '甲事', materials: [material('申请表'), material('父母身份证')] }),
      makeGuide({ id: 'b', name: '乙事', materials: [material('申请表'), material('身份证')] }),
    );
    expect(notice.materials.bring.map((one) => one.name)).toEqual(['申请表', '父母身份证', '申请表', '身份证']);
  });

  it('with the situation not known, everything is listed with when it is needed', async () => {
    const { text } = await noticeOf(
      makeGuide({
        id: 'a',
        name: '甲事',
        scenarios: [
          { id: 'x', name: '第一种' },
          { id: 'y', name: '第二种' },
        ],
        materials: [material('身份证'), material('结婚证', { scenarioIds: ['y'] })],
      }),
    );
    expect(text).toMatch(/结婚证：原件 1 份；第二种时要/);
  });

  it('a guide named twice is one matter in both situations', () => {
    const [request] = requests();
    const [first] = request?.matters ?? [];
    if (!request || !first) throw new Error('no merged notice in the pack');
    const notice = pack.answerer.notice({ ...request, matters: [first, first] }, today);
    expect(notice?.matters).toHaveLength(1);
  });
});
