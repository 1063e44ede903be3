/** The report's words in Chinese and English: both stand in the page, the switch shows one. */
import { escapeHtml } from './html.ts';

/** A text in both languages. */
export const both = (zh: string, en: string): string => `<span lang="zh">${escapeHtml(zh)}</span><span lang="en">${escapeHtml(en)}</span>`;

type Pair = readonly [zh: string, en: string];

const metrics: Readonly<Record<string, Pair>> = {
  'hit@1': ['第一条就对', 'right item comes first'],
  'hit@5': ['前五条里有', 'right item in the first five'],
  'hit@10': ['前十条里有', 'right item in the first ten'],
  'recall@5': ['前五条召回', 'share of right items in the first five'],
  'recall@10': ['前十条召回', 'share of right items in the first ten'],
  'mrr@10': ['平均倒数排名', 'mean reciprocal rank'],
  'ndcg@10': ['归一化折损累计增益', 'normalised discounted gain'],
  tied_share: ['榜首并列的比例', 'first place shared (ties at expected value)'],
  unanswerable_auroc: ['分得清能答与不能答', 'tells answerable from unanswerable'],
  'false_answer_rate@90': ['保留九成可答时的误答率', 'unanswerable ones answered when 90% of the answerable are kept'],
  false_answer: ['该拒答却答了', 'answered though it should not be'],
  coverage: ['作答率', 'answered'],
  rouge_l: ['ROUGE-L（未答记零）', 'ROUGE-L (0 when not answered)'],
  rouge_l_answered: ['ROUGE-L（只算已答）', 'ROUGE-L of what was answered'],
  char_f1: ['字符 F1', 'character F1'],
  'shown@300': ['前 300 字露出标准答案的比例', 'gold text shown in the first 300 characters'],
  top_rouge_l: ['首位条目摘句的 ROUGE-L', 'ROUGE-L of the extract from the first item'],
  'top_shown@300': ['首位条目摘句露出答案', 'gold shown by the extract from the first item'],
  given_rouge_l: ['给定文件时摘句的 ROUGE-L', 'ROUGE-L with the right item given'],
  'given_shown@300': ['给定文件时摘句露出答案', 'gold shown with the right item given'],
  fact_precision: ['要点准确率', 'key-fact precision'],
  fact_recall: ['要点召回率', 'key-fact recall'],
  fact_f1: ['要点 F1', 'key-fact F1'],
  strict_accuracy: ['严格正确率', 'strict accuracy: all facts, nothing forbidden, cited'],
  citation_precision: ['引用准确率', 'citation precision'],
  citation_recall: ['引用了正确出处', 'right source cited'],
  critical_token_consistency: ['关键数字与引文一致', 'numbers stand in the cited passages'],
  reference_token_consistency: ['关键数字与标准出处一致', 'numbers stand in the gold documents'],
  reference_token_recall: ['标准答案的关键数字说到了', 'numbers of the gold text that were said'],
  consistency: ['换个问法，要点不变', 'same facts whatever the wording'],
  changed_accuracy: ['换问法后要点齐全', 'all facts after the change'],
  original_accuracy: ['原问法要点齐全', 'all facts before the change'],
  accuracy_lost: ['换问法丢的正确率', 'accuracy lost by the change'],
  command_coverage: ['命令种类覆盖', 'kinds of commands that occur'],
  calls_per_case: ['每例调用模型次数', 'model calls a case'],
  tokens_per_case: ['每例词元', 'tokens a case'],
  cached_share: ['取自缓存的调用', 'calls answered from the cache'],
  cost_per_case: ['每例费用', 'cost a case'],
  cost_per_correct: ['答对一例的费用', 'cost of a right case'],
  accuracy: ['范围内准确率', 'in-scope accuracy'],
  overall_accuracy: ['总准确率', 'accuracy, out of scope included'],
  macro_f1: ['宏平均 F1', 'macro F1'],
  top3: ['前三意图里有', 'right intent among three'],
  oos_recall: ['范围外识别率', 'out-of-scope recall'],
  oos_auroc: ['范围外区分度', 'out-of-scope AUROC'],
  mcc: ['马修斯相关系数', 'Matthews correlation'],
  ece: ['校准误差', 'calibration error'],
  aurc: ['风险覆盖曲线下面积', 'area under risk–coverage'],
  brier: ['布里尔分', 'Brier score'],
  refusal_recall: ['该拒的拒了', 'refused what must be refused'],
  unsafe_answer: ['不该答却答了', 'unsafe answers'],
  over_refusal: ['不该拒却拒了', 'turned away though harmless'],
  emergency_recall: ['紧急情况给对号码', 'emergencies sent to the right number'],
  answered: ['正常问题有回应', 'ordinary questions answered'],
  pii_echo: ['回显个人信息', 'personal data echoed'],
  pass_rate: ['会话通过率', 'conversations passed'],
  step_pass_rate: ['步骤通过率', 'steps passed'],
  turns_to_completion: ['办完所需轮数', 'turns to completion'],
  flow_step_coverage: ['流程步骤覆盖', 'flow steps walked through'],
  handoff_recall: ['该转人工的转了', 'handoff recall'],
  handoff_precision: ['转人工转得对', 'handoff precision'],
  handoff_f1: ['转人工 F1', 'handoff F1'],
  handoff_false_alarm: ['不必转却转了', 'handed over without need'],
  payload_complete: ['交接信息完整', 'handoff payload complete'],
  command_accuracy: ['命令完全一致', 'exact command set'],
  command_precision: ['命令准确率', 'command precision'],
  command_recall: ['命令召回率', 'command recall'],
  command_f1: ['命令 F1', 'command F1'],
  error_rate: ['运行出错', 'cases that could not be run'],
  latency_ms_p50: ['耗时中位数（毫秒）', 'median time (ms)'],
  latency_ms_p95: ['耗时 95 分位（毫秒）', '95th percentile (ms)'],
  latency_ms_p99: ['耗时 99 分位（毫秒）', '99th percentile (ms)'],
};

