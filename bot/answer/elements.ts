/** Which elements of a guide a question asks for. */
import type { PassageElement } from '../../knowledge/index/types.ts';
import { remembered } from '../../knowledge/text/remembered.ts';

export type AskedElement = Exclude<PassageElement, 'summary' | 'answer' | 'clause' | 'contact'>;

/** What somebody is paid, and how one speaks of being paid: 失业金每个月…, 能领… Money that comes in is no fee. */
const benefit =
  '(?:补贴|补助|津贴|补偿|赔偿|奖励|保险金|失业金|养老金|退休金|抚恤金|救助金|救济金|奖学金|助学金|供养金|慰问金|奖励金|补助金|补偿金|赔偿金|安家费|丧葬费|抚恤费|低保金?)(?:款|费)?';
const receiving = '(?:(?<![补换申])领|发放?|拿|到手|得到?|补贴?|补助|奖励?|贷|提取?|取|报销?|赔偿?|返还?|退)';
const howLong =
  '(?:每个?[月年人]|[一1]个?[月年]|一次|一共|总共|大概|大约|现在|今年|去年|标准|金额|到底|最多|最少|最高|最低|能|可以|会|是|有|给|的|到|了|出)';
const received = `(?<!${benefit}(?:${howLong}|${receiving})*|${receiving}(?:${howLong})*)`;

/** In plain Mandarin after `Lexicon.plain`; the order is the order of the answer. */
const patterns: readonly { element: AskedElement; pattern: RegExp }[] = [
  {
    element: 'conditions',
    pattern: /条件|资格|符合|什么人|哪些人|谁(?:可以|能)|能不能(?:办|申请)|可不可以(?:办|申请)|够不够|要求|年龄|eligib|qualif|who can/,
  },
  {
    element: 'materials',
    pattern:
      /材料|资料|证件|带(?:什么|上|齐|哪|点)|要带|带(?:着)?(?:啥|身份证|户口)|准备(?:什么|哪)|提交什么|需要(?:什么|哪些)(?!.{0,2}(?:条件|时间|钱))|documents?|bring|materials?/,
  },
  {
    element: 'process',
    pattern: /流程|步骤|怎么(?:办|弄|搞|申请|补|换|领|操作|提取|取|报|注册|开)|如何|手续|程序|how (?:do|to|can)|steps?|process/,
  },
  { element: 'online', pattern: /网上|线上|在线|手机上?(?:能|可以|怎么)|app|小程序|不用跑|不去现场|online|on my phone/ },
  {
    element: 'time',
    pattern: /多久|多长时间|几天|时限|多少(?:天|个?工作日)|什么时候(?:能|可以)?(?:办好|下来|拿|好|到账|出)|几个工作日|when will|how long/,
  },
  {
    element: 'fee',
    pattern: new RegExp(`收费|费用|要钱|花钱|免费|工本费|${received}(?:多少钱|几多钱|几块)|how much|cost|fee|price`),
  },
  {
    element: 'place',
    pattern:
      /哪里|在哪|地址|地点|去哪|哪个(?:窗口|大厅|地方|部门)|怎么走|几点|上班|下班|周末|星期|营业时间|办公时间|where|address|opening hours?|open/,
  },
  { element: 'phone', pattern: /电话|号码|联系方式|怎么联系|打给谁|phone|number|call/ },
  { element: 'complaint', pattern: /投诉|监督电话|complain/ },
  {
    element: 'visits',
    pattern:
      /跑几(?:次|趟)|几趟|要去几次|能(?:不能)?(?:邮寄|快递|寄)|(?:邮寄|快递|寄(?:过去|回来|到家|给我))(?:吗|行不行|可以)|自助(?:机|终端)(?:上)?(?:能|可以)/,
  },
  { element: 'result', pattern: /有效期|管几年|能用几年|领到什么|发什么证|validity|valid for/ },
  { element: 'basis', pattern: /依据|法律规定|哪条法|什么规定|legal basis/ },
];

/** Elements asked for, in answer order; empty when the question names only the matter. Input: `Lexicon.plain` of the question. */
export const askedElements: (plain: string) => readonly AskedElement[] = remembered((plain) =>
  patterns.filter(({ pattern }) => pattern.test(plain)).map(({ element }) => element),
);

const fillers =
  /那么|那|请问|什么|多少|哪些|怎么样?|怎样|大概|大约|一共|总共|需要|可以|现在|这个|办理|办好|办完|下来|拿到|去办|然后|还|又|都|要|能|会|得|办|好|去|呢|吗|啊|呀|吧|的|了|是|我|它|也|有|[\p{P}\s]/gu;

const everywhere = patterns.map(({ pattern }) => new RegExp(pattern.source, 'g'));

/** What is left of a question without the elements it asks for and the words around them: 那小孩要多少钱 → 小孩. */
export const matterOf: (plain: string) => string = remembered((plain) =>
  everywhere.reduce((text, pattern) => text.replace(pattern, ''), plain).replace(fillers, ''),
);

/** Whether a question asks for an element and names no matter of its own: 那要多少钱？ 多久能办好？ It speaks of what was talked about. */
export function asksOnlyElements(plain: string): boolean {
  return askedElements(plain).length > 0 && matterOf(plain).length <= 1;
}
