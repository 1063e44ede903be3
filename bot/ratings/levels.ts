/** The five levels of 好差评 and the reasons a citizen may tick. Source: 国办发〔2019〕51号 (levels); tags are our own list. */

export interface RatingLevel {
  readonly score: 1 | 2 | 3 | 4 | 5;
  readonly id: 'very_satisfied' | 'satisfied' | 'basically_satisfied' | 'dissatisfied' | 'very_dissatisfied';
  readonly name: string;
  /** good counts as satisfied; bad (差评) must be followed up. */
  readonly polarity: 'good' | 'bad';
}

export const ratingLevels: readonly RatingLevel[] = [
  { score: 5, id: 'very_satisfied', name: '非常满意', polarity: 'good' },
  { score: 4, id: 'satisfied', name: '满意', polarity: 'good' },
  { score: 3, id: 'basically_satisfied', name: '基本满意', polarity: 'good' },
  { score: 2, id: 'dissatisfied', name: '不满意', polarity: 'bad' },
  { score: 1, id: 'very_dissatisfied', name: '非常不满意', polarity: 'bad' },
];

/** Reasons offered with a low rating. */
export const reasonTags: readonly string[] = [
  '答非所问',
  '信息过时',
  '没有一次说清',
  '找不到入口',
  '等待太久',
  '态度不好',
  '转不到人工',
  '问题没解决',
  '其他',
];
