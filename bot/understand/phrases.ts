/** Fixed ways of steering a conversation: ask for a person, stop, repeat, skip, correct. Input: `Lexicon.plain` of a message. */

const human =
  /转人工|人工(?:服务|客服|座席|坐席)?$|^人工|找人工|(?:找|要|换|接|叫).{0,3}(?:真人|人工|客服|工作人员)|(?:想|要|能).{0,4}(?:和|跟|同).{0,3}(?:真人|人|工作人员)(?:说|讲|聊|谈)|真人客服|(?:speak|talk) (?:to|with) (?:a )?(?:person|human|agent)|human agent|real person/;
const cancel =
  /^(?:算了|不办了|取消|不要了|停|停止|退出|结束流程|先不办|不想办了|不弄了|不查了|我不(?:想)?(?:办|弄|查)了|cancel|stop|quit|never ?mind)|(?:算了|取消吧|不办了|先不办了|不弄了)$/;
const repeat =
  /^(?:再说一[遍次]|重复一[遍次]|重说一[遍次]|没听清|没看清|什么意思|刚才说(?:的)?什么|你(?:刚才)?问(?:的)?(?:我)?(?:什么|啥)|再讲一[遍次]|repeat|say that again)[?？。!！]*$/;
const skip = /^(?:跳过|下一[个题步]|先不填|不想填|不想说|不填|没有这个|skip|pass)[?？。!！]*$/;
const correction = /不是|不对|搞错|弄错|填错|选错|说错|写错|改成|改为|应该是|更正|纠正|actually|i mean|change .{0,12} to/;
const question = /[?？]|吗$|呢$|怎么|如何|什么|哪|多少|多久|多长|几(?!乎)|能不能|可不可以|要不要|是不是|为什么|why|how|what|where|when/;

export const asksForHuman = (plain: string): boolean => human.test(plain) && !/不(?:用|要|想|需要)(?:转)?人工/.test(plain);
export const cancels = (plain: string): boolean => cancel.test(plain.trim());
export const asksToRepeat = (plain: string): boolean => repeat.test(plain.trim());
export const skips = (plain: string): boolean => skip.test(plain.trim());
export const corrects = (plain: string): boolean => correction.test(plain);
export const isQuestion = (plain: string): boolean => question.test(plain);
