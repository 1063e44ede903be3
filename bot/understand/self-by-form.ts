/** How people introduce themselves and address others, told by the form of a clause: no list of who they may be would ever be whole. */

export interface Trait {
  readonly says: { test(said: string): boolean };
  readonly about?: readonly string[];
  readonly mayMatter: boolean;
  /** Known by its form alone: words about somebody, or words to somebody. */
  readonly byForm?: 'self' | 'address';
}

export const age = '(?:\\d{1,3}|[一二三四五六七八九十]{1,3})';

/** Who says it: the writer, or one of their family. */
const self = '(?:我们?|俺们?|咱们?|额们?|偶|阿拉|本人|人家|老朽|鄙人|小的)';
const relative = '(?:家)?(?:里)?(?:爸爸?|妈妈?|父亲|母亲|父母|爷爷|奶奶|老公|老婆|丈夫|妻子|爱人|对象|老伴|老人|儿子|女儿|孩子)';
/** A clause with one of these says what somebody wants, did or lost. */
const errand =
  /[?？吗呢办补换领丢查交缴迁改开买卖租证照卡号费款]|申请|注销|登记|过期|到期|怎么|怎样|咋|什么|啥|多少|几|哪|能不能|可以|需要|想|说(?![话得])|不是|因为|为了|昨|今天|刚|投诉|举报|咨询/u;

/** English that asks or wants something. */
const wanted = /\b(?:how|what|where|when|which|who|why|can|could|do|does|need|want|apply|applying|lost|renew|get|looking|trying|here)\b/i;

/** Whether a clause of the form says what somebody wants or did as well. */
export const saysMore = (said: string): boolean => errand.test(said.replace(trades, '')) || wanted.test(said);

/** What people do for a living is no errand, whatever is in its name. */
const trades = /外卖|买卖人|开(?=车的|店的|出租|货车|网约车)|修(?=车)|售货/gu;

/** Somebody is spoken to, or asked to listen: 师傅, 同志你好, 唔该晒, 麻烦您了, 侬好, excuse me. */
export function address(): Trait['says'] {
  const who = '(?:小|大|老)?(?:同志|师傅|姑娘|妹妹?|弟弟?|哥哥?|姐姐?|阿姨|爷|妈|叔|伯伯?|老师|领导|老板|美女|帅哥|亲|朋友|客服|机器人)们?';
  const greeting =
    '(?:[你您侬]们?好|早上好|上午好|下午好|晚上好|早安|唔该晒?|劳驾|打扰(?:一下|下|了|您了)?|不好意思|对不起|麻烦(?:[你您]们?)?(?:一下|下|了)?|拜托(?:了)?|谢谢)';
  const asking =
    '(?:(?:(?:我|俺|阿拉|咱|额)(?:这|那)?个?(?:老头子?|老太婆|老太太|老婆子|老人家?|老汉|外地人|乡下人|农民)?)?(?:就|能不能|可以|可不可以)?(?:想|要)?(?:跟[你您]|向[你您])?(?:请教|请问|问|打听|咨询|了解)(?:[你您]|[一]?[下句声]|个事|一个问题){0,2}吗?)';
  const english =
    '(?:(?:hi|hello|hey|excuse me|sorry|please|good (?:morning|afternoon|evening)|dear)(?: (?:there|sir|madam|friend|officer))?)';
  const whole = new RegExp(`^${english}$`, 'iu');
  const next = new RegExp(`(?:${who}|${greeting}|${asking}|那个|喂)[啊呀呢哈吧\\s]*`, 'uy');
  // One after another, never going back: words piled up on purpose take no longer than others.
  const allOfIt = (said: string): boolean => {
    next.lastIndex = 0;
    while (next.lastIndex < said.length) if (!next.test(said)) return false;
    return said !== '';
  };
  return { test: (said) => whole.test(said) || allOfIt(said) };
}

/** I am …, as …; and states that are often told first. Each may matter to a service, none is the errand. */
export function someone(): Trait[] {
  const state =
    '(?:(?:都|也|已经|现在|今年|快|又)*' +
    `(?:${age}(?:多|来)?(?:岁)?(?:多)?(?:的人)?|年纪(?:比较|很|太)?大|岁数(?:比较|很|太)?大|上(?:了)?(?:年纪|岁数)|老了|退休|下岗|失业|怀孕|离(?:过)?婚|离异|丧偶|守寡|再婚|未婚|单身|结过婚|当过兵|退伍|退役|坐过?牢|服刑|刑满|在(?:坐牢|服刑|监狱里?|工地(?:上)?(?:打工|干活|上班)?|外(?:地|面)?打工|家(?:务农|种地|带孩子)|厂里(?:上班|打工)|上学|读书)|没有?(?:正式)?工作|没(?:有)?(?:什么)?文化|打工|务农|种地` +
    '|有(?:点|些)?(?:抑郁症|精神病|癫痫|艾滋病|乙肝|残疾|慢性病|[\\p{Script=Han}]{1,4}(?:病|症))史?|(?:眼睛?|耳朵?|眼神|耳|听力|视力|腿脚|腿|手|身体|记性|脑子|普通话|口齿|说话)(?:都|也)?(?:不(?:太|大)?(?:好|方便|灵|行|利索|清楚|标准)|看不(?:太)?(?:见|清)|听不(?:太)?(?:见|清)|有点?聋|花)|(?:听|看)不(?:太)?(?:见|清|到)|不(?:太)?会(?:打字|用手机|上网|说普通话|写字|认字|拼音|用电脑)' +
    '|家里(?:比较|很|太)?(?:穷|困难|不富裕)|(?:一个)?(?:老太婆|老头子|老太太|老头|老汉|孤寡老人)(?:一个)?)' +
    '(?:的人|的|了|过|呢|啊|呀)*)';
  const about = ['老年', '老人', '高龄', '退休', '失业', '残疾', '孕', '离婚', '退役', '困难', '服刑', '刑满'];
  const who = `(?:${self}(?:${relative})?(?:这|那)?(?:个|位|些|种)?)`;
  return [
    { says: new RegExp(`^${who}?${state}$`, 'u'), about, mayMatter: true, byForm: 'self' },
    // 我是农民工, 作为一名女性, 我们这些农民, 身为服刑人员家属: what they are is in the words themselves.
    {
      says: new RegExp(`^(?:${who}(?:也|就|都)?(?:是|系|乃)|作为|身为|${self}这(?:些|个|种|群))(?!不|在|去|来).{1,14}$`, 'u'),
      mayMatter: true,
      byForm: 'self',
    },
    {
      says: /^(?:as an? |being an? |i ?['’]?m |i am |i was |we ?['’]?re |we are |i have (?:a |an )|my (?:husband|wife|son|daughter|mother|father|child) (?:is|has) )[\p{L}\d '’-]{1,60}$/iu,
      about: ['外国人', '残疾', '老年', '港澳台'],
      mayMatter: true,
      byForm: 'self',
    },
  ];
}
/** What 我是退役军人 is named in knowledge: any two characters of it next to each other, without the words every such clause has. */
export function wordsOf(said: string): string[] {
  const bare = said.replace(new RegExp(`^(?:${self}|作为|身为)?(?:是|系|乃)?(?:一?[个名位])?|[的了]|人员`, 'gu'), ' ');
  return bare
    .split(/[^\p{Script=Han}]+/u)
    .flatMap((run) => Array.from({ length: Math.max(0, run.length - 1) }, (_, i) => run.slice(i, i + 2)));
}
