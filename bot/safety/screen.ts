/** The first look at a message: danger to life, matters with another door, prohibited content. By rule, before anything else. */
import { normalise } from '../../knowledge/text/normalise.ts';

export type Verdict =
  | { kind: 'pass' }
  | { kind: 'emergency'; rule: string; text: string }
  | { kind: 'not_accepted'; rule: string; text: string }
  | { kind: 'prohibited'; rule: string; text: string };

/** `unless`: wording that makes it an ordinary question after all. */
type Rule = { rule: string; pattern: RegExp; unless?: RegExp; text: string };

/** It happens now, or to the one who writes: no administrative word takes that back. */
const happening =
  /正在|突然|刚刚|刚才|快来|快点|救命|救救|家暴我|被.{0,3}家暴|(?:在|又|一直)打我(?!的?(?:电话|手机|办公|号))|不行了|没有?呼吸|打(?:什么|哪个|几号)电话|(?:110|119|120|122).{0,4}电话|^(?:快|急)|(?:我|他|她)(?:想|要)(?:自杀|死|跳)|不想活|活不下去/;
/** The paper side of a misfortune: insurance, certificates, benefits, prevention. */
const paperwork =
  /报销|医保|保险|理赔|赔偿|赔不赔|赔吗|赔付|条款|津贴|补助|补贴|救助|工伤|认定|鉴定|评残|残疾证|慢特病|门诊|证明|告诫书|保护令|回执|预防|防范|防溺水|培训|宣传|演练|讲座|干预|统计|许可|验收|备案|检查|设计|审批|资质|隐患|报警器|保护费|准生证|离婚/;
/** 去年失火把房产证烧了: what is over is no emergency. */
const past = /(?:去年|前年|上个?月|上次|以前|之前|前些天|当年).{0,14}|(?:后|以后|之后).{0,8}(?:怎么补|补办|补领|重办)/;
const overOrPaper = new RegExp(`${paperwork.source}|${past.source}`);

