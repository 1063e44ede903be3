/** Words that turn a rule round: negation, duty, permission, exception, bounds. Each becomes one symbol of its class. */

export type MarkerClass =
  | 'noneed'
  | 'cannot'
  | 'dont'
  | 'not'
  | 'free'
  | 'charge'
  | 'must'
  | 'may'
  | 'only'
  | 'except'
  | 'atleast'
  | 'atmost'
  | 'above'
  | 'below'
  | 'before'
  | 'after';

/** These look like a marker and are none. */
const plainWords =
  '不动产|不但|不仅仅|不仅|不管|不论|无论|不断|不久|不同|不妨|不便|不好意思|对不起|了不起|要不然|即可|是不是|能不能|可不可以|要不要|会不会|有没有|特别|级别|类别|性别|区别|分别|识别|判别|个别|辨别|别人|别处|别的|别墅|离别|非常|没收|未来|无线|无障碍|无锡|可能|可靠|可是|可惜|可见|可怕|许可|认可|不可抗力|能力|能源|功能|职能|智能|性能|节能|效能|应届|应急|应付|应用|应对|应收|应纳|应税|应聘|对应|相应|适应|响应|反应|供应|必须品|刚才|人才|才干|只要|船只|扣除|解除|免除|消除|拆除|删除|排除|清除|开除|撤除|去除|除以|减除|切除|除夕|除权|内容|内地|国内|境内|室内|内部|前往|前提|目前|前来|提前|前台|当前|面前|婚前|前夫|前妻|后厨|然后|最后|售后|落后|产后|前后|今后|起诉|一起|发起|对不上|看不出|说不准|拿不准|算不准|来不了|赶不到|不得已|满意|充满|小满|圆满|不满意';

const table: readonly (readonly [MarkerClass, string])[] = [
  [
    'free',
    '免费|不收取任何费用|不收取费用|不收任何费用|不收费用|不收费|不收钱|不收一分钱|不要钱|不用交钱|不用花钱|不用付费|不花钱|无需缴费|无需付费|不需要缴费|不需缴费|免收费',
  ],
  ['except', '除外|除了|除非|除'],
  ['atleast', '以上|至少|不少于|不低于|最少|最低|不小于|满(?=\\d|[一二两三四五六七八九十])'],
  ['atmost', '以下|以内|之内|不超过|不高于|不多于|至多|最多|最高|不大于'],
  ['above', '超过|高于|大于|多于|超出'],
  ['below', '不足|不满|未满|低于|小于|少于|不到(?=\\d|[一二两三四五六七八九十])'],
  ['noneed', '无需|无须|不再需要|不需要|不需|不用|不必|不须|毋需|不再要求|不要求|免交|免提交|免于'],
  ['cannot', '不能够|不能|不可以|不可|不得|不允许|不许|不准|不予|禁止|严禁|无法|切勿|请勿|勿|千万别|别|办不了|不行'],
  ['dont', '不要'],
  ['must', '必须|务必|应当|应该|一定要|须|应'],
  ['only', '只能|只有|仅限|仅|只|才能|才'],
  ['may', '可以|能够|允许|可|能'],
  ['charge', '收费|收取费用|付费|要钱|收钱|要交钱|花钱'],
  ['not', '没有|不再|不|没|未|无|非'],
  ['before', '之前|以前|前'],
  ['after', '之后|以后|后'],
];
const plain = new RegExp(plainWords, 'uy');
const patterns = table.map(([kind, words]) => ({ kind, pattern: new RegExp(words, 'uy') }));

export type MarkerRead = { readonly length: number; readonly marker?: MarkerClass };

/** The marker, or the harmless word, that starts at `index`; right after an amount or date 内, 前 and 后 are bounds. */
export function markerAt(text: string, index: number, afterAmount: boolean): MarkerRead | undefined {
  if (afterAmount && text[index] === '内' && !/[容地部]/u.test(text[index + 1] ?? '')) return { length: 1, marker: 'atmost' };
  plain.lastIndex = index;
  const harmless = plain.exec(text);
  if (harmless) return { length: harmless[0].length };
  for (const { kind, pattern } of patterns) {
    if (
      (kind === 'before' || kind === 'after') &&
      !afterAmount &&
      !/[之期满届日束]/u.test(text[index] === '之' ? '之' : (text[index - 1] ?? ''))
    )
      continue;
    pattern.lastIndex = index;
    const found = pattern.exec(text);
    if (found) return { length: found[0].length, marker: kind };
  }
  return undefined;
}

/** Whether a marker of the source carries what the answer's marker says. */
export function agrees(source: MarkerClass, answer: MarkerClass): boolean {
  if (source === answer) return true;
  // 不要带 may mean no need or must not; 不行 and 不 are the same refusal.
  return (
    (answer === 'dont' && (source === 'noneed' || source === 'cannot')) ||
    (source === 'dont' && (answer === 'noneed' || answer === 'cannot'))
  );
}

/** Dropping one of these from a sentence that is kept otherwise turns it round. */
export const mustBeKept: ReadonlySet<MarkerClass> = new Set([
  'noneed',
  'cannot',
  'dont',
  'not',
  'free',
  'only',
  'except',
  'above',
  'below',
]);
