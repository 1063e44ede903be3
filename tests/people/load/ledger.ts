/** Who said what to whom in a load run, and the comparison with every log at its end: nothing lost, doubled, crossed or out of order. */
import type { Activity } from '../../../bot/activity.ts';

export interface Said {
  /** Unique in the run; stands in the text between 〔 and 〕. */
  readonly tag: string;
  readonly by: 'citizen' | 'agent';
  /** The same for everything one author says in one conversation, in this order. */
  readonly author: string;
  readonly conversationId: string;
  /** accepted: the server said so · refused: it said no · unknown: the line broke before the answer. */
  outcome: 'accepted' | 'refused' | 'unknown';
}

/** One conversation as its readers saw it: read again at the end by both sides, and live by the citizen. */
export interface Views {
  readonly citizen: readonly Activity[];
  readonly live: readonly Activity[];
  /** Undefined: staff may not read it, nobody asked for a person. */
  readonly desk: readonly Activity[] | undefined;
}

export class Ledger {
  readonly said: Said[] = [];
  readonly #counts = new Map<string, number>();

  /** Notes a message before it is sent; the text that carries its tag is returned. */
  begin(by: Said['by'], author: string, conversationId: string, words: string): { entry: Said; text: string } {
    const number = (this.#counts.get(author) ?? 0) + 1;
    this.#counts.set(author, number);
    const entry: Said = { tag: `${author}-${number}`, by, author: `${author} ${conversationId}`, conversationId, outcome: 'unknown' };
    this.said.push(entry);
    return { entry, text: `${words}〔${entry.tag}〕` };
  }
}

/** The tag of a message that a citizen or an agent wrote themselves; bot answers may quote one and don't count. */
export function tagOf(activity: Activity): string | undefined {
  const own = activity.from.role === 'user' || activity.channelData?.origin === 'human';
  return activity.type === 'message' && own ? /〔([^〕]+)〕/u.exec(activity.text ?? '')?.[1] : undefined;
}

/** Every breach of what was promised, in words; none for a good run. */
export function violations(said: readonly Said[], logs: ReadonlyMap<string, Views>): string[] {
  const found: string[] = [];
  const home = new Map(said.map((one) => [one.tag, one]));
  for (const [id, views] of logs) {
    for (const [name, activities] of Object.entries(views) as [string, readonly Activity[] | undefined][]) {
      if (activities === undefined) continue;
      const tags = activities.flatMap((activity) => tagOf(activity) ?? []);
      for (const tag of tags) if (home.get(tag)?.conversationId !== id) found.push(`crossed: ${tag} stands in ${id} (${name})`);
      found.push(...twice(tags).map((tag) => `doubled: ${tag} in ${id} (${name})`));
      found.push(...twice(activities.flatMap((one) => one.id ?? [])).map((one) => `doubled: activity ${one} (${name})`));
      found.push(...missing(said, id, name, tags), ...disordered(said, id, name, tags), ...foreign(activities, id, name));
    }
    if (!together(views.live, views.citizen)) found.push(`live: what ${id} heard live is not what its log says`);
    if (views.desk && !together(views.desk, views.citizen)) found.push(`desk: ${id} is not the same for staff and citizen`);
    if (views.citizen.filter((one) => one.name === 'rating.request').length > 1) found.push(`rating: ${id} was asked more than once`);
  }
  for (const one of said)
    if (!logs.has(one.conversationId)) found.push(`lost: nobody read ${one.conversationId}, where ${one.tag} was said`);
  return found;
}

function missing(said: readonly Said[], id: string, view: string, tags: readonly string[]): string[] {
  const there = new Set(tags);
  return said
    .filter((one) => one.conversationId === id)
    .flatMap((one) => {
      if (one.outcome === 'accepted' && !there.has(one.tag)) return [`lost: ${one.tag} in ${id} (${view})`];
      return one.outcome === 'refused' && there.has(one.tag) ? [`refused, and said all the same: ${one.tag} in ${id} (${view})`] : [];
    });
}

function disordered(said: readonly Said[], id: string, view: string, tags: readonly string[]): string[] {
  const place = new Map(tags.map((tag, index) => [tag, index]));
  const last = new Map<string, number>();
  return said
    .filter((one) => one.conversationId === id)
    .flatMap((one) => {
      const at = place.get(one.tag);
      if (at === undefined) return [];
      const before = last.get(one.author) ?? -1;
      last.set(one.author, at);
      return at < before ? [`out of order: ${one.tag} in ${id} (${view})`] : [];
    });
}

/** Words of an agent who did not have the conversation at that moment. */
function foreign(activities: readonly Activity[], id: string, view: string): string[] {
  let holder: string | undefined;
  return activities.flatMap((one) => {
    if (one.name === 'handoff.status') {
      const { state, agent } = one.value as { state: string; agent?: string };
      holder = state === 'accepted' ? agent : undefined;
      return [];
    }
    if (one.type !== 'message' || one.channelData?.origin !== 'human' || one.from.name === holder) return [];
    return [`crossed: ${one.from.name} spoke in ${id}, which ${holder ?? 'nobody'} had (${view})`];
  });
}

/** Two readings of one growing log: the shorter is how the longer begins. */
function together(one: readonly Activity[], other: readonly Activity[]): boolean {
  const [a, b] = [one, other].map((all) => all.flatMap(({ type, id }) => (type === 'conversationUpdate' ? [] : (id ?? []))));
  return (a ?? []).every((id, index) => b?.[index] === undefined || b[index] === id);
}

function twice(values: readonly string[]): string[] {
  return [...new Set(values.filter((value, index) => values.indexOf(value) !== index))];
}
