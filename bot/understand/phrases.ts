/** Fixed ways of steering a conversation: ask for a person, stop, repeat, skip, correct. Input: `Lexicon.plain` of a message. */
import { remembered } from '../../knowledge/text/remembered.ts';

/** 人工智能补贴, 人工窗口: the word without the wish. */
const otherHuman = /人工.{0,2}(?:智能|流产|授精|繁育|繁殖|湖|费|成本|窗口|审核|采集|关节|耳蜗|增雨)/;
const person = '(?:真人|大?活人|人工|客服|接线员|话务员)';
const human: readonly RegExp[] = [
  new RegExp(`转(?:接)?(?:到|给|成|个|位|一下|我)*(?:${person}|坐席|座席)|^转接?$|^转人$|真人客服|人工(?:客服|服务|座席|坐席)`),
  new RegExp(`(?:找|要|换|接|叫|请|喊|派|有没有|来个).{0,3}${person}`),
  /(?:找|换|接|叫|请|联系)(?:个|位|一下|你们|你们的)?工作人员/,
  /(?:想|要|能|换).{0,4}(?:和|跟|同|个).{0,3}(?:真人|活人|人|工作人员)(?:来|跟我|和我)?(?:说|讲|聊|谈|沟通)/,
  /(?:不想|不要|别让我)再?(?:跟|和|同)机器人/,
  /(?:speak|talk) (?:to|with) (?:a |an |the )?(?:person|human|agent|someone)|human agent|real person/,
];
/** One clause that is nothing but the wish: 接线员在吗, 叫人来, 来个人跟我说. 叫人来修路灯 and 找个人代办 go on. */
const humanClause = new RegExp(
  `^(?:${person}|坐席|座席|工作人员)(?:在吗|在不在|在哪|呢|有吗)?$|` +
    '^(?:赶紧|赶快|快点?|马上|立刻|现在|你们?|给我|帮我|麻烦|请|能不能|可不可以|可以|还是|就|那|我要|我想|要|想)*' +
    '(?:(?:找|叫|喊|派|换|让)(?:你们)?(?:个|一个|位)?(?:人|懂的人|能说话的人?|管事的人?|负责的?人?)(?:过来|出来|来)|来个?(?:人|懂的人|管事的人?|能说话的人?)|(?:找|叫|换)个?(?:人|管事的人?|懂的人|能说话的人?)(?=跟我|和我|给我|听我|回我))' +
    '(?:接|听)?(?:电话)?(?:(?:跟|和|给|听|回)我)?(?:说说?|讲|聊|谈|处理|解决|回答|解释|沟通)?(?:一下|清楚|吧|啊|呀|行不行|行吗|好吗|可以吗|吗)*$',
);
/** 找个人 alone may answer the question who collects a card; with anger it asks for one. */
const bareHuman = /^(?:赶紧|快点?|马上|给我|帮我|你们|就|我要)*(?:找|叫|换)个?人$/;
const anger =
  /气死|受够|破(?:系统|机器人|玩意|东西)|什么(?:玩意|东西|态度)|垃圾|废物|答非所问|听不懂人话|没用|浪费(?:我的?)?时间|投诉你们|烦死|问(?:了)?半天|第[二三四五六]次|[三四五六]遍了|不跟(?:机器|你)/;

/** 不用转人工, 先别转人工. But 要不转人工吧 and 怎么还不转人工 ask for one. */
const noHuman =
  /(?<![要能可是还么])(?:不用|不必|不要|不想|不使|不需要|无需|没必要|先不|先别|别|甭|不)(?:再|给我|帮我)?(?:转接?|找|要|叫|换|接)?(?:到|给|个)?(?:人工|真人|客服)/;

const lead = '(?:那就|那|我|先|就|好的|好|嗯|请|帮我|我想|我要|不好意思)*';
const stops =
  '算了|不办了|不想办了?|不弄了|不想弄了|不查了|不想查了|不填了|不要了|不继续了|先不办|取消|停|停止|停下|退出|终止|取消流程|取消办理|退出流程|结束流程';
const ending = '(?:吧|了|啦|啊|哦|呀|谢谢|不用了)*';
/** The whole message is that, or it ends in giving up: 停缴社保 and 取消预约 are errands of their own. */
const cancel = new RegExp(
  `^${lead}(?:${stops}|cancel|stop|quit|never ?mind)(?:${stops})?${ending}$|(?:算了|取消吧|不办了|先不办|不弄了|不想办了)${ending}$`,
);
/** 算了，不开了: gives up what was begun, by its own verb. */
const drop = new RegExp(`^${lead}算了(?:吧|啦)?(?:我们?|先|就|还是|也|暂时)*不(?:想|要)?\\p{Script=Han}{1,2}了${ending}$`, 'u');
const politely = '(?:请|麻烦|劳驾|能不能|可不可以|可以|能|帮我|给我|帮忙|你|您|那就?|不好意思|对不起|没关系|我)*';
const kindly = '(?:吗|吧|呗|啊|呀|好吗|好不好|可以吗|行吗|谢谢|[?？])*';
/** One clause that asks for the last answer again; 重复缴费 and 再发一遍验证码 go on. */
const repeatClause = new RegExp(
  `^${politely}(?:(?:再|重新|重)(?:说|讲|发|念|解释|重复|写)(?:一?[遍次下回]|给我|来|过来)+|重复(?:一?[遍次下])|repeat(?: that)?(?: please)?|say (?:that|it) again)${kindly}$`,
);
const notHeard = /^(?:不好意思|对不起|抱歉|我|刚才?)*(?:没听清楚?|没看清楚?|听不清|什么意思)(?:楚|啊|呀|[?？])*$/;
const whatWasIt =
  /^(?:你|您)?(?:刚才?|刚刚)(?:你|您)?(?:说|讲|问)(?:的|了|我)*(?:什么|啥|是什么)(?:来着)?$|^(?:你|您)问(?:的|我)*(?:什么|啥)$/;