/** National lines as in the domain reference §6: 110 police, 119 fire, 120 medical, 122 traffic, 12356 psychological aid. */
const emergencies: readonly Rule[] = [
  {
    rule: 'self_harm',
    pattern:
      /不想活|(?<!羡慕|笑)想死了?(?!你|我了?哈)|活不下去|自杀|轻生|了结自己|结束(?:自己的)?生命|割腕|跳楼(?!价|机)|跳河|吞.{0,3}安眠药|want to die|kill myself|suicide/,
    unless: paperwork,
    text: '我很担心您。您现在可以马上打 **12356**，那里有人愿意听您说，全国都能拨通。\n如果您已经受伤或正要伤害自己，请立即打 **120** 或 **110**。\n身边有人的话，请让他们陪着您。您也可以点“转人工”，我们的工作人员会和您说话。',
  },
  {
    rule: 'gas_leak',
    pattern: /(?:煤气|燃气|天然气|瓦斯)(?:.{0,4})(?:泄漏|泄露|漏了|漏气)|闻到.{0,4}(?:煤气|燃气|天然气)|(?:煤气|一氧化碳)中毒/,
    unless: overOrPaper,
    text: '请马上离开屋子，不要开关电灯，不要在屋里打电话。\n到安全的地方后打 **119**，再打燃气公司的抢修电话。\n有人头晕、昏迷，请打 **120**。',
  },
  {
    rule: 'fire',
    pattern:
      /[着著]火(?!点)|起火|失火|(?:发生|有|出)了?火灾|火灾(?:了|现场|怎么办)|冒浓烟|烧起来|(?:家|楼|店|厂|车|房子|仓库)(?:里|上|下|间)?(?:都|正|已经|被)?(?:[着著]了|烧[着著]|烧了)|house is on fire|building is on fire/,
    unless: overOrPaper,
    text: '请马上打 **119** 报火警，说清楚地址和什么在烧。\n先离开，不要乘电梯，不要回去拿东西。有人受伤请打 **120**。',
  },
  {
    rule: 'medical',
    pattern:
      /晕倒|昏迷|昏过去|没有?呼吸|没气了|心脏病发|心梗|中风|脑梗|大出血|流了?好?多血|抽搐|休克|中毒了|喝了?农药|触电|溺水|落水|快不行了|(?<!不|需)要生了|羊水破|不省人事|叫救护车|heart attack|not breathing|unconscious/,
    unless: overOrPaper,
    text: '请马上打 **120**，说清楚地址、病人的情况和您的电话。\n电话不要挂，听医生的指导，派人到路口接救护车。',
  },
  {
    rule: 'traffic',
    pattern: /(?:出|发生)了?(?:车祸|交通事故)|车祸了|被车撞|撞(?:到|倒|了)人|车撞了|追尾了|car accident/,
    unless: overOrPaper,
    text: '有人受伤，请马上打 **120**，同时打 **122** 报交通事故。\n打开双闪，在车后放警示牌，人到路边安全的地方等。',
  },
  {
    rule: 'crime',
    pattern:
      /救命(?!钱|药|恩)|救救我|抢劫|被抢了|有人.{0,4}(?:砍|捅|杀|打)人|杀人|持刀|绑架|被绑|强奸|被人打|有人打我|(?:在|又|一直|总是?|老公|老婆|丈夫|爸爸?|妈妈?|他|她)打我(?!的?(?:电话|手机|办公|号))|家暴|入室(?:抢|盗|行窃)|有人入室|有小偷|跟踪我(?!们?的)|(?:孩子|小孩|娃|女儿|儿子|宝宝|老人|爷爷|奶奶|我[爸妈]|父亲|母亲).{0,2}(?:走丢|走失|被拐|失踪)|(?:孩子|小孩|娃|女儿|儿子|宝宝)(?:人|突然|刚才)?(?:丢了|不见了|找不到了)|being robbed|kidnap|help.{0,4}police/,
    unless: overOrPaper,
    text: '请马上打 **110** 报警，说清楚地点和正在发生的事。\n不方便说话，可以发短信到 **12110**，写上地点和情况。请先到安全的地方。有人受伤请打 **120**。',
  },
  {
    rule: 'fraud',
    pattern:
      /(?:刚|正在|被|遭|遇到了?|碰到了?).{0,6}诈骗(?!罪)|(?:刚|正在|被|我).{0,4}(?:骗了|被骗)|转账给?了?骗子|骗子.{0,8}转账|银行卡被盗刷/,
    unless: overOrPaper,
    text: '请马上停止转账，打 **110** 报警，也可以打反诈专线 **96110**。\n越早越好：同时联系银行，请求冻结。保留聊天和转账记录，不要再和对方联系。',
  },
];

