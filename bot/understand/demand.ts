/** What a citizen wants and whose matter it is: demand type, field of government, department (智能归口). By rule and by the pack's own words. */

import { namesOf } from '../../knowledge/index/passages.ts';
import type { KnowledgeItem } from '../../knowledge/item.ts';
import type { Department } from '../../knowledge/pack.ts';
import { normalise } from '../../knowledge/text/normalise.ts';
import { bigrams } from '../../knowledge/text/tokenise.ts';
import type { Demand, DemandType } from '../store/demands.ts';

/** Asks how or where to do it: a question about the way, not the thing itself. */
const asksForWay =
  /(?:怎么|如何|去哪|哪里|在哪|找谁|打什么|什么电话|哪个部门).{0,6}(?:投诉|举报|反映|提建议)|(?:投诉|举报|监督)(?:电话|渠道|方式|平台|邮箱|流程)|(?:投诉|举报).{0,8}(?:找谁|哪个部门|打什么|去哪|怎么(?:写|填|弄))/;
const reports =
  /举报|检举|揭发|(?:没有?|无)(?:资质|牌照|证照|许可证?|执照)的?.{0,12}(?:在|给|卖|拉|开|办|营业)|三无(?:产品|零食|食品)|(?:有人|有家|有个|一家|有厂|有公司|有店|有老板|邻居|他们).{0,14}(?:无证|没有?(?:营业)?执照|偷税|漏税|虚开|造假|假冒|售假|卖假|非法|违法|违规|违建|私自|偷偷|偷排|排污|焚烧|占用|套现|骗保|骗取|冒领|赌|超载|拉客|转租|行医)/;
const suggests =
  /建议|提(?:个|点|一个|条)?(?:意见|想法)|我有(?:个|一个|点)?(?:想法|主意|点子)|(?:希望|盼望|能不能|可不可以|最好|应该).{0,16}(?:多(?:设|开|放|装|派|增|加|建|点)|增加|增设|延长|简化|简单点|少填|公开|透明|纳入|改成|改进|完善|优化|提醒|统一|自动|取消(?!我)|开放|开一(?:条|个)|别(?:再)?(?:在|让)|贴在)|i suggest|it would be (?:good|better) if/;
const complains =
  /投诉|(?:态度|服务).{0,8}(?:差|恶劣|不好|冷淡|难听)|不耐烦|骂人|骂我|难听|推来推去|推卸|推诿|踢皮球|不负责|不作为|不理人|没人(?:管|理|回|接)|打(?:了)?(?:十|几|好几|无数|[三-九]).{0,4}次|还不承认|意见很大|太(?:差|不像话|慢|乱)|管理混乱|来回跑|一直(?:拖|不|没)|拖(?:着|了).{0,6}(?:不|月|年|半)|玩手机|打不通|乱收费?|多收|不退|不赔|不给(?:退|赔|开门)|(?:超期|逾期|延期).{0,12}(?:没|不|要求)|要求给(?:个)?说法|不满意|很不满|什么效率|跑(?:了)?[三四五六几好多\d]+(?:趟|次)|糊弄|敷衍|褥疮|吃出|随便贴|只收钱不|强制收|complain/;
const online =
  /(?:网上|线上|在线|手机|小程序|app|网站|系统|平台|电子税务局|网页|公众号|入口|页面).{0,16}(?:怎么|如何|哪里|在哪|从哪|点哪|哪个|什么|教|操作|步骤|提示|失败|打不开|登不上|登录|上传|卡在|转圈|注册|填|绑|激活|下载|进去|添加|弄|领|改)|(?:怎么|如何|在哪|从哪|哪里).{0,8}(?:网上|线上|在线|手机上|小程序|app|登录|上传|下载|点进|操作|注册账号)|点哪里|点进去|上传不了|打不开|登不上|转圈|验证码收不到|人脸识别|填(?:在)?(?:哪|什么)|哪一栏|密码错误|忘记密码/;
const wantsHelp =
  /帮(?:帮|我|忙|一下|着|他|她|助)|求(?:助|帮|指)|请(?:派|你们|帮|尽快|协调)|协调|催一?[催下]|能(?:不能)?(?:管管|帮|派|安排)|谁能|派人|没(?:地方|处)(?:住|去)|没人(?:照顾|办|收)|没有(?:收入|学校收)|吃饭都|付不起|交不起|困难|回不了家|救助|救济|怎么办[，,].{0,6}帮|被.{0,8}(?:赶出|锁在|拿走)|不给我[，,]|help me|need help/;
/** Help that is a matter of looking something up. */
const onlyLookUp =
  /帮我(?:查|看|算|列|问|找一?下(?:电话|地址))|(?:救助|救济|补助|困难).{0,12}(?:条件|标准|材料|多少|怎么(?:申请|办)|哪里(?:申请|办)|需要)/;

/** What the message asks of the government. Input: the citizen's words. */
export function demandType(text: string): DemandType {
  const plain = normalise(text);
  const way = asksForWay.test(plain);
  if (!way && reports.test(plain)) return 'report';
  if (!way && suggests.test(plain)) return 'suggestion';
  if (online.test(plain) && !/投诉|建议/.test(plain)) return 'online_guidance';
  if (!way && complains.test(plain) && !(wantsHelp.test(plain) && !/投诉|态度|不满/.test(plain))) return 'complaint';
  if (wantsHelp.test(plain) && !onlyLookUp.test(plain)) return 'help';
  return 'consult';
}

const bareWish =
  /^(?:(?:你好|您好)[,，。!！\s]*)?(?:我们?|俺)?(?:要|想|想要|需要)?(?:(投诉)|(举报)|(?:反映|反应)(?:个|一个|一下)?(?:问题|情况)|提?(?:个|点|一?条|一个)?((?:意见)?建议|意见)|(求助))(?:一下|一个人|某人)?$/;

