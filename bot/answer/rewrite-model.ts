/** Rewriting by a language model, checked: it may only use words of the conversation and of item names. Falls back to the rules. */
import { normalise } from '../../knowledge/text/normalise.ts';
import { bigrams } from '../../knowledge/text/tokenise.ts';
import { type RewriteOutput, rewrite as rewritePrompt } from '../../prompts/rewrite.ts';
import type { LanguageModel } from '../llm/model.ts';
import type { RewriteContext, Rewriter, Rewritten } from './rewrite.ts';
import { hasOwnMatter } from './rewrite-words.ts';

const longestTurn = 300;
const lastTurns = 6;
/** Nobody waits longer for being understood; the rules' reading is there already. */
const timeoutMs = 6000;
/** Words every question may have. */
const common =
  /怎么|如何|什么|哪些|哪里|多少|多久|几天|需要|可以|能不能|可不可以|要不要|是不是|有没有|办理|申请|材料|费用|时间|地点|条件|流程|请问|的话|情况|要|带|的|吗|呢|是|在|和|去|办|钱|为|给|如果|应该|时候|还|我/g;

/** Words of `rewritten` that nobody said: neither the question, the conversation nor an item's name. Empty means it may be used. */
export function inventedWords(rewritten: string, question: string, context: RewriteContext): string[] {
  const said = normalise(
    [
      question,
      context.lastQuestion,
      context.lastItem?.title,
      ...(context.lastItem?.scenarios ?? []),
      ...context.options,
      ...context.turns.map((turn) => turn.text),
    ].join('\n'),
  );
  // Characters that stand side by side only because a common word between them was taken out prove nothing.
  const pieces = normalise(rewritten)
    .replace(common, '\n')
    .split(/[\n，,。？?！!、；;\s]+/u);
  return pieces.flatMap((piece) => bigrams(piece)).filter((term) => !said.includes(term));
}

export class ModelRewriter implements Rewriter {
  readonly #model: LanguageModel;
  readonly #local: Rewriter;

  constructor(options: { model: LanguageModel; local: Rewriter }) {
    this.#model = options.model;
    this.#local = options.local;
  }

  async rewrite(question: string, context: RewriteContext, signal?: AbortSignal): Promise<Rewritten> {
    const local = await this.#local.rewrite(question, context, signal);
    if (context.turns.length === 0 && context.lastQuestion === undefined) return local;
    // What stands on its own costs no call.
    if (local.by === 'none' && hasOwnMatter(question)) return local;
    const turns = context.turns.length > 0 ? context.turns : [{ from: 'citizen' as const, text: context.lastQuestion ?? '' }];
    const result = await this.#model.complete<RewriteOutput>({
      prompt: `${rewritePrompt.id}@${rewritePrompt.version}`,
      name: 'rewrite',
      schema: rewritePrompt.outputSchema,
      system: rewritePrompt.system,
      user: rewritePrompt.user({
        question: question.slice(0, 2000),
        conversation: turns.slice(-lastTurns).map((turn) => ({ from: turn.from, text: turn.text.slice(0, longestTurn) })),
        items: [context.lastItem?.title, ...context.options].filter((name): name is string => name !== undefined).slice(0, 10),
      }),
      maxTokens: 200,
      timeoutMs,
      signal,
    });
    const asked = { modelAsked: true };
    if (!result.ok) return { ...local, ...asked };
    if (!result.value.followUp) return { question, by: 'none', ...asked };
    const complete = result.value.question.trim();
    if (complete === '' || inventedWords(complete, question, context).length > 0) return { ...local, ...asked };
    return { question: complete, by: 'model', ...asked };
  }
}
