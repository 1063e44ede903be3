/** Words by which follow-up questions are understood: who and what may be swapped, and where a question starts to ask. */

export type EntityKind = 'person' | 'origin' | 'marriage' | 'action' | 'situation' | 'age' | 'time' | 'way';

export interface Entity {
  readonly kind: EntityKind;
  readonly word: string;
  /** The text is that word and nothing else. */
  readonly whole: boolean;
  /** What the text says besides. */
  readonly rest: string;
  /** Whether it reads well before the matter: 孩子身份证丢了. */
  readonly before: boolean;
}

const persons =
  '新生儿|小孩子?|孩子|宝宝|娃娃?|儿子|女儿|婴儿|未成年人?|老人家?|老年人|父母|爸妈|爸爸|妈妈|老公|老婆|丈夫|妻子|配偶|爱人|夫妻(?:俩|双方)?|单身|家人|亲戚|朋友|别人|学生|大学生|毕业生|农民工|外国人|港澳台(?:居民|同胞)?|华侨|残疾人|退休(?:人员|职工|的人)|军人|个人|企业|公司|单位|个体户|有限公司|合伙企业|灵活就业(?:人员)?|职工|自由职业(?:者)?|失业人员|女方|男方|女职工|男职工|租客|房东|买方|卖方|我(?:爸|妈|爷爷|奶奶|老公|老婆|孩子|儿子|女儿)';
const origins = '(?:本地|本市|外地|外省|外市|农村|城镇|城市|集体|异地|农业)(?:户口|户籍|人)?(?:的人)?|安澜户口';
const situations =
  '丢了|丢失|遗失|被偷了?|坏了|损坏|磨损|过期了?|到期了?|快到期|改名了?|改了名|第一次办?|首次(?:申领|办)?|首套|二套|第二套|二手房|新房|一手房|租房|买房|离职|退休|异地|双胞胎|难产|剖腹产|流产|顺产|自愿离职|被辞退|辞职';
const marriages = '结婚|离婚|再婚|复婚|未婚|没结婚';
const actions = '注册|注销|变更|设立|补办|换领|补领|换发|补发|续期|申领|转移|签注|停业|歇业|转学';
const ages = '(?:不满|未满|满|超过)?\\d{1,2}(?:周?岁)(?:以上|以下|以内)?(?:的)?';
const times = '周末|周六|周日|星期[一二三四五六日天]|节假日|晚上|中午|下午|明天|今天|春节|国庆';
const ways = '网上|线上|手机上?|小程序|线下|窗口|现场|自助机|代办|邮寄|快递';

const kinds: readonly { readonly kind: EntityKind; readonly words: RegExp; readonly before: boolean }[] = [
  { kind: 'age', words: new RegExp(ages, 'u'), before: true },
  { kind: 'person', words: new RegExp(persons, 'u'), before: true },
  { kind: 'origin', words: new RegExp(origins, 'u'), before: true },
  { kind: 'marriage', words: new RegExp(marriages, 'u'), before: false },
  { kind: 'action', words: new RegExp(actions, 'u'), before: false },
  { kind: 'situation', words: new RegExp(situations, 'u'), before: false },
  { kind: 'time', words: new RegExp(times, 'u'), before: false },
  { kind: 'way', words: new RegExp(ways, 'u'), before: false },
];

/** Says nothing about whom or what. */
const filler = /^(?:我|的|是|给|帮|替|自己|本人|也|都|想|要|一个|了)+|(?:的|办|去|也|都|了)+$/gu;

/** The first word of a kind (or of any) in a text; words of several kinds with nothing else beside them are one: 外地老人. */
export function entityIn(text: string, kind?: EntityKind): Entity | undefined {
  for (const { kind: one, words, before } of kinds) {
    if (kind !== undefined && one !== kind) continue;
    const found = words.exec(text);
    if (!found) continue;
    const rest = (text.slice(0, found.index) + text.slice(found.index + found[0].length)).replace(filler, '');
    const more = kind === undefined && rest !== '' ? entityIn(rest) : undefined;
    if (more?.whole) return { kind: one, word: text.replace(filler, ''), whole: true, rest: '', before };
    return { kind: one, word: found[0].replace(/的$/, ''), whole: rest === '', rest, before };
  }
  return undefined;
}

const empty =
  /能不能|可不可以|可以|能|会|要|需要|得|还|就|才|都|拿到?|领到?|取|提|到账|下来|办好|办完|办理?|收|交|等|跑|去|算|发|给|每个?月|每年|每天|几个?月|几天|几趟|几次|个月|最多|最少|一共|一次|时候|有|是|多|少|带|补|换|查|准备|[的了吗呢啊\d\s，,。？?]/gu;

/** Whether a question says by itself what it is about: 公积金贷款要什么条件 does, 多久能拿到 and 丢了怎么补 don't. */
export function hasOwnMatter(text: string): boolean {
  if (/^(?:还)?(?:要|需要|用|得|必须)(?:带|交|有|是)?\p{Script=Han}{2,6}吗?$/u.test(text)) return false;
  const { before, after } = parts(text);
  const rest = (before + after).replace(empty, '');
  const entity = entityIn(rest);
  return rest.length >= 2 && !entity?.whole;
}

/** Where a question begins to ask. What stands before is the matter, or, when nothing does, what stands after. */
const asking =
  /(?:还|都|大概|一般|总共|一共|分别)?(?:需要|需|要|得|应该|可以|能)?(?:先)?(?:带|准备|提交|交|拿|满足|符合|用)?(?:什么|哪些|啥|哪几)(?:材料|资料|证件|手续|条件|东西|要求|流程|时候)?|怎么(?:办理|办|弄|补办|补|申请|查询?|走|算|领|交|开|换|申领|提取|取|报销?|登记|样)?|如何(?:办理|申请)?|(?:要|得|需要)?(?:花|交|付)?(?:多少钱?|几块钱?)|(?:要|需要)?(?:收费|花钱|交钱|要钱)|免费|(?:要|需要|得)?(?:等)?(?:多久|几天|多长时间|多少天)|(?:去|在|到)(?:哪里?|哪个|什么地方)(?:办理|办|交|领)?|哪里(?:能|可以)?(?:办理?|领|交)?|(?:能不能|可不可以|要不要|用不用|是不是|有没有|会不会).*|(?:可以|能|要|需要|用|必须|会|有|算).{1,12}吗|网上(?:能|可以|怎么)?.*|(?:电话|地址|流程|条件|材料|费用|时限|有效期)(?:是)?(?:多少|什么|在哪)?$/u;

function parts(text: string): { before: string; asked: string; after: string } {
  const bare = text.replace(/[?？。!！\s]+$/u, '').replace(/^(?:请问|我想问一?下?|我想|我要|想要|帮我|麻烦)+/u, '');
  const found = asking.exec(bare);
  if (!found) return { before: bare.replace(/[，,、]+$/u, ''), asked: '', after: '' };
  return {
    before: bare.slice(0, found.index).replace(/[，,、的]+$/u, ''),
    asked: found[0],
    after: bare.slice(found.index + found[0].length).replace(/^[，,、]+|(?:吗|呢)$/gu, ''),
  };
}

/** Splits a question into its matter and what it asks: 身份证丢了 | 要带什么. */
export function splitQuestion(text: string): { matter: string; asked: string } {
  const { before, asked, after } = parts(text);
  return before.length >= 2 || asked === '' ? { matter: before, asked: asked + after } : { matter: before + after, asked };
}
