/** Questions nobody could answer, masked and put together by their words: what the knowledge base lacks. */
import { mask } from '../safety/mask.ts';
import type { Db } from '../store/database.ts';
import { likeness } from '../work-orders/duplicates.ts';
import type { ConversationFacts } from './facts.ts';

export interface Gap {
  /** The question most like all others of the group, identifiers masked. */
  readonly question: string;
  readonly count: number;
  /** How many of its conversations were rated 1 or 2. */
  readonly badRatings: number;
  /** Other wordings, masked. */
  readonly wordings: readonly string[];
  readonly conversations: readonly string[];
}

interface Asked {
  readonly text: string;
  readonly conversationId: string;
  readonly score: number | null;
}

const mostQuestions = 5000;
const mostGaps = 50;
const mostWordings = 8;
/** Two wordings of one question share about this much; fitted by eye on the sample pack's wordings. */
const sameQuestion = 0.4;
const bad = 2;

/** Unanswered questions, and answered ones of conversations that were rated badly; the largest groups first, bad ratings counting double. */
export async function findGaps(db: Db, facts: readonly ConversationFacts[]): Promise<Gap[]> {
  const wanted = facts.flatMap((one) =>
    one.turns
      .filter(
        (turn) =>
          ['unanswerable_not_found', 'unanswerable_not_understood'].includes(turn.outcome) ||
          (one.score !== null && one.score <= bad && turn.outcome === 'answered'),
      )
      .map((turn) => ({ inboxId: turn.inboxId, conversationId: one.id, score: one.score })),
  );
  const texts = await textsOf(
    db,
    wanted.slice(-mostQuestions).map((one) => one.inboxId),
  );
  const asked = wanted.flatMap(({ inboxId, conversationId, score }): Asked[] => {
    const text = texts.get(inboxId);
    return text === undefined ? [] : [{ text, conversationId, score }];
  });
  return grouped(asked)
    .map(gapOf)
    .toSorted((a, b) => b.count + b.badRatings - (a.count + a.badRatings) || a.question.localeCompare(b.question))
    .slice(0, mostGaps);
}

/** What the citizens wrote, masked, by the inbox row it came in with. */
export async function textsOf(db: Db, inboxIds: readonly number[]): Promise<Map<number, string>> {
  const texts = new Map<number, string>();
  for (let start = 0; start < inboxIds.length; start += 500) {
    const rows = await db
      .selectFrom('inbox')
      .innerJoin('activities', (join) =>
        join.onRef('activities.conversation_id', '=', 'inbox.conversation_id').onRef('activities.seq', '=', 'inbox.seq'),
      )
      .select(['inbox.id', 'activities.body_json'])
      .where('inbox.id', 'in', inboxIds.slice(start, start + 500))
      .execute();
    for (const row of rows) {
      const { text } = JSON.parse(row.body_json) as { text?: string };
      if (text?.trim()) texts.set(Number(row.id), mask(text.trim()).text);
    }
  }
  return texts;
}

/** Without what the masks left and the words every question has. */
const bare = (text: string): string => text.replace(/⟨[^⟩]*⟩|我的?|电话|能不能|可不可以|可以|能|吗|呢|吧/gu, '');

/** Each question joins the first group it resembles: enough for a list that a person reads. */
export function grouped<T extends Pick<Asked, 'text'>>(asked: readonly T[]): T[][] {
  const groups: T[][] = [];
  for (const one of asked) {
    const group = groups.find(
      ([first]) => first !== undefined && (first.text === one.text || likeness(bare(first.text), bare(one.text)) >= sameQuestion),
    );
    if (group) group.push(one);
    else groups.push([one]);
  }
  return groups;
}

function gapOf(group: readonly Asked[]): Gap {
  const wordings = [...new Set(group.map((one) => one.text))];
  const sample = wordings.slice(0, 40);
  const central = sample.toSorted((a, b) => closeness(b, sample) - closeness(a, sample))[0] ?? '';
  return {
    question: central,
    count: group.length,
    badRatings: new Set(group.filter((one) => one.score !== null && one.score <= bad).map((one) => one.conversationId)).size,
    wordings: wordings.filter((text) => text !== central).slice(0, mostWordings),
    conversations: [...new Set(group.map((one) => one.conversationId))],
  };
}

const closeness = (text: string, others: readonly string[]): number => others.reduce((sum, other) => sum + likeness(text, other), 0);
