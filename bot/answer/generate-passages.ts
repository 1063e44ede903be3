/** Prepares passages for a model: what is not text goes, instructions in them are flagged, links and phones become tokens. */
import type { Passage } from '../../knowledge/index/types.ts';
import { stripInvisible } from '../../knowledge/text/normalise.ts';
import { sentencesOf } from './grounding/evidence.ts';

export interface PassageLine {
  readonly text: string;
  /** Reads like an instruction to a model; it proves nothing. */
  readonly suspicious: boolean;
}

export interface Prepared {
  /** As given to the model, with tokens. */
  readonly blocks: readonly { readonly title: string; readonly lines: readonly PassageLine[] }[];
  /** As evidence: the same passages without markup and without suspicious lines, links and phones as they are. */
  readonly evidence: readonly Passage[];
  /** Puts links and phones back; a token nobody gave stays and fails the check. */
  restore(text: string): string;
}

/** What hides from readers: comments, scripts, styles and elements made invisible. */
const hidden =
  /<!--[\s\S]*?(?:-->|$)|<(script|style|template|noscript|iframe|object|svg)\b[\s\S]*?(?:<\/\1\s*>|$)|<(\w+)\b[^>]*(?:display\s*:\s*none|visibility\s*:\s*hidden|font-size\s*:\s*0|opacity\s*:\s*0|color\s*:\s*(?:#fff\b|#ffffff|white)|\shidden\b)[^>]*>[\s\S]*?(?:<\/\2\s*>|$)/gi;
const tag = /<\/?[a-z!][^<>]*>/gi;

/** Text without invisible characters, hidden parts and tags; entities of the five marks only. */
export function visibleText(text: string): string {
  const entities: Record<string, string> = { '&lt;': '＜', '&gt;': '＞', '&amp;': '&', '&quot;': '"', '&nbsp;': ' ' };
  return stripInvisible(text)
    .replace(hidden, '')
    .replace(tag, '')
    .replace(/&(?:lt|gt|amp|quot|nbsp);/g, (found) => entities[found] ?? found);
}

/** Text of a document: it may not bring tokens of its own. */
const documentText = (text: string): string => visibleText(text).replace(/[⟨⟩]/g, '');

const instruction =
  /(?:忽略|无视|忘(?:记|掉)|不要(?:理会|遵守|遵循|管)|跳过).{0,8}(?:以上|上面|上述|之前|前面|先前|所有|一切|任何|原有|原来|系统).{0,8}(?:指令|指示|提示|规则|要求|内容|设定|说明)|(?:告诉|告知|回复|回答|答复)(?:用户|提问者|对方|使用者|群众|他们|她们)[：:，,]?.{0,30}(?:是|为|说|费用|电话|网址|链接|免费|可以|不用|必须)|(?:回答|回复|输出|生成)(?:时|内容)?.{0,6}(?:必须|只能|务必|一律).{0,6}(?:说|写|回答|回复|输出|包含|添加)|(?:只|必须|务必|请|直接)输出(?:以下|如下|下面)|(?:你|您)(?:现在|从现在起|将|必须)?(?:是|扮演|充当|作为)(?:一[个名位])?.{0,8}(?:AI|人工智能|助手|模型|机器人|客服|系统|管理员)|(?:系统|开发者)(?:提示词|指令)|(?:系统|开发者)(?:提示|消息)\s*[：:]|(?:给|致)(?:AI|人工智能|大?模型|助手|机器人)的?(?:指令|提示|要求|说明)|提示词|越狱(?:模式|提示|指令)|(?:ignore|disregard|forget|override).{0,30}(?:instruction|prompt|rule|above|previous|context)|system ?prompt|you are (?:now )?(?:an? )?(?:ai|assistant|dan\b|helpful)|(?:tell|inform) the (?:user|citizen)|(?:respond|reply|answer) (?:only )?with|<\|?(?:im_start|im_end|system|assistant|endoftext)|\[\/?inst\]|^(?:system|assistant|user|developer)\s*[:：]/iu;

/** Whether a sentence speaks to a model instead of to people. */
export function isInstruction(sentence: string): boolean {
  return instruction.test(sentence.normalize('NFKC').replace(/(?<=\p{Script=Han})\s+(?=\p{Script=Han})/gu, ''));
}

const link = /https?:\/\/[^\s)）。，；、<>"]+/g;
const phone =
  /(?<![\d.⟨:])(?:(?:\(\d{3,4}\)|（\d{3,4}）|\d{3,4})[- ]\d{7,8}(?:[-转]\d{1,5})?|1[3-9]\d{9}|[48]00-?\d{3,4}-?\d{3,4}|12[0-9]{3}|9[56]\d{3,4})(?![\d.]| ?(?:元|个|年|天|日|人|份|平方|公里|万))/g;

/** Prepares passages in the order they are numbered. */
export function preparePassages(passages: readonly Passage[]): Prepared {
  const tokens = new Map<string, string>();
  const originals = new Map<string, string>();
  const tokenise = (kind: 'LINK' | 'PHONE') => (found: string) => {
    const known = tokens.get(found);
    if (known) return known;
    const token = `⟨${kind}:${[...originals.keys()].filter((one) => one.includes(kind)).length + 1}⟩`;
    tokens.set(found, token);
    originals.set(token, found);
    return token;
  };
  const withTokens = (text: string) => text.replace(link, tokenise('LINK')).replace(phone, tokenise('PHONE'));
  const lines = passages.map((passage) => linesOf(passage.text));
  return {
    blocks: passages.map((passage, i) => ({
      title: withTokens(documentText(`${passage.title} · ${passage.heading}`).replace(/\s+/g, ' ')),
      lines: (lines[i] ?? []).map((line) => ({ ...line, text: withTokens(line.text) })),
    })),
    evidence: passages.map((passage, i) => ({
      ...passage,
      title: trusted(passage.title),
      heading: trusted(passage.heading),
      text: (lines[i] ?? [])
        .filter((line) => !line.suspicious)
        .map((line) => line.text)
        .join('\n'),
    })),
    restore: (text) => text.replace(/⟨(?:LINK|PHONE):\d+⟩/g, (token) => originals.get(token) ?? token),
  };
}

function trusted(title: string): string {
  const visible = documentText(title);
  return isInstruction(visible) ? '' : visible;
}

/** From the first sentence that gives orders to a model to the end of its paragraph nothing is evidence. */
function linesOf(text: string): PassageLine[] {
  return documentText(text)
    .split('\n')
    .filter((row) => row.trim() !== '')
    .flatMap((row) => {
      const parts = sentencesOf(row);
      // An instruction may be spread over sentences, so the row is looked at as a whole too.
      const first = parts.findIndex(isInstruction);
      const from = first >= 0 ? first : isInstruction(row) ? 0 : parts.length;
      const [good, bad] = [parts.slice(0, from).join(''), parts.slice(from).join('')];
      return [...(good ? [{ text: good, suspicious: false }] : []), ...(bad ? [{ text: bad, suspicious: true }] : [])];
    });
}
