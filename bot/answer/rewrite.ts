/** Makes follow-up questions complete from the conversation: 那要多少钱？ 换成孩子呢？ 外地户口呢？ 第二个呢？ */
import type { Lexicon } from '../../knowledge/text/lexicon.ts';
import { asksOnlyElements } from './elements.ts';
import { type Entity, entityIn, hasOwnMatter, splitQuestion } from './rewrite-words.ts';

export interface RewriteContext {
  /** The last question, complete (as it was rewritten itself). */
  readonly lastQuestion?: string | undefined;
  /** What the conversation is about. */
  readonly lastItem?: { readonly id: string; readonly title: string; readonly scenarios: readonly string[] } | undefined;
  /** What the last reply offered, in order. */
  readonly options: readonly string[];
  /** The last few turns, oldest first: for a model. */
  readonly turns: readonly { readonly from: 'citizen' | 'assistant'; readonly text: string }[];
}

export interface Rewritten {
  readonly question: string;
  readonly by: 'none' | 'local' | 'model';
  /** Set when a model was asked, whatever came of it. */
  readonly modelAsked?: boolean;
}

export interface Rewriter {
  /** The question made complete, or as it is. Never rejects. */
  rewrite(question: string, context: RewriteContext, signal?: AbortSignal): Promise<Rewritten>;
  /** True: `rewrite` would surely leave the question as it is. Cheap; absent: nobody can tell. */
  leaves?(question: string, context: RewriteContext): boolean;
}

/** The knowledge item a text names best, and how well (0..1). */
export type MatterOf = (text: string) => Promise<{ readonly itemId: string; readonly similarity: number } | undefined>;

/** A text that names an item this well speaks of it by itself. */
const namedItself = 0.5;
/** Longer ones say what they are about. */
const longestFollowUp = 24;

const lead =
  /^(?:那么|那|哦|噢|嗯|好的|好吧|好|行|呢|明白了?|知道了|谢谢|然后|还有|另外|对了|再问(?:一)?下|顺便问(?:一)?下|请问(?:一)?下?|我想问(?:一)?下?|[，,、\s])+/;
const tail = /(?:[?？。!！~\s]|呢|啊|呀|哈|嘛)+$/;
const instead =
  /^(?:如果(?:是|换成)?|要是(?:换成)?|假如(?:是)?|换成|换做|换(?=[^证领发新个了])|改成|轮到|(?:给|帮|替)(?=我?(?:孩子|小孩|娃|老人|父母|爸|妈|家人|老公|老婆)))+/;
const question = /[?？]|吗|呢|怎么|如何|什么|啥|哪|多少|多久|多长|几|能不能|可不可以|要不要|用不用|是不是|有没有|行不行|咋/;
const ordinal = /^(?:我?(?:选|要|问|看)?)?(?:第([一二三四五六1-6])|(前)|(后))(?:面)?(?:一)?(?:个|种|项|条|件)(?:情况|情形|事项|办法)?的?/;
const pronoun =
  /(?:这|那|该|上面(?:说)?的?|刚才(?:说)?的?)(?:个|种|项|张|件|本)(?:证件?|卡|事项?|业务|手续|补贴|东西|情况)?(?!月|星期|周|年|工作日|人|时候|区|学期)|(?<![其])它(?!们)/;
const notAQuestion = /转?人工|谢谢|再见|拜拜|你好|您好|满意|取消|算了|不办了/;

/** What by its form alone may be a follow-up. */
interface FollowUp {
  /** Without particles and polite words. */
  readonly plain: string;
  readonly chosen: { readonly name: string; readonly rest: string } | undefined;
  /** `plain` without the words that put it in the place of something else. */
  readonly replacement: string;
  readonly swaps: boolean;
  readonly entity: Entity | undefined;
  /** Whether `replacement` may name another matter. */
  readonly renames: boolean;
  /** Whether `entity` takes the place of one of the last question. */
  readonly replaces: boolean;
  /** Whether the question says by itself what it is about. */
  readonly stands: boolean;
}

/** Undefined: a question that is surely left as it is. Nothing is looked up for that. */
function followUpIn(text: string, context: RewriteContext, plainOf: (text: string) => string): FollowUp | undefined {
  const plain = plainOf(text).replace(tail, '').replace(lead, '');
  if (plain === '' || (!context.lastItem && !context.lastQuestion)) return undefined;
  const chosen = optionIn(plain, context);
  if (!chosen && (notAQuestion.test(plain) || plain.length > longestFollowUp)) return undefined;
  const replacement = plain.replace(instead, '').replace(/(?:的话|的)$/, '');
  const swaps = replacement !== plain || /[呢]\s*[?？]?$/.test(text.trim());
  const entity = entityIn(replacement);
  const renames = swaps && !entity?.whole && splitQuestion(replacement).asked === '';
  const replaces = entity !== undefined && (swaps || entity.whole) && splitQuestion(entity.rest).matter === '';
  const stands = hasOwnMatter(plain) && !asksOnlyElements(plain);
  const asks = swaps || question.test(text) || question.test(plain);
  if (!chosen && !renames && !replaces && !pronoun.test(plain) && (stands || !asks)) return undefined;
  return { plain, chosen, replacement, swaps, entity, renames, replaces, stands };
}

