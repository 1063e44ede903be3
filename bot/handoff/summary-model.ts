/** A model's words for what a citizen wants, only where the log bears out every one of them; otherwise the summary by rule stays. */
import { normalise } from '../../knowledge/text/normalise.ts';
import { bigrams } from '../../knowledge/text/tokenise.ts';
import { type SummaryOutput, summary as summaryPrompt } from '../../prompts/summary.ts';
import type { Activity } from '../activity.ts';
import type { LanguageModel } from '../llm/model.ts';
import { lastActivities } from '../store/activities.ts';
import type { OpenDatabase } from '../store/database.ts';
import { openHandoffOf, updateHandoff, waitingHandoffs } from '../store/handoffs.ts';

const lookBack = 40;
const longestMessage = 500;
/** The rule's summary is there already: nobody waits for this. */
const timeoutMs = 10_000;
/** Handoffs remembered as done. */
const remembered = 1000;
/** Who waits longer was new in another process, or before this one started. */
const newMs = 30_000;
/** Words that join what was said without adding to it. */
const joining =
  /群众|市民|本人|自己|现在|目前|已经|之前|后来|但是|因为|所以|以及|或者|希望|想要|要求|询问|咨询|办理|不知道|怎么|如何|什么|问题|情况|需要|可以|没有|是否|想|要|问|办|在|到|的|了|和|并|且|把|被|给|为|对|与|及|是|有|还|又|就|也/gu;

/** Pairs of characters and numbers of `words` that nobody said; empty: the log bears it out. */
export function unsaid(words: string, said: string): string[] {
  const source = normalise(said);
  const numbers = normalise(words).match(/\d+(?:\.\d+)?/g) ?? [];
  const known = new Set(source.match(/\d+(?:\.\d+)?/g) ?? []);
  const pieces = normalise(words)
    .replace(joining, '\n')
    .split(/[\n，,。？?！!、；;：:（）()“”"\s]+/u);
  return [...numbers.filter((one) => !known.has(one)), ...pieces.flatMap(bigrams).filter((pair) => !source.includes(pair))];
}

/**
 * The summary with the model's matter and mood, where they were said. Input: the summary by rule, the citizen's own words (what only the
 * assistant said is no fact about the citizen), and what the model answered.
 */
export function withModelWords(summary: string, citizenSaid: string, { matter, mood, moodWords }: SummaryOutput): string {
  const [first = '', ...rest] = summary.split('\n');
  const text = matter.replace(/\s+/gu, ' ').trim();
  const lines = [text !== '' && unsaid(text, citizenSaid).length === 0 ? `诉求：${text}` : first, ...rest];
  const words = moodWords.trim();
  const shown = mood !== 'calm' && words !== '' && normalise(citizenSaid).includes(normalise(words));
  if (!shown || lines.some((line) => line.startsWith('情绪：'))) return lines.join('\n');
  lines.splice(1, 0, `情绪：${mood === 'angry' ? '不满' : '着急'}（原话“${words}”）`);
  return lines.join('\n');
}

export interface SummaryWriterOptions {
  readonly database: OpenDatabase;
  readonly model: LanguageModel;
  readonly now: () => number;
  /** Hears of a handoff whose summary got better. */
  readonly onWritten: () => void;
  readonly onError: (error: unknown) => void;
}

/** Improves the summaries of conversations that have just come into the queue, one after another, in the background. */
export class SummaryWriter {
  readonly #options: SummaryWriterOptions;
  readonly #done = new Set<string>();
  #working: Promise<void> = Promise.resolve();
  #stopped = false;

  constructor(options: SummaryWriterOptions) {
    this.#options = options;
  }

  /** The queue moved: whoever is new in it is looked at. Resolves when all of them are; never rejects. */
  look(): Promise<void> {
    this.#working = this.#working.then(() => this.#look()).catch((error: unknown) => this.#options.onError(error));
    return this.#working;
  }

  /** Begins nothing more; resolves when what was begun is done. */
  stop(): Promise<void> {
    this.#stopped = true;
    return this.#working;
  }

  async #look(): Promise<void> {
    const { database, now, onWritten } = this.#options;
    let written = 0;
    for (const { id, conversationId, waitingSince } of await waitingHandoffs(database.db)) {
      if (this.#stopped) return;
      if (this.#done.has(id) || now() - waitingSince > newMs) continue;
      this.#done.add(id);
      const [oldest] = this.#done;
      if (this.#done.size > remembered && oldest !== undefined) this.#done.delete(oldest);
      if (await this.#write(conversationId)) written += 1;
    }
    if (written > 0) onWritten();
  }

  async #write(conversationId: string): Promise<boolean> {
    const { database, model } = this.#options;
    const log = await lastActivities(database.db, conversationId, lookBack);
    const messages = log.filter(({ type, text }) => type === 'message' && (text ?? '').trim() !== '');
    if (!messages.some(isCitizen)) return false;
    const result = await model.complete<SummaryOutput>({
      prompt: `${summaryPrompt.id}@${summaryPrompt.version}`,
      name: 'summary',
      schema: summaryPrompt.outputSchema,
      system: summaryPrompt.system,
      user: summaryPrompt.user({
        conversation: messages.map((one) => ({
          from: isCitizen(one) ? ('citizen' as const) : ('assistant' as const),
          text: (one.text ?? '').slice(0, longestMessage),
        })),
      }),
      maxTokens: 300,
      timeoutMs,
    });
    if (!result.ok) return false;
    const said = messages
      .filter(isCitizen)
      .map(({ text = '' }) => text)
      .join('\n');
    return database.transaction(async (tx) => {
      const handoff = await openHandoffOf(tx, conversationId);
      if (handoff === undefined) return false;
      const summary = withModelWords(handoff.summary, said, result.value);
      if (summary === handoff.summary) return false;
      await updateHandoff(tx, handoff.id, { summary });
      return true;
    });
  }
}

const isCitizen = ({ from }: Activity): boolean => from.role !== 'bot';