/** The kind of matter somebody says they have, where the message says nothing else of it; 我要投诉, 提个建议. Input: the citizen's words. */
export function bareDemand(text: string): 'complaint' | 'report' | 'suggestion' | 'help' | undefined {
  const found = bareWish.exec(normalise(text).replace(/[\p{P}\s]+$/u, ''));
  if (!found) return undefined;
  const [, , report, suggestion, help] = found;
  if (report) return 'report';
  if (suggestion) return 'suggestion';
  return help ? 'help' : 'complaint';
}

const environment =
  /污水|排污|污染|噪声|噪音|扬尘|焚烧|秸秆|黑烟|废气|废水|油烟|异味|臭味|臭气|倒垃圾|垃圾|河道|水质|空气质量|种.{0,2}树|绿化|环保|生态/;

/** A name in a message says more than words that several share. */
const named = 3;
const matterWeight = 2;
const retrievedWeight = 1.2;
/** Less than this and no department stands out. */
const enough = 1;

const none: readonly never[] = [];

/** What a message may say of a department: one of its names, or (with a weight) one of its matters. */
interface Called {
  /** Its place in the list of departments. */
  readonly at: number;
  readonly plain: string;
  readonly weight: number | undefined;
}

export interface DepartmentGuess {
  readonly name: string;
  readonly score: number;
}

/** Finds the department of a message from the departments' names, matters and duties and from the names of their items. */
export class Departments {
  readonly #departments: readonly Department[];
  /** Names and matters as messages are compared with them, by their first two characters; shorter ones by themselves. */
  readonly #called = new Map<string, Called[]>();
  /** What a pair of characters adds to which departments (their places in the list). */
  readonly #shares = new Map<string, { readonly at: number; readonly weight: number }[]>();

  constructor(departments: readonly Department[], items: readonly KnowledgeItem[]) {
    this.#departments = departments;
    for (const [at, { name, aliases, matters }] of departments.entries()) {
      for (const one of [name, ...aliases]) this.#listen({ at, plain: normalise(one), weight: undefined });
      for (const one of matters) this.#listen({ at, plain: normalise(one), weight: Math.min(2, one.length / 2) * 0.5 });
    }
    const counted = departments.map((department) => {
      const own = items.filter((item) => item.department === department.name).flatMap((item) => namesOf(item).map(({ text }) => text));
      const counts = new Map<string, number>();
      for (const text of [department.duties, ...department.matters, ...own])
        for (const gram of new Set(bigrams(normalise(text)))) counts.set(gram, (counts.get(gram) ?? 0) + 1);
      return counts;
    });
    const holders = new Map<string, number>();
    for (const counts of counted) for (const gram of counts.keys()) holders.set(gram, (holders.get(gram) ?? 0) + 1);
    for (const [at, counts] of counted.entries())
      for (const [gram, count] of counts) {
        const rare = Math.log(1 + departments.length / (holders.get(gram) ?? 1)) / Math.log(1 + departments.length);
        const shares = this.#shares.get(gram) ?? [];
        shares.push({ at, weight: rare * (count / (count + 2)) });
        this.#shares.set(gram, shares);
      }
  }

  #listen(called: Called): void {
    const first = called.plain.slice(0, 2);
    const alike = this.#called.get(first) ?? [];
    alike.push(called);
    this.#called.set(first, alike);
  }

  /** Names and matters that stand in a message, each once. */
  #calledIn(plain: string): ReadonlySet<Called> {
    const heard = new Set<Called>();
    for (let i = 0; i < plain.length; i++)
      for (const length of [1, 2])
        for (const one of this.#called.get(plain.slice(i, i + length)) ?? none) if (plain.startsWith(one.plain, i)) heard.add(one);
    return heard;
  }

  /** Departments by how much of a message is theirs, best first. `found`: departments of the items that were found for it, best first. */
  ranked(text: string, found: readonly { department: string | undefined; score: number }[]): DepartmentGuess[] {
    const plain = normalise(text);
    const shared = new Float64Array(this.#departments.length);
    const said = new Float64Array(this.#departments.length);
    const called = new Set<number>();
    for (const { at, weight } of this.#calledIn(plain)) {
      if (weight === undefined) called.add(at);
      else said[at] = (said[at] as number) + weight;
    }
    for (const gram of new Set(bigrams(plain)))
      for (const { at, weight } of this.#shares.get(gram) ?? none) shared[at] = (shared[at] as number) + weight;
    return this.#departments
      .map((department, at) => {
        const retrieved = found.reduce(
          (best, one, i) => (one.department === department.name ? Math.max(best, one.score / (1 + i * 0.5)) : best),
          0,
        );
        return {
          name: department.name,
          score: (called.has(at) ? named : 0) + matterWeight * (said[at] as number) + (shared[at] as number) + retrievedWeight * retrieved,
        };
      })
      .sort((a, b) => b.score - a.score);
  }

  /** Type, domain and department of a message. */
  demand(
    text: string,
    found: readonly { department: string | undefined; score: number }[],
    typeOf: (text: string) => DemandType = demandType,
  ): Demand {
    const type = typeOf(text);
    const ranked = this.ranked(text, found);
    const [best, second] = ranked;
    const department = best && best.score >= enough ? best.name : null;
    const confidence = best && best.score > 0 ? Math.min(1, (best.score - (second?.score ?? 0)) / best.score + best.score / 20) : 0;
    const green = environment.test(normalise(text));
    const domain = green ? 'environment' : (this.#departments.find((one) => one.name === department)?.domain ?? 'other');
    return { type, domain, department, confidence: department === null ? 0 : Math.round(confidence * 1000) / 1000 };
  }
}
