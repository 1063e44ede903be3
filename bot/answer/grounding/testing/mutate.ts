/** Changes exactly one thing of a sentence, the way a model that makes things up would. */
import type { Random } from './random.ts';

export type MutationKind = 'number' | 'date' | 'phone' | 'fee' | 'department' | 'duration' | 'polarity';

export interface Mutation {
  readonly text: string;
  /** What stands there now. */
  readonly changed: string;
}

type Change = (found: RegExpMatchArray, random: Random) => string;
interface Site {
  readonly pattern: RegExp;
  readonly change: Change;
}

/** Another number of about the same size. */
function other(digits: string, random: Random): string {
  const value = Number(digits);
  const changed = value + (random.chance(0.5) ? 1 : -1) * (1 + random.int(Math.max(2, Math.round(value / 2))));
  return String(
    changed <= 0 || changed === value ? value + 1 + random.int(5) : Number.isInteger(value) ? changed : Number(changed.toFixed(1)),
  );
}

const notPartOfMore = '(?<![\\d.:\\-A-Za-z〔])';
const sites: Record<Exclude<MutationKind, 'department'>, readonly Site[]> = {
  fee: [
    { pattern: new RegExp(`${notPartOfMore}(\\d+(?:\\.\\d+)?)( ?万?元)`, 'g'), change: (m, random) => other(m[1] ?? '', random) + m[2] },
    { pattern: new RegExp(`${notPartOfMore}(\\d+)( ?)元`, 'g'), change: (m) => `${m[1]}${m[2]}万元` },
  ],
  duration: [
    {
      pattern: new RegExp(`(?<!月 ?)${notPartOfMore}(\\d+)( ?)(个工作日|个月|小时|分钟|天|日|年(?!度))`, 'g'),
      change: (m, random) => other(m[1] ?? '', random) + m[2] + m[3],
    },
    {
      pattern: new RegExp(`${notPartOfMore}(\\d+)( ?)个工作日`, 'g'),
      change: (m, random) => `${m[1]}${m[2]}${random.pick(['天', '个月', '小时'])}`,
    },
    {
      pattern: new RegExp(`(?<!月 ?)${notPartOfMore}(\\d+)( ?)(?:天|日)(?!\\d)`, 'g'),
      change: (m, random) => `${m[1]}${m[2]}${random.pick(['个工作日', '个月'])}`,
    },
  ],
  date: [
    {
      pattern: /(\d{1,2})( ?月 ?)(\d{1,2})( ?日)/g,
      change: (m, random) => `${m[1]}${m[2]}${((Number(m[3]) + random.int(26)) % 28) + 1}${m[4]}`,
    },
    {
      pattern: /(\d{1,2})( ?月 ?)(\d{1,2})( ?日)/g,
      change: (m, random) => `${((Number(m[1]) + random.int(10)) % 12) + 1}${m[2]}${m[3]}${m[4]}`,
    },
    { pattern: /(20\d\d)( ?年)/g, change: (m, random) => `${Number(m[1]) + 1 + random.int(3)}${m[2]}` },
    { pattern: /(\d{1,2}):(\d{2})/g, change: (m, random) => `${((Number(m[1]) + random.int(20)) % 23) + 1}:${m[2]}` },
    { pattern: /周([一二三四五六日])/g, change: (m, random) => `周${random.pick([...'一二三四五六日'].filter((day) => day !== m[1]))}` },
  ],
  phone: [
    {
      pattern: /\d{4}-\d{7}|(?<![\d.])12[0-9]{3}(?![\d.]| ?[元个年月日天])/g,
      change: (m, random) => {
        const at = m[0].length - 1 - random.int(3);
        return `${m[0].slice(0, at)}${(Number(m[0][at]) + 1 + random.int(8)) % 10}${m[0].slice(at + 1)}`;
      },
    },
  ],
  number: [
    { pattern: new RegExp(`${notPartOfMore}(\\d+(?:\\.\\d+)?)(?![\\d:\\-.]| ?月)`, 'g'), change: (m, random) => other(m[1] ?? '', random) },
  ],
  polarity: [
    { pattern: /(?<!不|许|认|可不)可以(?!不)/g, change: (_, random) => random.pick(['不可以', '必须', '不得']) },
    { pattern: /不用|无需|不需要|不必/g, change: (_, random) => random.pick(['需要', '必须', '应当']) },
    { pattern: /不能|不得|不可以/g, change: () => '可以' },
    { pattern: /必须|应当/g, change: (_, random) => random.pick(['可以', '不必', '无需']) },
    { pattern: /(?<![可不只才性功智职技])能(?![力源够不耗])/g, change: () => '不能' },
    { pattern: /不收费|免费/g, change: (_, random) => random.pick(['收费', '要收费']) },
    { pattern: /除外/g, change: (_, random) => random.pick(['也一样', '在内']) },
    { pattern: /(?<!可)以上/g, change: () => '以下' },
    { pattern: /以内|不超过/g, change: () => '以上' },
    { pattern: /不满(?!意)/g, change: () => '年满' },
    { pattern: /(?<![是有])没有(?!关系|什么)/g, change: () => '有' },
    { pattern: /(?<!要|能|会|是|换|办)不(?=[办收影降予重换要])/g, change: () => '' },
  ],
};

export const mutationKinds: readonly MutationKind[] = ['number', 'date', 'phone', 'fee', 'department', 'duration', 'polarity'];

/** One mutation of a kind at a random place; undefined where the sentence has nothing of the kind. */
export function mutate(text: string, kind: MutationKind, names: readonly string[], random: Random): Mutation | undefined {
  if (kind === 'department') return mutateName(text, names, random);
  const places = sites[kind].flatMap(({ pattern, change }) => [...text.matchAll(pattern)].map((found) => ({ found, change })));
  if (places.length === 0) return undefined;
  const { found, change } = random.pick(places);
  const changed = change(found, random);
  const at = found.index;
  return changed === found[0] ? undefined : { text: text.slice(0, at) + changed + text.slice(at + found[0].length), changed };
}

function mutateName(text: string, names: readonly string[], random: Random): Mutation | undefined {
  const present = names.filter((name) => text.includes(name)).sort((a, b) => b.length - a.length);
  const [longest] = present;
  if (!longest) return undefined;
  const changed = random.pick(names.filter((name) => !name.includes(longest) && !longest.includes(name)));
  return { text: text.replace(longest, changed), changed };
}
