/** Activities → what the page shows. */
import type { Activity } from './session.ts';

export interface Span {
  readonly text: string;
  readonly bold: boolean;
  readonly url: string;
}
export interface Field {
  readonly id: string;
  readonly label: string;
  readonly kind: 'text' | 'number' | 'date' | 'choice';
  readonly required: boolean;
  readonly titles: readonly string[];
  readonly values: readonly string[];
}
export interface Entry {
  readonly id: string;
  readonly side: 'mine' | 'theirs' | 'note';
  readonly speaker: string;
  readonly ai: boolean;
  readonly lines: readonly { readonly spans: readonly Span[] }[];
  readonly sources: readonly { readonly position: number; readonly name: string; readonly url: string }[];
  readonly replies: readonly { readonly title: string; readonly value: string }[];
  readonly links: readonly { readonly title: string; readonly url: string }[];
  readonly fields: readonly Field[];
  /** What a form sends along with its fields. */
  readonly submit: Readonly<Record<string, unknown>>;
  readonly rating: boolean;
}

interface MessageEntity {
  readonly type?: string;
  readonly additionalType?: readonly string[];
  readonly citation?: readonly { position: number; appearance: { name: string; url?: string } }[];
}
interface CardInput {
  readonly type: string;
  readonly id?: string;
  readonly label?: string;
  readonly isRequired?: boolean;
  readonly choices?: readonly { title: string; value: string }[];
}

/** The list of entries. `streaming` holds the words of an answer that is still being written. */
export class View {
  readonly entries: Entry[] = [];
  streaming = '';
  readonly #known = new Set<string>();

  /** Takes one activity in; the same one again changes nothing. */
  add(activity: Activity): void {
    if (activity.type === 'typing') {
      if (activity.channelData?.streamType) this.streaming = activity.text ?? '';
      return;
    }
    if (activity.id === undefined || this.#known.has(activity.id)) return;
    this.#known.add(activity.id);
    const entry = entryOf(activity, activity.id);
    if (!entry) return;
    if (entry.side !== 'mine') this.streaming = '';
    this.entries.push(entry);
  }

  /** Quick replies and forms are good until something is said after them. */
  isLast(entry: Entry): boolean {
    return this.entries.at(-1) === entry;
  }
}

function entryOf(activity: Activity, id: string): Entry | undefined {
  const empty = { id, speaker: '', ai: false, lines: [], sources: [], replies: [], links: [], fields: [], submit: {}, rating: false };
  if (activity.type === 'event') {
    if (activity.name === 'rating.request') return { ...empty, side: 'note', rating: true };
    const refused = activity.name === 'rating.submit' && (activity.value as { declined?: unknown } | undefined)?.declined === true;
    return refused ? { ...empty, side: 'note', lines: linesOf('好的，这次不评价。') } : undefined;
  }
  if (activity.type !== 'message') return undefined;
  const entity = (activity.entities as readonly MessageEntity[] | undefined)?.find(({ type }) => type === 'https://schema.org/Message');
  const actions = activity.suggestedActions?.actions ?? [];
  return {
    ...empty,
    side: activity.from.role === 'bot' ? 'theirs' : 'mine',
    speaker: activity.channelData?.origin === 'human' ? (activity.from.name ?? '') : '',
    ai: entity?.additionalType?.includes('AIGeneratedContent') ?? false,
    lines: linesOf(activity.text ?? ''),
    sources: (entity?.citation ?? []).map(({ position, appearance }) => ({ position, name: appearance.name, url: appearance.url ?? '' })),
    // The page has a button of its own for a person.
    replies: actions
      .filter(({ type, channelData }) => type === 'imBack' && !channelData?.always)
      .map(({ title, value }) => ({ title, value: String(value) })),
    links: actions.filter(({ type }) => type === 'openUrl').map(({ title, value }) => ({ title, url: String(value) })),
    ...formOf(activity),
  };
}

/** Lines of **bold**, [links](…) and plain words. */
export function linesOf(markdown: string): { spans: Span[] }[] {
  return markdown.split('\n').map((line) => {
    const spans: Span[] = [];
    let at = 0;
    for (const match of line.matchAll(/\*\*([^*]+)\*\*|\[([^\]]+)\]\((https?:[^)\s]+)\)/g)) {
      if (match.index > at) spans.push({ text: line.slice(at, match.index), bold: false, url: '' });
      spans.push({ text: match[1] ?? match[2] ?? '', bold: match[1] !== undefined, url: match[3] ?? '' });
      at = match.index + match[0].length;
    }
    if (at < line.length) spans.push({ text: line.slice(at), bold: false, url: '' });
    return { spans };
  });
}

const kinds: Record<string, Field['kind']> = {
  'Input.Text': 'text',
  'Input.Number': 'number',
  'Input.Date': 'date',
  'Input.ChoiceSet': 'choice',
};
interface CardContent {
  readonly body?: readonly CardInput[];
  readonly actions?: readonly { readonly type: string; readonly data?: Record<string, unknown> }[];
}
function formOf(activity: Activity): Pick<Entry, 'fields' | 'submit'> {
  const card = activity.attachments?.find(({ contentType }) => contentType === 'application/vnd.microsoft.card.adaptive');
  const { body = [], actions = [] } = (card?.content ?? {}) as CardContent;
  const fields = body.flatMap(({ type, id, label, isRequired, choices = [] }): Field[] => {
    const kind = kinds[type];
    if (!kind || !id) return [];
    const [titles, values] = [choices.map(({ title }) => title), choices.map(({ value }) => value)];
    return [{ id, label: label ?? id, kind, required: isRequired ?? false, titles, values }];
  });
  return { fields, submit: actions.find(({ type }) => type === 'Action.Submit')?.data ?? {} };
}
