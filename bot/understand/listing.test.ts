import { describe, expect, it } from 'vitest';
import { listWish, wantsMore } from './listing.ts';

describe('[R-025] [R-040] a wish for a list', () => {
  it.each([
    ['哪些事要用到结婚证', 'material', '结婚证'],
    ['什么业务需要带营业执照？', 'material', '营业执照'],
    ['办哪些手续得提供户口簿呢', 'material', '户口簿'],
    ['用户口本能办哪些事', 'material', '户口本'],
    ['拿着身份证可以办什么', 'material', '身份证'],
    ['民政局能办哪些事', 'any', '民政局'],
    ['请问公积金中心管什么', 'any', '公积金中心'],
    ['企业有哪些事可以办', 'any', '企业'],
    ['我们公司可以办理什么业务', 'any', '公司'],
    ['跟养老有关的事有哪些', 'any', '养老'],
    ['关于住房的业务有哪些？', 'any', '住房'],
    ['医保方面有什么服务', 'any', '医保'],
  ])('%s → %s %s', (message, by, words) => expect(listWish(message)).toEqual({ by, words }));

  it.each([
    '身份证丢了怎么办',
    '居住证要什么材料',
    '你能办什么',
    '办居住证要带什么',
    '有什么要求',
    '什么时候能办好',
    '哪些人可以申请低保',
    '',
  ])('%j is none', (message) => expect(listWish(message)).toBeUndefined());

  it.each(['还有哪些', '还有吗？', '还有别的事吗', '更多', '下一页', '那还有什么'])('%s wants the rest', (message) =>
    expect(wantsMore(message)).toBe(true),
  );
  it.each(['还有多少天到期', '还有一个问题，居住证怎么办', '更多材料要带吗'])('%s does not', (message) =>
    expect(wantsMore(message)).toBe(false),
  );
});
