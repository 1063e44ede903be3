/** 一次性告知 for one matter or several as one (一件事): composed from the published guides only. */
import type { KnowledgeIndex, Passage } from '../../knowledge/index/types.ts';
import { type Guide, type Place, titleOf } from '../../knowledge/item.ts';
import { mergedMaterials, type NoticeMaterials } from './notice-materials.ts';

/** What is to be told: guides in their order, with the citizen's situation in each. */
export interface NoticeRequest {
  readonly title?: string | undefined;
  /** Name of the 牵头部门. */
  readonly lead?: string | undefined;
  readonly matters: readonly { readonly guide: string; readonly scenarios: readonly string[] }[];
  /** Its hall comes first. */
  readonly district?: string | undefined;
}

export interface NoticeMatter {
  readonly guide: Guide;
  readonly title: string;
  /** Name of the citizen's situation. */
  readonly situation: string | undefined;
  readonly scenarioIds: readonly string[];
  /** Who handles it; others that take part. */
  readonly department: string | undefined;
  readonly joint: readonly string[];
  /** The guide's passages that hold for the situation. */
  readonly passages: readonly Passage[];
  /** The guide as one source: all of these passages. */
  readonly source: Passage;
}

/** An office, once, with the windows of each matter. */
export interface NoticePlace {
  readonly place: Omit<Place, 'windowNo'>;
  readonly windows: readonly { readonly guide: string; readonly matter: string; readonly window: string | undefined }[];
}

export interface Notice {
  readonly title: string;
  readonly lead: string | undefined;
  readonly matters: readonly NoticeMatter[];
  readonly materials: NoticeMaterials;
  readonly places: readonly NoticePlace[];
}

const guideHeading = '办事指南';

/** Composes the notice; `guideOf` finds a guide in force. Undefined when none of the guides is. */
export function composeNotice(
  request: NoticeRequest,
  index: KnowledgeIndex,
  guideOf: (id: string) => Guide | undefined,
): Notice | undefined {
  const matters = joined(request.matters).flatMap(({ guide: id, scenarios }) => {
    const guide = guideOf(id);
    return guide ? matterOf(guide, scenarios, index) : [];
  });
  const [first] = matters;
  if (!first) return undefined;
  return {
    title: request.title ?? first.title,
    lead: request.lead ?? (matters.length > 1 ? first.department : undefined),
    matters,
    materials: mergedMaterials(matters),
    places: placesOf(matters, request.district),
  };
}

/** A guide named twice is one matter in several situations. */
function joined(matters: NoticeRequest['matters']): { guide: string; scenarios: string[] }[] {
  const byGuide = new Map<string, string[]>();
  for (const { guide, scenarios } of matters) byGuide.set(guide, [...new Set([...(byGuide.get(guide) ?? []), ...scenarios])]);
  return [...byGuide].map(([guide, scenarios]) => ({ guide, scenarios }));
}

function matterOf(guide: Guide, scenarioIds: readonly string[], index: KnowledgeIndex): NoticeMatter[] {
  const chosen = guide.scenarios.filter((one) => scenarioIds.includes(one.id));
  const all = index.passagesOf(guide.id);
  const passages = all.filter(
    ({ scenarioId }) => scenarioId === undefined || chosen.length === 0 || chosen.some((one) => one.id === scenarioId),
  );
  const source = sourceOf(guide, all, passages);
  if (!source) return [];
  const matter = {
    guide,
    title: titleOf(guide),
    situation: chosen.length === 0 ? undefined : chosen.map((one) => one.name).join('、'),
    scenarioIds: chosen.map((one) => one.id),
    department: guide.department,
    joint: guide.jointDepts.filter((name) => name !== guide.department),
    passages,
    source,
  };
  return [matter];
}

const sources = new WeakMap<readonly Passage[], Map<string, Passage>>();

/** What a notice cites of a guide: its passages as one. The same ones give the same source, which is checked once and not with every notice. */
function sourceOf(guide: Guide, all: readonly Passage[], chosen: readonly Passage[]): Passage | undefined {
  const [first] = chosen;
  if (!first) return undefined;
  const ofGuide = sources.get(all) ?? new Map<string, Passage>();
  sources.set(all, ofGuide);
  const key = chosen.map((passage) => passage.id).join();
  const text = () => chosen.map((passage) => `${passage.heading}：${passage.text}`).join('\n');
  const source = ofGuide.get(key) ?? { ...first, id: `${guide.id}#guide`, heading: guideHeading, text: text() };
  ofGuide.set(key, source);
  return source;
}

function placesOf(matters: readonly NoticeMatter[], district: string | undefined): NoticePlace[] {
  const byPlace = new Map<string, NoticePlace>();
  for (const { guide, title } of matters) {
    for (const { windowNo, ...place } of guide.places) {
      const key = JSON.stringify([place.name, place.address, place.hours, place.phone]);
      const windows = [...(byPlace.get(key)?.windows ?? []), { guide: guide.id, matter: title, window: windowNo }];
      byPlace.set(key, { place, windows });
    }
  }
  const places = [...byPlace.values()];
  const near = (one: NoticePlace) => district !== undefined && one.place.district === district;
  return [...places.filter(near), ...places.filter((one) => !near(one))];
}
