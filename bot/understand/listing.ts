/** Questions for a list of errands: what needs a marriage certificate, what does the civil affairs bureau do, what is there for companies. */

import type { ListWish } from '../answer/directory.ts';

const thing = '(?:事情?|业务|事项|手续|服务|证件?|办事指南|指南|东西)';
const which = '(?:哪些|哪几[个样件种]|什么|啥|哪[样种件])';
const may = '(?:都|还|就|一般|到底)*(?:能|可以|会|得|要|需要|必须|应该)*';
const tail = '(?:儿|呢|吗|啊|呀|来着|给我看看|一下)*$';
const lead = '^(?:请问|你好|您好|想问一?下|问一?下|我想知道|告诉我|列一?下|看看|那么?|在)*';

/** The group of each pattern that took part holds the words that name the facet. */
const patterns: readonly { by: ListWish['by']; pattern: RegExp }[] = [
  // 哪些事要用到结婚证
  {
    by: 'material',
    pattern: new RegExp(
      `${lead}(?:办(?:理)?)?${which}${thing}${may}(?:用得[到上着]|用[到上着]?|带上?|提供|提交|出示|准备|交)(?:到)?(.{2,14}?)(?:才能办|才行|的)?${tail}`,
    ),
  },
  // 用户口本能办哪些事
  {
    by: 'material',
    pattern: new RegExp(`${lead}(?:我)?(?:拿着?|用|凭着?|只有|带着?)(.{2,14}?)${may}(?:办理?|做)(?:成|到)?${which}${thing}?${tail}`),
  },
  // 民政局能办哪些事，企业可以办什么业务
  { by: 'any', pattern: new RegExp(`${lead}(.{2,14}?)(?:这边|那边|那里|这里|里面?)?${may}(?:办理?|管|负责|受理)${which}${thing}?${tail}`) },
  // 企业有哪些事可以办
  {
    by: 'any',
    pattern: new RegExp(`${lead}(.{2,14}?)(?:这边|那边|方面|里面?)?(?:都|还)?有${which}${thing}${may}(?:办理?|做|申请)?的?${tail}`),
  },
  // 跟养老有关的事有哪些，关于房子的业务
  {
    by: 'any',
    pattern: new RegExp(
      `${lead}(?:(?:和|跟|与|同)(.{2,14}?)(?:有关|相关)|(?:关于|涉及)(.{2,14}?)(?:方面)?)的?(?:${which})?${thing}(?:都|还)?(?:有${which}|是${which})?${tail}`,
    ),
  },
];
/** What stands before the words and says nothing: 我们公司, 我是企业. */
const nothing = /^(?:[你您]们?(?:能|可以)?|我们?是?|咱们?|你们|贵|到|去|在|一个|一家|作为|当)+|(?:的话|来说|一般|那)$/g;

const more =
  /^(?:那|好的?|请|再)*(?:还有(?:哪些|哪几个|什么|啥|别的|其他的?|没有|吗|呢)*|(?:看|列|说)?(?:更多|下一页|下一批|后面的|剩下的|其他的|别的)|换一批)(?:事|业务|事项)?(?:吗|呢|啊|呀|吧)*$/;

/** Whether a message wants the rest of a list. Input: `Lexicon.plain` of the message. */
export const wantsMore = (plain: string): boolean => more.test(plain.replace(/[\p{P}\p{S}\s]+/gu, ''));

/** The list a message asks for, if it does. Input: `Lexicon.plain` of the message. Whether there is such a list only the knowledge knows. */
export function listWish(plain: string): ListWish | undefined {
  const message = plain.replace(/[\p{P}\p{S}\s]+/gu, '');
  for (const { by, pattern } of patterns) {
    const found = pattern.exec(message);
    const words = (found?.[1] ?? found?.[2])?.replace(nothing, '');
    if (words !== undefined && words.length >= 2) return { by, words };
  }
  return undefined;
}
