/** A reply before it is fitted to a channel: text with citation marks, the passages behind it, what can be pressed. */
import type { Passage } from '../../knowledge/index/types.ts';
import type { Guide, KnowledgeItem } from '../../knowledge/item.ts';

export type QuickReply = { kind: 'say'; title: string; value: string } | { kind: 'open'; title: string; url: string };

/** `type`: listed, bundle, convenience, value_added for guides; else faq, policy, contact. */
export interface DraftItem {
  readonly id: string;
  readonly type: Guide['itemType'] | Exclude<KnowledgeItem['kind'], 'guide'>;
  /** Of a guide: its code in the list of items (事项编码) and its entry there. */
  readonly code?: string;
  readonly url?: string;
}

export interface Draft {
  /** Markdown subset: **bold**, lists, links; `[n]` refers to `citations[n-1]`. */
  readonly text: string;
  readonly citations: readonly Passage[];
  readonly quickReplies: readonly QuickReply[];
  /** template: our own fixed words · guide: words of the knowledge base · ai: written by a model. */
  readonly origin: 'template' | 'guide' | 'ai';
  /** The knowledge item the text answers from, and of which kind it is. */
  readonly item?: DraftItem;
  /** An Adaptive Card form for slots. */
  readonly form?: unknown;
  readonly expectsInput?: boolean;
}

/** The draft with the item it is about. */
export function about(item: KnowledgeItem, draft: Draft): Draft {
  if (item.kind !== 'guide') return { ...draft, item: { id: item.id, type: item.kind } };
  const code = item.taskCode ?? item.catalogCode;
  const url = item.url ?? item.onlineUrl;
  const entry = { ...(code === undefined ? {} : { code }), ...(url === undefined ? {} : { url }) };
  return { ...draft, item: { id: item.id, type: item.itemType, ...entry } };
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
