/** How upset a message is, by its words: decides one soothing sentence, never what is answered. Input: `normalise`d text. */

export type Tone = 'calm' | 'anxious' | 'angry';

export interface Heard {
  readonly tone: Tone;
  /** The message without words of abuse where there were any; empty: nothing but an outburst. */
  readonly matter: string;
  /** Words of abuse were in it. */
  readonly abuse: boolean;
}

/** Words of abuse. 妈的 after a person is a mother's: 我妈的社保, 他妈的户口. */
const hers = '户|社|身|医|养|退|手|名|证|卡|号|钱|病|房|护|残|死亡|信|照|低保|工资|账|银行';
const abuse = `(?<!孩子|小孩)(?:他|你|特|tm)妈的(?!${hers})|(?<![我你他她咱爸的是和跟])妈的(?!${hers})|(?<![a-z])(?:tmd|nmd|nmsl|wtf|sb|cnm|mmp)(?![a-z])|傻[逼bx比叉叼屌缺]|煞笔|沙雕|脑残|智障(?!人|儿|证|残|评|鉴)|弱智(?!儿)|白痴(?!呆)|蠢货|蠢猪|废物(?!回收|利用|处理|处置)|混蛋|王八蛋|狗屁|放屁|^滚(?:吧|啊|远点|开|蛋)?[!！。]*$|滚蛋|滚开|去死|贱人|草泥马|操你|(?<!早)操蛋|日你|卧槽|我[靠操艹草](?!作|行|近|谱)|垃圾(?=系统|机器|玩意|东西|服务|人工|客服|助手|软件|$|[!！。，,])|猪脑|有病吧|神经病(?!院|人|的|患|医|证)|fuck(?:ing)?|shit|bullshit|stupid|idiot|damn it`;
const anger =
  '气死(?:我|人)|气炸|恼火|火大|受够|忍无可忍|什么(?:破|鬼|烂|玩意|东西|态度)|破(?:系统|机器人|玩意|东西|网站|流程)|太(?:过分|离谱|坑|差劲|差了|不像话|不负责)|不像话|坑人|糊弄|推(?:来推去|诿|皮球)|踢皮球|互相推|不作为|没人管|没人理|答非所问|听不懂人话|你(?:到底|究竟)(?:懂不懂|会不会|听没听|有没有)|浪费(?:我的?)?时间|白跑|跑了[三四五六七八九十好几几多\\d]+[趟次回]|说了[三四五六七八九十好几几\\d]+[遍次]|第[三四五六七八九十]次|问了半天|等了(?:大?半[天年]|[三四五六七八九十几好\\d]+(?:个(?:小时|月|星期|多月)|天|周|年)).{0,8}(?:没|不|还|都)|投诉你们|凭什么|岂有此理|欺负人|骗人的吧|^(?:一群|你们)?骗子|忽悠|敷衍|折腾|有没有人管|ridiculous|useless|terrible service|waste of (?:my )?time|fed up|so angry|unacceptable';
/** Praise that is none. */
const sarcasm =
  '(?:你|您|你们)?(?:可)?真(?:是)?(?:行|厉害|聪明|能耐|会办事|高效|贴心)(?:啊|呀|哈)?[,，.。!！~～]*(?=.{0,20}(?:半天|还是|都没|又|三遍|跑了|等了))|(?:呵呵|哈哈|谢谢)(?:啊|了|你)?[,，.。]?(?:又|还)?白跑|服了(?:你|你们|u)?|人工智障|效率真高.{0,10}(?:月|天|年)|great,? (?:another|just what)';
const anxiety =
  '急死|着急|好急|很急|特别急|急急急|来不及|愁死|愁人|怎么办才好|不知道(?:该)?怎么办|好担心|很担心|害怕|焦虑|崩溃|睡不着|急哭|想哭|走投无路|求求|拜托了|帮帮我|urgent(?:ly)?|worried|desperate|panicking';

/** Upset wording that belongs to a matter: 投诉电话, 着急用的加急办理 stay calm. */
const matterOfFact =
  /(?:怎么|如何|哪里|在哪|去哪).{0,4}(?:投诉|举报)|投诉(?:电话|渠道|平台|举报)|不(?:着急|急|用急|要着急)|别急|垃圾(?:分类|桶|袋|处理|场|站|费|清运|填埋|短信)|加急|急救|急诊|应急|紧急/;

const rubbish = /垃圾(?:分类|桶|袋|处理|场|站|费|清运|填埋|短信)/g;
const abused = new RegExp(abuse);
const upset = new RegExp(`${anger}|${sarcasm}`);
const anxious = new RegExp(anxiety);
const everyAbuse = new RegExp(abuse, 'g');
const everyUpset = new RegExp(`${anger}|${sarcasm}`, 'g');
/** What remains of an outburst once its words are gone: address, particles, complaint about nothing. */
const hollow =
  /^(?:你们?|您|我|他们|这|那|个|是|的|了|啊|呀|吧|吗|呢|真|太|好|都|就|也|又|还|什么|东西|玩意|机器人?|系统|客服|人|[一这那]群|[一这那]帮|简直|死|要|给|气|really|you|are|is|this|so|what|a|the|bot|\s)*$/;

/** Reads the tone, and what there is to answer besides. */
export function toneOf(plain: string): Heard {
  const words = plain.replace(matterOfFact, '');
  const abuse = abused.test(plain.replace(rubbish, ''));
  const angry = abuse || upset.test(words);
  const tone: Tone = angry ? 'angry' : anxious.test(words) ? 'anxious' : 'calm';
  if (!angry) return { tone, matter: plain, abuse };
  const clean = plain.replace(everyAbuse, '');
  const clauses = clean.split(/(?<=[,，。.!！?？;；~～\s])/u).filter((clause) => !hollow.test(bare(clause.replace(everyUpset, ''))));
  return {
    tone,
    abuse,
    matter: clauses
      .join('')
      .replace(/^[\p{P}\s]+/u, '')
      .trim(),
  };
}

const bare = (text: string): string => text.replace(/[\p{P}\p{S}]+/gu, '');
