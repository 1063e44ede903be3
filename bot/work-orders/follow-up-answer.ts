/** What a citizen's reply to 解决了吗 says. Short replies only: a new question is left for the dialogue. */

export type Verdict = 'resolved' | 'unresolved' | 'refused';

/** A longer message is a matter of its own, unless its first clause settles it. */
const LONGEST = 60;

const refused = /^(不想|不愿|别|不要|请勿|停止)(再)?(回访|打扰|发|问|评价|回答)|^(退订|td|t)$/u;
const unresolved =
  /没(有)?(给)?(我)?(解决|办好|办成|修好|处理|弄好|搞定|落实|动静|回音|结果|变化|效果|下文)|未(解决|处理|办|修|落实)|没(有)?(任何)?人(来|管|联系|处理|理|问|答复|回复)|(还|仍|仍然|依旧|依然|根本|完全)(是)?(没|不|未|一样|老样子)|(还是|仍然|仍|依旧|照样)(在)?(漏|坏|堵|停|黑|臭|吵|响|掉|脏|乱|断)|不满意|不行|没用|不管用|敷衍|糊弄|推诿|踢皮球|又(坏|出|来|漏|堵|停)了|白(说|跑|反映)|not (solved|resolved|fixed)|unsolved|unresolved|still (not|no)/iu;
const resolved =
  /(已|已经|都|全部|基本)?(解决|办好|办成|修好|处理好|处理|弄好|搞定|落实|整改|恢复|办完|办妥)(好)?(了|啦|咯|喽)|(已|已经)(解决|办好|修好|处理好|恢复)|^(好了|可以了|行了|没问题了|满意|很满意|非常满意|挺满意|比较满意)|满意|(^|\b)(solved|resolved|fixed|satisfied)\b/iu;
const bareYes = /^(是|是的|对|嗯+|好的?|yes|ok)$/iu;
const bareNo = /^(没|没有|没呢|还没|还没有|否|不是|no|nope)$/iu;
const question = /[?？]|(吗|么|没有|没)[。！\s]*$/u;

/**
 * The verdict, or undefined when the text is no answer to the question. `justAsked`: the question is open, so that a bare 1, 2, 是 or 没有
 * answers it too.
 */
export function readFollowUpAnswer(text: string, justAsked: boolean): Verdict | undefined {
  const plain = text
    .normalize('NFKC')
    .trim()
    .replace(/[。！!~～\s]+$/u, '');
  const clauses = plain.split(/[，,。；;！!\n]/u).map((clause) => clause.trim());
  const [first = ''] = clauses;
  const looked = [...plain].length <= LONGEST ? plain : first;
  if (justAsked && (plain === '1' || bareYes.test(plain))) return 'resolved';
  if (justAsked && (plain === '2' || bareNo.test(plain))) return 'unresolved';
  if (justAsked && refused.test(plain)) return 'refused';
  // 谁没有解决、什么没有解决 is an answer wherever it stands; 解决了吗 is a question
  if (question.test(looked)) return undefined;
  if (unresolved.test(looked)) return 'unresolved';
  if (resolved.test(looked)) return 'resolved';
  return undefined;
}
