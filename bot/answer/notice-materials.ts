/** One list of materials for several matters: each thing once, with the larger count and who needs it. */
import { materialsOf } from '../../knowledge/index/guide-text.ts';
import { type Guide, type Material, titleOf } from '../../knowledge/item.ts';
import { normalise } from '../../knowledge/text/normalise.ts';

/** A matter's need for a material. */
export interface Need {
  /** Id of the guide. */
  readonly guide: string;
  readonly matter: string;
  readonly material: Material;
  /** The situation it belongs to, when the citizen's is not known. */
  readonly situation: string | undefined;
}

export interface NoticeMaterial {
  readonly name: string;
  /** 份: the largest number any matter asks for. */
  readonly originals: number;
  readonly copies: number;
  /** No matter asks for paper. */
  readonly electronic: boolean;
  readonly needs: readonly Need[];
}

export interface NoticeMaterials {
  readonly bring: readonly NoticeMaterial[];
  /** 免提交: fetched by the offices themselves. Never also under `bring`. */
  readonly fetched: readonly NoticeMaterial[];
}

/** A guide in the citizen's situation; no scenario: it is not known. */
export interface MatterMaterials {
  readonly guide: Guide;
  readonly scenarioIds: readonly string[];
}

/** Merges the materials of all matters, in the order in which they are first needed. */
export function mergedMaterials(matters: readonly MatterMaterials[]): NoticeMaterials {
  const byKey = new Map<string, Need[]>();
  for (const need of matters.flatMap(needsOf)) {
    const key = keyOf(need);
    byKey.set(key, [...(byKey.get(key) ?? []), need]);
  }
  const all = [...byKey.values()].map(merged);
  return { bring: all.filter((one) => !one.needs.every(isFetched)), fetched: all.filter((one) => one.needs.every(isFetched)) };
}

/** Whether the office gets it by itself for this matter. */
export function isFetched({ material }: Need): boolean {
  return material.exempt !== undefined || material.source === 'data_sharing';
}

function needsOf({ guide, scenarioIds }: MatterMaterials): Need[] {
  const known = scenarioIds.length > 0 || guide.scenarios.length === 0;
  return (known ? materialsOf(guide, scenarioIds) : guide.materials).map((material) => {
    const situations = guide.scenarios.filter((one) => material.scenarioIds.includes(one.id)).map((one) => one.name);
    const situation = known || situations.length === 0 ? undefined : situations.join('、');
    return { guide: guide.id, matter: titleOf(guide), material, situation };
  });
}

function merged(needs: Need[]): NoticeMaterial {
  const brought = needs.filter((need) => !isFetched(need));
  const counted = brought.length > 0 ? brought : needs;
  const most = (count: 'originalCount' | 'copyCount') => Math.max(0, ...counted.map(({ material }) => material[count] ?? 0));
  return {
    name: counted[0]?.material.name ?? '',
    originals: most('originalCount'),
    copies: most('copyCount'),
    electronic: counted.every(({ material }) => material.medium === 'electronic'),
    needs,
  };
}

/** Names that say what kind of paper it is, not which: each matter has its own. */
const nameless =
  /^(?:申请|登记|备案|报名|审批|采集|信息)*(?:表|书|函)$|^(?:个人|书面|有关|相关)?(?:承诺书|声明|申请材料|证明材料|其他材料|情况说明)$/u;

function keyOf({ guide, material: { name } }: Need): string {
  const key = canonicalName(name);
  return nameless.test(key) ? `${key}@${guide}` : key;
}

/** 身份证 is 居民身份证 and 户口本 is 居民户口簿, whoever's it is; one's own needs no "本人". */
export function canonicalName(name: string): string {
  return normalise(name)
    .replace(/\s+/gu, '')
    .replace(/^(?:本人|申请人)(?:的)?(?:有效)?/u, '')
    .replace(/^有效(?:的)?/u, '')
    .replace(/(?:原件及复印件|原件和复印件|原件|复印件)$/u, '')
    .replace(/[（(]\s*[)）]$/u, '')
    .replace(/(?<!居民)(?:第?二代)?身份证(?!件|明)/gu, '居民身份证')
    .replace(/(?<!居民)户口[簿本]/gu, '居民户口簿')
    .replace(/社保卡/gu, '社会保障卡')
    .replace(/房产证|房屋所有权证|不动产权证(?!书)/gu, '不动产权证书')
    .replace(/驾照|(?<!机动车)驾驶证/gu, '机动车驾驶证');
}
