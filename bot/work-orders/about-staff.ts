/** Complaints about how officials behave: they go to supervision, never to the department they accuse. */

/** 不作为, 乱作为, 权力寻租, 恶意刁难, 吃拿卡要. Source of the list: 《一网通办 基本要求》 (consultation draft of GB/T 44193-2024), 9.2 c; the everyday words are ours. */
const conduct =
  /不作为|乱作为|慢作为|吃拿卡要|权力寻租|刁难|索贿|受贿|行贿|收红包|要红包|要好处|塞钱|送礼才|收了?(?:我|人家)?(?:的)?(?:好处|黑钱|回扣)|以权谋私|徇私|滥用职权|玩忽职守|包庇|打击报复|公报私仇|推诿|踢皮球|互相推|敷衍了事/u;
/** Bad manners only count where somebody of the administration is meant. */
const manners =
  /(?:工作人员|办事员|窗口(?:人员)?|科长|局长|所长|主任|民警|城管|执法(?:人员|队员)?|干部|公务员|领导|客服|接线员).{0,12}(?:态度(?:恶劣|很差|太差|不好|差)|骂人?|辱骂|吼|凶|打人|爱答不理|不理人|不耐烦|故意)/u;
/** Words that say the opposite, or ask about the rules. */
const asksOnly = /怎么(?:投诉|举报)(?:公司|商家|邻居|物业)|什么是/u;

/** Whether a matter accuses staff of the administration. */
export function accusesStaff(text: string): boolean {
  return !asksOnly.test(text) && (conduct.test(text) || manners.test(text));
}

/** Departments a text names, with or without the city in front: 公安局 is 安澜市公安局. */
export function namedDepartments(text: string, departments: Iterable<string>): string[] {
  return [...departments].filter((name) => text.includes(name.replace(/^.{1,8}?(?:省|自治区|市|县|区)(?=.{3})/u, ''))).toSorted();
}
