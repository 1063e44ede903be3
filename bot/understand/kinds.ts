/** What kind of message this is — small talk, another matter, a guided flow, a question — learnt from the pack's own words. */
import { namesOf } from '../../knowledge/index/passages.ts';
import type { KnowledgeItem } from '../../knowledge/item.ts';
import { remembered } from '../../knowledge/text/remembered.ts';
import type { Flow } from '../flows/schema.ts';
import { type ChatExamples, type ChatLabel, chatLabels } from './chat.ts';
import { type Example, trainingClassifier } from './classifier/classifier.ts';
import type { LearntMemory } from './classifier/learnt-file.ts';
import { runInSlices, runNow } from './classifier/slices.ts';
import type { Dense } from './classifier/vectors.ts';

export type Kind = { kind: 'chat'; label: ChatLabel } | { kind: 'flow'; id: string } | { kind: 'question' };
export type Guess = Kind & {
  /** 0..1, calibrated on held-out examples. */
  readonly probability: number;
};

export interface Kinds {
  /** Under a millisecond. */
  guess(text: string): Guess;
}

export interface KindsOptions {
  readonly items: readonly KnowledgeItem[];
  readonly flows: readonly Flow[];
  readonly chat: ChatExamples;
  readonly dense?: Dense;
  /** Where what was learnt is kept for the next start. */
  readonly memory?: LearntMemory;
}

const question = 'question';
/** More questions than this teach nothing new about what a question is, and cost time at start. */
const mostQuestions = 600;
/** How people ask, whatever the matter: names alone are no sentences. */
const wordings = ['怎么办', '需要什么材料', '要多少钱', '在哪办', '多久能办好', '我想办', '请问', '能代办吗'];

/** Learns the kinds from the pack at once: about a second. */
export function trainKinds(options: KindsOptions): Kinds {
  return runNow(trainingKinds(options));
}

/** The same, yielding every millisecond or so. */
export function* trainingKinds({ items, flows, chat, dense, memory }: KindsOptions): Generator<void, Kinds> {
  const examples: Example[] = [
    ...chatLabels.flatMap((label) => chat[label].map((text) => ({ text, label: `chat:${label}` }))),
    ...flows.flatMap((flow) => [flow.name, ...flow.examples].map((text) => ({ text, label: `flow:${flow.id}` }))),
    ...questionsOf(items).map((text) => ({ text, label: question })),
  ];
  const classifier = yield* trainingClassifier(examples, { ...(dense ? { dense } : {}), memory });
  // A turn asks up to three times about the same words.
  const guess = remembered((text): Guess => {
    const { label, probability } = classifier.classify(text);
    const [kind, name = ''] = label.split(/:(.*)/s);
    if (kind === 'chat') return { kind, label: name as ChatLabel, probability };
    return kind === 'flow' ? { kind, id: name, probability } : { kind: 'question', probability };
  });
  return { guess };
}

/** Kinds that are learnt when they are first needed, and again when the knowledge has changed. */
export class LearntKinds implements Kinds {
  readonly #learning: () => Generator<void, Kinds>;
  #kinds: Kinds | undefined;
  #round = 0;

  constructor(learning: () => Generator<void, Kinds>) {
    this.#learning = learning;
  }

  guess(text: string): Guess {
    this.#kinds ??= runNow(this.#learning());
    return this.#kinds.guess(text);
  }

  /**
   * Learns anew in short slices, so that nobody waits for it; what was learnt before answers until it is done. Of several that run at
   * once the one that was asked for last counts. Rejects with what learning throws, and the old answers stay.
   */
  async relearn(): Promise<void> {
    const round = ++this.#round;
    const kinds = await runInSlices(this.#learning());
    if (round === this.#round) this.#kinds = kinds;
  }

  /** The knowledge has changed, and nobody is being served: learnt when it is next needed. */
  forget(): void {
    this.#round++;
    this.#kinds = undefined;
  }
}

/** Every item's names, evenly thinned where there are very many, each asked in one of the usual ways. */
function questionsOf(items: readonly KnowledgeItem[]): string[] {
  const names = items.flatMap((item) => namesOf(item).map(({ text }) => ({ text, bare: item.kind !== 'faq' })));
  const step = Math.max(1, Math.ceil(names.length / mostQuestions));
  return names
    .filter((_, i) => i % step === 0)
    .map(({ text, bare }, i) => {
      const wording = wordings[i % wordings.length] ?? '';
      return !bare || i % 3 === 0 ? text : /^(?:我想办|请问)$/.test(wording) ? `${wording}${text}` : `${text}${wording}`;
    });
}