/** Says only why it is wanted again. */
const aside =
  /^(?:不好意思|对不起|抱歉|麻烦了?|谢谢|喂|嗯|啊|那个|我?(?:没听懂|没看懂|没听明白|没看明白|没注意|忘了|没记住|刚才?没(?:看|听)[到见]?))$/;

const skip =
  /^(?:先|请|直接|就|那就?)*(?:跳过|下一[个题步]|先不填|不想填|不想说|不填|没有这个|skip|pass)(?:吧|好了|这一?[个题步项]|它|了)*$/;
/** Says only why: 不说了，跳过. */
const unwilling =
  /^(?:我|这个|这题|先|就|也|都)*(?:不(?:想|愿意?|方便|便)?(?:说|填|写|答|回答|讲|透露|知道|清楚|记得)|忘|没有?|算|好的?|嗯)(?:了|啦|吧)*$/;
/** Begins a question beside the open one. */
const interruption =
  /^(?:(?:哎|诶|喂|嗯|那个)?(?:先?等一?[等下]?下?|稍等一?下?|慢着|且慢|打断一下|先?插一?句|先?问一?下|我?先问个?(?:事|问题)?|hold on|wait))[,，。.!！:：、\s]+(?=.*[?？]|.*吗|.*呢|.*(?:多|几|哪|什么|怎么))/u;
const correction = /不是|不对|搞错|弄错|填错|选错|说错|写错|改成|改为|应该是|更正|纠正|actually|i mean|change .{0,12} to/;
const question = /[?？]|吗$|呢$|怎么|如何|什么|哪|多少|多久|多长|几(?!乎)|能不能|可不可以|要不要|是不是|为什么|why|how|what|where|when/;

// A dozen rules read the same message.
const bare = remembered((plain) => plain.replace(/[\p{P}\p{S}]+/gu, '').replace(/(?<![a-z])\s+|\s+(?![a-z])/g, ''));
const clauses: (plain: string) => readonly string[] = remembered((plain) =>
  plain
    .split(/[，,。.；;！!？?~～、\n]+|(?<=\p{Script=Han})\s+/u)
    .map(bare)
    .filter(Boolean),
);
/** Each way of asking for a person has one of these in it. */
const humanSign = /[人客接话坐座席转a-z]/;

export const asksForHuman = (plain: string): boolean => {
  if (!humanSign.test(plain)) return false;
  const words = bare(plain.replaceAll("'", ' '));
  if (otherHuman.test(words) || declinesHuman(words)) return false;
  if (human.some((pattern) => pattern.test(words))) return true;
  const parts = clauses(plain);
  return parts.some((part) => humanClause.test(part)) || (anger.test(words) && parts.some((part) => bareHuman.test(part)));
};
/** 不用转人工: speaks of a person and wants none. */
export const declinesHuman = (plain: string): boolean => noHuman.test(bare(plain));
export const cancels = (plain: string): boolean => cancel.test(bare(plain)) || dropsIt(plain);
/** 算了，不开了: stops by a verb of its own, which may be that of a question's no. */
export const dropsIt = (plain: string): boolean => !cancel.test(bare(plain)) && drop.test(bare(plain));
/** Every clause asks for it again, or says why. */
export const asksToRepeat = (plain: string): boolean => {
  const parts = clauses(plain);
  const wanted = (part: string) => repeatClause.test(part) || notHeard.test(part) || whatWasIt.test(part);
  return parts.some(wanted) && parts.every((part) => wanted(part) || aside.test(part));
};
export const skips = (plain: string): boolean => {
  const parts = clauses(plain);
  return parts.some((part) => skip.test(part)) && parts.every((part) => skip.test(part) || unwilling.test(part));
};
/** 不用, 没有: turns down what was asked; no farewell while a question is open. */
export const refuses = (plain: string): boolean => /^(?:不|没|无|别|否|no\b)/.test(bare(plain)) && !/再见|拜拜|bye/.test(plain);
/** A bare 不是: an answer while a question is open, a complaint only without one. */
export const denies = (plain: string): boolean => /^(?:不是|不对|不)(?:的|啊|呀|吧|了)*$/.test(bare(plain));
/** 等一下，收费吗？ → 收费吗？ Input: the text as typed. */
export const withoutInterruption = (text: string): string => text.replace(interruption, '');
export const corrects = (plain: string): boolean => correction.test(plain);
export const isQuestion = (plain: string): boolean => question.test(plain);
