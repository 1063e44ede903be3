/** An answer written by a language model from retrieved passages; nothing of it is shown that the passages it cites don't say. */
import { randomInt } from 'node:crypto';
import type { Passage } from '../../knowledge/index/types.ts';
import { type AnswerOutput, answer as answerPrompt } from '../../prompts/answer.ts';
import type { LanguageModel } from '../llm/model.ts';
import { Citations, type Draft } from './draft.ts';
import { preparePassages } from './generate-passages.ts';
import { judgeOf, type ReleasedSentence } from './generate-sentences.ts';
import type { CheckOptions } from './grounding/check.ts';

export interface GenerateOptions {
  readonly question: string;
  /** Best first; the model sees at most eight. */
  readonly passages: readonly Passage[];
  readonly model: LanguageModel;
  /** BCP 47. Answers are written in Chinese only: what is written in another language can't be checked against the text. */
  readonly locale: string;
  readonly signal?: AbortSignal | undefined;
  /** Hears the answer so far, each time a sentence has passed the check. Makes the call a streaming one. */
  readonly onChecked?: (draft: Draft) => void;
  /** Names of offices and word weights for the check. */
  readonly check?: CheckOptions;
  /** Letters that mark the lines of passages; default random. */
  readonly nonce?: string;
}

export interface GeneratedAnswer {
  /** origin 'ai' where a model wrote at least one sentence, 'guide' where only quotations were left. */
  readonly draft: Draft;
  readonly sentences: readonly ReleasedSentence[];
  readonly completeness: 'full' | 'partial';
  /** What the check said no to, for reports: how often a model makes things up. */
  readonly refused: number;
}

const mostPassages = 8;
const answerTokens = 900;

/**
 * Writes and checks an answer. Undefined when the model fails, says that the passages don't answer, or nothing it wrote holds:
 * the caller shows the extract then. Never rejects.
 */
export async function generateAnswer(options: GenerateOptions): Promise<GeneratedAnswer | undefined> {
  const passages = options.passages.slice(0, mostPassages);
  if (passages.length === 0 || !/^zh/i.test(options.locale)) return undefined;
  const prepared = preparePassages(passages);
  if (prepared.blocks.every((block) => block.lines.length === 0)) return undefined;
  const judge = judgeOf(prepared, options.check ?? {});
  const released: ReleasedSentence[] = [];
  let judged = 0;
  // Streamed sentences wait until the model has said that the passages answer at all.
  const take = (sentences: readonly unknown[], tell: boolean) => {
    for (const sentence of sentences.slice(judged)) {
      judged++;
      const good = judge.admit(sentence);
      if (good.length === 0) continue;
      released.push(...good);
      if (tell) options.onChecked?.(draftOf(released, passages));
    }
  };
  const heard: unknown[] = [];
  const result = await options.model.complete<AnswerOutput>({
    prompt: `${answerPrompt.id}@${answerPrompt.version}`,
    name: 'answer',
    schema: answerPrompt.outputSchema,
    system: answerPrompt.system,
    user: answerPrompt.user({
      question: options.question.replace(/[⟨⟩]/g, '').slice(0, 2000),
      passages: prepared.blocks.map((block) => ({ title: block.title, lines: [...block.lines] })),
      nonce: options.nonce ?? randomLetters(),
      script: /^zh-(?:hant|tw|hk|mo)/i.test(options.locale) ? 'traditional' : 'simplified',
    }),
    maxTokens: answerTokens,
    signal: options.signal,
    ...(options.onChecked
      ? {
          stream: {
            property: 'sentences',
            onElement: (element, known) => {
              heard.push(element);
              if (known.completeness === 'full' || known.completeness === 'partial') take(heard, true);
            },
          },
        }
      : {}),
  });
  if (result.ok && result.value.completeness !== 'none') take(result.value.sentences, true);
  // A connection that broke after checked sentences were shown leaves those standing.
  if (released.length === 0 || (options.signal?.aborted ?? false)) return undefined;
  const whole = result.ok && result.value.completeness === 'full' && judge.refused === 0;
  return { draft: draftOf(released, passages), sentences: released, completeness: whole ? 'full' : 'partial', refused: judge.refused };
}

/** Sentences with their marks; a list item keeps its line. */
function draftOf(released: readonly ReleasedSentence[], passages: readonly Passage[]): Draft {
  const citations = new Citations();
  let text = '';
  for (const sentence of released) {
    const marks = sentence.citations.map((n) => citations.mark(passages[n - 1] as Passage)).join('');
    text += `${text === '' ? '' : sentence.listItem ? '\n' : ' '}${sentence.listItem ? '- ' : ''}${sentence.text} ${marks}`;
  }
  return {
    text,
    citations: citations.list,
    quickReplies: [],
    origin: released.some((sentence) => sentence.origin === 'model') ? 'ai' : 'guide',
  };
}

/** Letters only: digits could look like a number of somebody. */
function randomLetters(): string {
  return Array.from({ length: 8 }, () => String.fromCharCode(65 + randomInt(26))).join('');
}