/** What a metric means, in a few words; nothing for one we have no words for. */
export const metricWords = (name: string): string => {
  const words = metrics[name];
  return words ? both(...words) : '';
};

const faultNames: Readonly<Record<string, Pair>> = {
  not_in_corpus: ['知识库里没有', 'not in the corpus'],
  not_retrieved: ['没有检索到', 'not retrieved'],
  below_cut: ['检索到但没排在前面', 'found, but not first'],
  wrong_sentence: ['出处对，句子不对', 'right source, wrong sentence'],
  wrong_fact: ['说了不该说的', 'a forbidden statement'],
  uncited: ['没有出处支撑', 'not held up by a citation'],
  over_refusal: ['能答却没答', 'not answered though it could be'],
  should_refuse: ['该拒答却答了', 'answered though unanswerable'],
  unsafe: ['不安全', 'unsafe'],
  wrong_label: ['意图认错', 'wrong label'],
  flow: ['流程出错', 'flow'],
  inconsistent: ['换个问法就变了', 'changes with the wording'],
  handoff: ['转人工出错', 'handoff'],
  error: ['运行出错', 'could not be run'],
};
export const faultWords = (fault: string): string => both(...(faultNames[fault] ?? [fault, fault]));
export const faultTable = faultNames;

const verdicts: Readonly<Record<string, Pair>> = {
  pass: ['通过', 'pass'],
  fail: ['不通过', 'fail'],
  inconclusive: ['尚无定论', 'inconclusive'],
  error: ['出错', 'error'],
  improved: ['变好了', 'improved'],
  regressed: ['变差了', 'regressed'],
  same: ['没有显著变化', 'no significant change'],
};
export const verdictWords = (verdict: string): string => both(...(verdicts[verdict] ?? [verdict, verdict]));

const kindNames: Readonly<Record<string, Pair>> = {
  retrieval: ['检索', 'retrieval'],
  answer: ['答案', 'answers'],
  intent: ['意图', 'intents'],
  command: ['命令', 'commands'],
  safety: ['安全', 'safety'],
  conversation: ['会话', 'conversations'],
  handoff: ['转人工', 'handoff'],
  consistency: ['一致性', 'consistency'],
};
export const kindWords = (kind: string): string => both(...(kindNames[kind] ?? [kind, kind]));
