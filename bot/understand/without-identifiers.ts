/** What of a message is looked up: who adds a name and numbers to a question asks the same question. */
import { hasOwnMatter } from '../answer/rewrite-words.ts';
import { mask } from '../safety/mask.ts';

/** Words that only introduce an identifier: 我的身份证号是, 电话：. The paper itself may be the matter. */
const introduction =
  /(?:我(?:的|是|叫)?|本人的?|联系)?(?:(身份证|护照|银行卡)(?:件)?号?码?|(?:手机|电话|联系(?:方式|电话))(?:号码?)?|号码?|卡号|车牌号?|邮箱|微信号?|QQ号?|社保号|(?:家庭)?[住地]址|家?住在?)?(?:是|为)?[:：\s]*⟨[A-Z_]+:\d+⟩/g;

/** The text without identifiers and the words that introduce them; the text itself when it has none or nothing else is in it. */
export function withoutIdentifiers(text: string): string {
  const { text: masked, originals } = mask(text);
  if (originals.size === 0) return text;
  const bare = tidy(masked.replace(introduction, ''));
  // 我的身份证号是…，丢了怎么补: the paper is what it is about.
  const rest = hasOwnMatter(bare) ? bare : tidy(masked.replace(introduction, (_, paper: string | undefined) => paper ?? ''));
  return /[\p{L}\p{N}]/u.test(rest) ? rest : text;
}

const tidy = (text: string): string => text.replace(/[，,、；;\s]+(?=[，,。；;?？!！、]|$)|^[，,、；;。\s]+/gu, '').trim();
