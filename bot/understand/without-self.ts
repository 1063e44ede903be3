/**
 * What of a message is the question, and who its writer says they are: 我是回族，领结婚证要带什么 asks what everybody asks. The words about
 * the person must not lead the look-up astray, and must not be lost where the knowledge itself makes the difference.
 */
import { address, age, saysMore, someone, type Trait, wordsOf } from './self-by-form.ts';

/** A message with somebody's words about themselves. */
export interface Introduced {
  /** The question without them. */
  readonly question: string;
  /** What they say of themselves, in the words knowledge would use for it: 残疾, 外地 … */
  readonly about: readonly string[];
  /** Whether rules may depend on it: age, disability, residence, family. Sex, people, faith and schooling never change a service. */
  readonly mayMatter: boolean;
  /** Told by the form of the clause alone: it may be the matter after all, where nothing is known to ask about without it. */
  readonly byForm: boolean;
}

const some = '(?:一?[个名位])?';
/** 上班族 and the like are no people. */
const people = '(?!上班族|打工族|工薪族|租房族|有车族|月光族|北漂族|啃老族)[\\p{Script=Han}]{1,5}族';
/** Each reads a whole clause that says nothing else. */
const traits: readonly Trait[] = [
  { says: whole(`是${some}(?:女|男)(?:的|性|士|生|人|同志|孩子?)?`), mayMatter: false },
  { says: whole(`是${some}(?:女士|先生|小姐|小伙子?|姑娘|大姐|大妈|大爷|大叔|阿姨)`), mayMatter: false },
  { says: whole(`是${some}(?:${people}|少数民族)(?:的|人|同胞|群众)?`), about: ['民族'], mayMatter: false },
  { says: whole('(?:是)?信(?:奉|仰)?(?:佛|道|基督|天主|伊斯兰|回)教?(?:的|徒)?'), mayMatter: false },
  { says: whole('是(?:佛教|道教|基督|天主教|伊斯兰教|穆斯林)(?:徒|信徒)?'), mayMatter: false },
  { says: whole('(?:也)?(?:没|没有)(?:上|念|读)过(?:什么)?(?:学|书)'), mayMatter: false },
  { says: whole('(?:不识字|不识几个字|文化(?:水平|程度)?(?:比较|很)?[低浅]|文化不高|是?文盲)'), mayMatter: false },
  { says: whole('是(?:本地|本市|当地)(?:的|人|户口|户籍)?'), mayMatter: false },
  { says: whole(`(?:今年|都|已经)*${age}(?:多)?岁(?:多|了|的人)*`), about: ['老年', '老人', '岁', '高龄'], mayMatter: true },
  { says: whole(`是${some}(?:老人|老年人|老人家|年轻人)(?:家)?`), about: ['老年', '老人', '高龄'], mayMatter: true },
  { says: whole(`是${some}(?:残疾人?|残障人?士?)`), about: ['残疾'], mayMatter: true },
  { says: whole(`是${some}(?:听障|视障|聋哑?|盲|肢体残疾)(?:人士?|的)?`), about: ['残疾', '听障', '视障', '盲'], mayMatter: true },
  {
    says: whole(
      '(?:坐|用)(?:着)?轮椅(?:的)?|腿脚不(?:太)?(?:方便|好)|行动不便|眼睛(?:看)?不(?:太)?(?:见|好)|耳朵(?:听)?不(?:太)?(?:见|好)',
    ),
    about: ['残疾', '行动不便', '上门'],
    mayMatter: true,
  },
  { says: whole('是(?:从)?(?:外地|外省|外市|外来)(?:来的|人|户口|户籍|的)?'), about: ['外地', '异地', '非本', '跨省'], mayMatter: true },
  { says: whole('是(?:农村|农业|乡下|城镇|城市|城里)(?:来的|人|户口|户籍|的)*'), about: ['农村', '农业', '城镇', '城乡'], mayMatter: true },
  { says: whole('是?单亲(?:妈妈|爸爸|家庭|母亲|父亲)?'), about: ['单亲', '未婚', '非婚'], mayMatter: true },
  // Of the form alone: who they address, then who they are.
  { says: address(), mayMatter: false, byForm: 'address' },
  { says: /^(?:本人|(?:本人)?[男女](?:性)?)$/u, mayMatter: false },
  { says: new RegExp(`^(?!.*[我俺是])${people}$`, 'u'), about: ['民族'], mayMatter: false },
  {
    says: new RegExp(`^${age}(?:多)?岁(?:的)?(?:老人|老头|老太|老太太|老汉)?$`, 'u'),
    about: ['老年', '老人', '岁', '高龄'],
    mayMatter: true,
  },
  ...someone(),
];

function whole(trait: string): RegExp {
  return new RegExp(`^(?:(?:你好|您好|那个|请问|唔该)[啊呀,，!！。\\s]*)?(?:我们?|俺|本人|人家)?(?:也|就)?(?:${trait})[啊呀呢哈吧]?$`, 'u');
}

/** A clause and what ends it. */
const clause = /[^，,。；;！!？?\n]+[，,。；;！!？?\n]*/gu;
const ending = /[，,。；;！!？?\s]+$/u;
const asked = /^(?:我)?(?:就)?(?:想|要)?(?:请)?问(?:一?下|问)?(?:你们?|您)?[，,:：\s]*/u;
/** Nobody takes more signs to say who they are. */
const longestClause = 60;
/** Less than this is no question by itself. */
const shortest = 4;

/** The question and what its writer says of themselves; undefined where nothing of the kind is said, or nothing else. */
export function introduced(text: string): Introduced | undefined {
  const clauses = text.match(clause) ?? [];
  if (clauses.length < 2) return undefined;
  const found: Trait[] = [];
  const kept: string[] = [];
  const told: string[] = [];
  for (const one of clauses) {
    const said = one.replace(ending, '').trim();
    const trait =
      said.length > longestClause
        ? undefined
        : traits.find(({ says, byForm }) => says.test(said) && !(byForm === 'self' && saysMore(said)));
    if (trait) {
      found.push(trait);
      if (trait.byForm === 'self') told.push(...wordsOf(said));
    } else kept.push(one);
  }
  const question = kept
    .join('')
    .replace(/[，,；;\s]+$/u, '')
    .trim()
    .replace(asked, '');
  if (found.length === 0 || question.length < shortest) return undefined;
  const named = clauses.flatMap((one) => new RegExp(people, 'u').exec(one)?.[0].replace(/^.*是(?:一?[个名位])?/u, '') ?? []);
  return {
    question,
    about: [...new Set([...found.flatMap(({ about = [] }) => about), ...named, ...told])],
    mayMatter: found.some(({ mayMatter }) => mayMatter),
    byForm: found.some(({ byForm }) => byForm !== undefined),
  };
}
