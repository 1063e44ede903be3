/** Options named by what they are like (就那个便宜的, the faster one) or by everyday words for common answers (自己办, a company). */

interface Named {
  readonly value: string;
  readonly terms: readonly string[];
}

const money = /(\d+(?:\.\d+)?)\s*(万)?\s*(?:元|块|yuan)|(免费|不收费|不要钱|free)/;
const time =
  /(\d+(?:\.\d+)?)\s*个?(小时|工作日|日|天|周|星期|月|年|hours?|(?:working )?days?|weeks?|months?)|(当场|立等|即时|即办|on the spot)/;
const hours: Record<string, number> = { 小: 1, h: 1, 工: 24, 日: 24, 天: 24, d: 24, w: 24, 周: 168, 星: 168, 月: 720, m: 720, 年: 8760 };
const cheaper = /便宜|省钱|(?:钱|费用?)(?:最|更|比较)?少|不要钱|不花钱|cheap|less expensive/;
const dearer = /贵|钱多|expensive|dear/;
const faster = /快|早(?:一?点|些)?拿|急|fast|quick|soon|express/;
const slower = /慢|不急|不着急|slow|no hurry/;

/** Words for answers that many flows ask for; a label that holds one of a row means all of it. */
const everyday: readonly RegExp[] = [
  /个人|本人|自己|自然人|我自己|居民|老百姓|individual|personal|myself|private person/,
  /企业|公司|法人|单位|厂|商户|个体户?|营业|company|enterprise|business|firm|organi[sz]ation/,
  /居民身份证|身份证|身分证|二代证|id ?card|identity card/,
  /护照|passport/,
  /港澳居民|回乡证|港澳通行证|hong ?kong|macau/,
  /台湾居民|台胞证|taiwan/,
  /外国人|永久居留|绿卡|foreign|green card|permanent resid/,
  /户口簿|户口本|户籍|household register|hukou/,
  /驾驶证|驾照|driv(?:ing|er'?s) licen[cs]e/,
  /居住证|暂住证|residence permit/,
  /社保卡|社会保障卡|医保卡|social security card/,
  /营业执照|business licen[cs]e/,
];

/** The only option an answer describes, or undefined. `plain` is normalised text; the terms are too, the first one is the label. */
export function describedOption(options: readonly Named[], plain: string): string | undefined {
  return byDegree(options, plain) ?? byEverydayWord(options, plain);
}

function byDegree(options: readonly Named[], plain: string): string | undefined {
  // 不便宜 and 没有便宜的吗 ask for something else.
  if (/(?:不|没有?|别|不太|not )(?:够|算|是|要)?(?:便宜|贵|快|慢|cheap|expensive|fast)/.test(plain) && !slower.test(plain))
    return undefined;
  const read = (form: RegExp): number[] => options.map(({ terms }) => measureIn(terms, form));
  if (slower.test(plain)) return extreme(options, read(time), 'most');
  if (cheaper.test(plain)) return extreme(options, read(money), 'least');
  if (dearer.test(plain)) return extreme(options, read(money), 'most');
  return faster.test(plain) ? extreme(options, read(time), 'least') : undefined;
}

/** Money in yuan or time in hours of the first term that says one; NaN when none does. */
function measureIn(terms: readonly string[], form: RegExp): number {
  for (const term of terms) {
    const match = form.exec(term);
    if (!match) continue;
    if (match[3] !== undefined) return 0;
    const unit = match[2] ?? '';
    return Number(match[1]) * (form === money ? (unit === '万' ? 1e4 : 1) : timeUnit(unit));
  }
  return Number.NaN;
}

function timeUnit(unit: string): number {
  if (unit.startsWith('week') || unit === '周' || unit === '星期') return 168;
  return hours[unit[0] ?? ''] ?? 24;
}

/** Only where every option says how much and one of them is alone at the end. */
function extreme(options: readonly Named[], sizes: readonly number[], end: 'least' | 'most'): string | undefined {
  if (sizes.some(Number.isNaN)) return undefined;
  const wanted = end === 'least' ? Math.min(...sizes) : Math.max(...sizes);
  const found = options.filter((_, i) => sizes[i] === wanted);
  return found.length === 1 ? found[0]?.value : undefined;
}

function byEverydayWord(options: readonly Named[], plain: string): string | undefined {
  if (/不是|不用|没有?|还是|或者|\bnot?\b|\bor\b|[?？]/.test(plain)) return undefined;
  const meant = everyday.filter((row) => row.test(plain));
  if (meant.length !== 1) return undefined;
  const found = options.filter(({ terms }) => terms.some((term) => meant[0]?.test(term)));
  return found.length === 1 ? found[0]?.value : undefined;
}
