/** Fixed ways of steering a conversation: ask for a person, stop, repeat, skip, correct. Input: `Lexicon.plain` of a message. */

/** 人工智能补贴, 人工窗口: the word without the wish. */
const otherHuman = /人工.{0,2}(?:智能|流产|授精|繁育|繁殖|湖|费|成本|窗口|审核|采集|关节|耳蜗|增雨)/;
const human: readonly RegExp[] = [
  /转(?:接)?(?:到|给|成)?(?:人工|真人|客服)|^转接?$|^转人$|真人客服|人工(?:客服|服务|座席|坐席)/,
  /(?:找|要|换|接|叫|请|有没有|来个).{0,3}(?:真人|人工|客服)/,
  /(?:找|换|接|叫|请|联系)(?:个|位|一下|你们|你们的)?工作人员/,
  /^(?:人工|真人|客服|工作人员)(?:在吗|在哪|呢|有吗)?$/,
  /(?:想|要|能|换).{0,4}(?:和|跟|同|个).{0,3}(?:真人|人|工作人员)(?:来|跟我|和我)?(?:说|讲|聊|谈|沟通)/,
  /(?:不想|不要|别让我)再?(?:跟|和|同)机器人/,
  /(?:speak|talk) (?:to|with) (?:a |an |the )?(?:person|human|agent|someone)|human agent|real person/,
];
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
const repeat =
  /^(?:再说一[遍次]|重复一[遍次]|重说一[遍次]|没听清|没看清|什么意思|刚才说(?:的)?什么|你(?:刚才)?问(?:的)?(?:我)?(?:什么|啥)|再讲一[遍次]|repeat|say that again)[?？。!！]*$/;
const skip = /^(?:跳过|下一[个题步]|先不填|不想填|不想说|不填|没有这个|skip|pass)[?？。!！]*$/;
const correction = /不是|不对|搞错|弄错|填错|选错|说错|写错|改成|改为|应该是|更正|纠正|actually|i mean|change .{0,12} to/;
const question = /[?？]|吗$|呢$|怎么|如何|什么|哪|多少|多久|多长|几(?!乎)|能不能|可不可以|要不要|是不是|为什么|why|how|what|where|when/;

const bare = (plain: string): string => plain.replace(/[\p{P}\p{S}]+/gu, '').replace(/(?<![a-z])\s+|\s+(?![a-z])/g, '');

export const asksForHuman = (plain: string): boolean => {
  const words = bare(plain.replaceAll("'", ' '));
  return human.some((pattern) => pattern.test(words)) && !otherHuman.test(words) && !declinesHuman(words);
};
/** 不用转人工: speaks of a person and wants none. */
export const declinesHuman = (plain: string): boolean => noHuman.test(bare(plain));
export const cancels = (plain: string): boolean => cancel.test(bare(plain));
export const asksToRepeat = (plain: string): boolean => repeat.test(plain.trim());
export const skips = (plain: string): boolean => skip.test(plain.trim());
export const corrects = (plain: string): boolean => correction.test(plain);
export const isQuestion = (plain: string): boolean => question.test(plain);
