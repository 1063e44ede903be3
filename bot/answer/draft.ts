/** A reply before it is fitted to a channel: text with citation marks, the passages behind it, what can be pressed. */
import type { Passage } from '../../knowledge/index/types.ts';

export type QuickReply = { kind: 'say'; title: string; value: string } | { kind: 'open'; title: string; url: string };

export interface Draft {
  /** Markdown subset: **bold**, lists, links; `[n]` refers to `citations[n-1]`. */
  readonly text: string;
  readonly citations: readonly Passage[];
  readonly quickReplies: readonly QuickReply[];
  /** template: our own fixed words · guide: words of the knowledge base · ai: written by a model. */
  readonly origin: 'template' | 'guide' | 'ai';
  /** An Adaptive Card form for slots. */
  readonly form?: unknown;
  readonly expectsInput?: boolean;
}

/** A draft of fixed words. */
export function say(text: string, quickReplies: readonly QuickReply[] = [], expectsInput = false): Draft {
  return { text, citations: [], quickReplies, origin: 'template', ...(expectsInput ? { expectsInput } : {}) };
}

/** Collects passages and hands out their marks: the same passage keeps its number. */
export class Citations {
  readonly #passages: Passage[] = [];

  /** `[n]` for a passage. */
  mark(passage: Passage): string {
    const known = this.#passages.findIndex((one) => one.id === passage.id);
    if (known >= 0) return `[${known + 1}]`;
    this.#passages.push(passage);
    return `[${this.#passages.length}]`;
  }

  get list(): readonly Passage[] {
    return this.#passages;
  }
}