/**
 * Rewrites by rule. `plainOf` is `Lexicon.plain`. A question that stands on its own, or that nothing is known about, comes back
 * unchanged.
 */
export async function rewriteLocally(
  text: string,
  context: RewriteContext,
  matterOf: MatterOf,
  plainOf: (text: string) => string,
): Promise<Rewritten> {
  const unchanged: Rewritten = { question: text, by: 'none' };
  const rewritten = (complete: string): Rewritten => ({ question: `${complete.replace(tail, '')}？`, by: 'local' });
  const read = followUpIn(text, context, plainOf);
  if (!read) return unchanged;
  const { plain, chosen, replacement, swaps, entity, renames, replaces, stands } = read;
  if (chosen) return rewritten(joined(chosen.name, chosen.rest || askedBefore(context)));

  // 那护照呢？: another matter, the same question.
  const named = renames ? await matterOf(replacement) : undefined;
  if (named && named.similarity >= namedItself && named.itemId !== context.lastItem?.id)
    return rewritten(joined(replacement, askedBefore(context)));
  // 换成孩子呢？ 外地户口呢？: the same question for somebody or something else.
  if (entity && replaces) return rewritten(await replaced(entity, context, matterOf));
  if (pronoun.test(plain)) {
    const subject = await matterBefore(context, matterOf);
    return rewritten(plain.replace(pronoun, subject).replace(new RegExp(`^(${escaped(subject)})的?\\1`), '$1'));
  }
  if (stands) return unchanged;
  if (swaps && !question.test(replacement))
    return rewritten(joined(await matterBefore(context, matterOf), replacement, askedBefore(context)));
  // 那要多少钱？: a question without a matter.
  if (question.test(text) || question.test(plain)) return rewritten(joined(await matterBefore(context, matterOf), plain));
  return unchanged;
}

const numerals = '一二三四五六';

function optionIn(plain: string, { options, lastItem }: RewriteContext): { name: string; rest: string } | undefined {
  const found = ordinal.exec(plain);
  if (!found) return undefined;
  const names = options.length > 0 ? options : (lastItem?.scenarios.map((scenario) => `${lastItem.title}${scenario}`) ?? []);
  const at = found[2]
    ? 0
    : found[3]
      ? names.length - 1
      : numerals.includes(found[1] ?? '?')
        ? numerals.indexOf(found[1] ?? '')
        : Number(found[1]) - 1;
  const name = names[at];
  return name === undefined ? undefined : { name, rest: plain.slice(found[0].length).replace(tail, '') };
}

/** The asking part of the last question: 要带什么. */
function askedBefore({ lastQuestion }: RewriteContext): string {
  return lastQuestion ? splitQuestion(lastQuestion.replace(tail, '')).asked : '';
}

/** What the conversation is about, in the citizen's own words where these name the item, else by its title. */
async function matterBefore({ lastQuestion, lastItem }: RewriteContext, matterOf: MatterOf): Promise<string> {
  const own = lastQuestion ? splitQuestion(lastQuestion.replace(tail, '')).matter : '';
  if (!lastItem) return own;
  const named = own.length >= 2 ? await matterOf(own) : undefined;
  return named && named.itemId === lastItem.id && named.similarity >= namedItself ? own : lastItem.title;
}

/** The last question with its word of the same kind replaced; where it has none, the new word goes before it. */
async function replaced(entity: Entity, context: RewriteContext, matterOf: MatterOf): Promise<string> {
  const asked = splitQuestion(entity.rest).asked;
  const before = context.lastQuestion?.replace(tail, '') ?? '';
  const named = before === '' ? undefined : await matterOf(before);
  const matter = await matterBefore(context, matterOf);
  // Its own question (外地户口可以吗) is asked about the matter; without one the last question is asked again.
  const whole = asked !== '' || !context.lastItem || named?.itemId !== context.lastItem.id ? undefined : before;
  const base = whole ?? matter;
  const old = entityIn(base, entity.kind);
  const question = whole ? '' : asked || askedBefore(context);
  if (old) return joined(base.replace(old.word, entity.word), question);
  return joined(entity.before ? `${entity.word}${base}` : whole ? `${entity.word}，${base}` : `${base}，${entity.word}`, question);
}

function joined(...parts: string[]): string {
  return parts
    .filter((part) => part !== '')
    .join('，')
    .replace(/，(?=怎么|要|能|可以|多|在哪|去哪|需|什么|有|几|网上|是|还)/g, '');
}

const escaped = (text: string) => text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');

/** The rewriter that needs no model. */
export class LocalRewriter implements Rewriter {
  readonly #matterOf: MatterOf;
  readonly #lexicon: Lexicon;

  constructor(options: { matterOf: MatterOf; lexicon: Lexicon }) {
    this.#matterOf = options.matterOf;
    this.#lexicon = options.lexicon;
  }

  leaves(text: string, context: RewriteContext): boolean {
    return followUpIn(text, context, (one) => this.#lexicon.plain(one)) === undefined;
  }

  async rewrite(text: string, context: RewriteContext): Promise<Rewritten> {
    try {
      return await rewriteLocally(text, context, this.#matterOf, (one) => this.#lexicon.plain(one));
    } catch {
      // Looking up a name failed: the question as it was asked is still a question.
      return { question: text, by: 'none' };
    }
  }
}
