/** Names in an answer that must stand in its source: departments and halls, addresses, certificates and forms, quotations. */
import { normalise } from '../../../knowledge/text/normalise.ts';
import { comparable } from './symbols.ts';

export interface NameProblem {
  readonly kind: 'department' | 'address' | 'document' | 'quote';
  readonly token: string;
}

/** An office by the look of its name; the number is how many characters before the suffix make it a name. */
const offices =
  /(?:(\p{Script=Han}{2,12}?)(管理局|税务局|公安局|保障局|建设局|监督局|运输局|规划局|委员会|服务中心|管理中心|登记中心|(?<![布格结当邮])局|(?<!常)委(?![托员派屈])|(?<![客餐])厅(?!级)|中心))|(\p{Script=Han}{0,8}?)(财政部|教育部|公安部|民政部|司法部|商务部|交通运输部|水利部|农业农村部|文化和旅游部|自然资源部|生态环境部|住房城乡建设部|住房和城乡建设部|人力资源社会保障部|人力资源和社会保障部|工业和信息化部|科技部|外交部|退役军人事务部|应急管理部|派出所|税务所|司法所|法院|检察院|仲裁委|街道办|登记处|服务点|服务站|便民服务点|社保窗口)/gu;
const roads = /(\p{Script=Han}{2,8}?)(大道|路|街|巷|弄)(\d+(?:-\d+)?(?:号|弄))/gu;

/** Certificates, forms and contracts people are asked to bring: naming the wrong one sends them home again. */
const papers = [
  '临时身份证|身份证|户口簿|居住证|结婚证|离婚证|出生医学证明|医学证明|驾驶证|行驶证|营业执照|护照|不动产权证书|社会保障卡|毕业证|学位证',
  '残疾人证|残疾证|健康证|许可证|资格证|运输证|委托书|登记表|申请表|申请书|承诺书|公证书|判决书|调解书|裁决书|决定书|诊断证明|出院小结|死亡证明|无房证明|户籍证明',
  '缴费凭证|收入证明|在职证明|离职证明|亲子鉴定|租赁合同|购房合同|劳动合同|发票|收据|银行卡|回执|照片|复印件|存折|通行证|电子证照|电子凭证|公章|章程',
].join('|');
const paper = new RegExp(papers, 'gu');
const quotation = /[“"「『]([^”"」』]{4,})[”"」』]/gu;

/** Names of offices, halls and districts that the knowledge base knows, longest first, ready for looking up. */
export function knownNames(names: Iterable<string>): string[] {
  return [...new Set([...names].map(comparable))].filter((name) => name.length >= 2).sort((a, b) => b.length - a.length);
}

/**
 * Names of `answer` (comparable form) that neither `piece` nor `about` (comparable forms) holds.
 * `whole` is the passage: a quotation must stand in it word for word.
 */
export function nameProblems(answer: string, piece: string, about: string, known: readonly string[]): NameProblem[] {
  const stands = (name: string) => piece.includes(name) || about.includes(name);
  const problems: NameProblem[] = [];
  let rest = answer;
  for (const name of known) {
    if (!rest.includes(name)) continue;
    if (!stands(name)) problems.push({ kind: 'department', token: name });
    rest = rest.replaceAll(name, '|');
  }
  for (const m of rest.matchAll(offices)) {
    const [before, suffix] = [m[1] ?? m[3] ?? '', m[2] ?? m[4] ?? ''];
    // Everything before the name's own two characters may be the sentence: 请到公安局.
    const core = (m[1] === undefined ? '' : suffix.length > 2 ? '' : before.slice(-2)) + suffix;
    if (!stands(core)) problems.push({ kind: 'department', token: core });
  }
  for (const m of rest.matchAll(roads)) {
    const token = `${(m[1] ?? '').slice(-2)}${m[2]}${m[3]}`;
    if (!stands(token)) problems.push({ kind: 'address', token });
  }
  for (const [token] of answer.matchAll(paper)) if (!stands(token)) problems.push({ kind: 'document', token });
  return problems;
}

/** Quotations of a sentence as written that the passage does not hold word for word. */
export function wrongQuotes(sentence: string, whole: string): NameProblem[] {
  return [...normalise(sentence).matchAll(quotation)]
    .filter((m) => !whole.includes(comparable(m[1] ?? '')))
    .map((m) => ({ kind: 'quote' as const, token: m[1] ?? '' }));
}