/** Matters that a government hotline may not take up, each with its proper door. Source: GB/T 44189—2024, 6.1.2. */
const notAccepted: readonly Rule[] = [
  {
    rule: 'litigation',
    pattern:
      /(?:法院|法官).{0,10}(?:判|执行|立案|开庭|不公)|判决.{0,6}(?:不服|执行|不公)|(?<!以)上诉(?!求)|(?:我要|想|怎么)(?:起诉|打官司)|强制执行(?!效力|公证)/,
    text: '打官司、判决和执行的事归人民法院管。请拨打 **12368** 诉讼服务热线，或到人民法院在线服务办理。\n想先问问法律问题，可以打 **12348** 公共法律服务热线，免费。',
  },
  {
    rule: 'arbitration',
    pattern: /(?:劳动)?仲裁.{0,6}(?:结果|裁决|不服|进度|开庭)|已经?(?:申请|在)(?:劳动)?仲裁/,
    text: '已经进入仲裁的事，由仲裁委员会处理。劳动人事争议请打 **12333** 询问受理的仲裁院；对裁决不服，可以按裁决书写明的期限向法院起诉。\n法律问题可以打 **12348**，免费。',
  },
  {
    rule: 'discipline',
    pattern: /(?:举报|检举|控告|投诉).{0,10}(?:贪污|受贿|行贿|腐败|违纪|吃拿卡要|索贿|权力寻租)|(?:贪污|受贿|索贿|腐败).{0,8}(?:举报|检举)/,
    text: '反映公职人员违纪违法，请拨打 **12388** 纪检监察举报电话，或登录中央纪委国家监委举报网站。您的反映受法律保护。\n如果是办事中遇到刁难，也可以点“转人工”，我们帮您转给监督部门。',
  },
  {
    rule: 'reconsideration',
    pattern: /行政复议/,
    text: '行政复议由行政复议机构办理：自知道行政行为之日起 60 日内，向作出决定的机关的本级人民政府提出。可以到司法局行政复议窗口，或通过“掌上复议”申请。\n不清楚怎么写，可以打 **12348** 免费咨询。',
  },
  {
    rule: 'disclosure',
    pattern: /(?:政府)?信息公开.{0,8}(?:申请|依申请|怎么|答复)|申请.{0,4}信息公开/,
    text: '要申请政府信息公开，请到对应部门的门户网站“政府信息公开”栏目填写申请表，也可以当面或邮寄申请。部门一般在 20 个工作日内答复。\n不知道归哪个部门，可以点“转人工”，我们帮您找。',
  },
  {
    rule: 'petition',
    pattern: /(?:已经?|正在).{0,6}信访|信访.{0,8}(?:答复|不服|进度|复查|复核)/,
    text: '已经进入信访程序的事，请向受理的信访机构询问进度；对答复不服，可以在 30 日内申请复查。国家信访局网站和各地信访接待场所都可以办理。',
  },
  {
    rule: 'secrets',
    pattern:
      /(?:涉密|机密|绝密|秘密级)(?:文件|资料|信息)|国家秘密|(?:查|打听|(?<!需)要|告诉我).{0,6}(?:别人|他人|邻居|前妻|前夫|老板|某人|明星).{0,6}(?:身份证号|电话|住址|户籍|开房|银行|存款|病历)/,
    text: '这涉及秘密或他人的隐私，我不能提供，也请不要在这里发送。\n为了自己的合法权益需要查询，可以委托律师或通过公安、法院依法办理；法律咨询请打 **12348**。',
  },
];

const prohibited: readonly Rule[] = [
  {
    rule: 'illegal_help',
    pattern:
      /(?:怎么|如何|教我|帮我|哪里).{0,6}(?:制造|制作|制|做|买|搞到?)(?:炸弹|炸药|枪支?|毒品|冰毒|海洛因|假(?:身份证|证件|证明|发票|公章|学历|营业执照|钞))|(?:办|买|开|做)(?:一?(?:张|个|本))?假(?:身份证|证件?|证明|发票|公章|学历)|招嫖|约炮|裸聊|赌博网站|翻墙软件/,
    unless: /举报|投诉|发现|查处|处罚|后果|犯法|违法吗|有人|被人|冒用/,
    text: '这件事违法，我不能帮忙。\n如果有人逼您这样做，请打 **110**。正规的证件和手续怎么办，可以直接问我。',
  },
];

/** The first rule that a message meets; `certain`: its `unless` does not count. */
function hit(rules: readonly Rule[], plain: string, certain = false): Rule | undefined {
  return rules.find(({ pattern, unless }) => pattern.test(plain) && (certain || !unless?.test(plain)));
}

/**
 * Looks at one message. Emergency wording wins over everything; a hit carries the fixed, reviewed reply.
 * Input: the citizen's text as typed.
 */
export function screen(text: string): Verdict {
  const plain = normalise(text);
  if (plain === '') return { kind: 'pass' };
  const emergency = hit(emergencies, plain, happening.test(plain));
  if (emergency) return { kind: 'emergency', rule: emergency.rule, text: emergency.text };
  const unlawful = hit(prohibited, plain);
  if (unlawful) return { kind: 'prohibited', rule: unlawful.rule, text: unlawful.text };
  const elsewhere = hit(notAccepted, plain);
  return elsewhere ? { kind: 'not_accepted', rule: elsewhere.rule, text: elsewhere.text } : { kind: 'pass' };
}
