/** The same conversations by day, channel, hour, department, outcome and knowledge item. */
import { dayInChina } from '../../knowledge/life/rules.ts';
import type { ConversationFacts } from './facts.ts';

export interface Row {
  readonly key: string;
  readonly conversations: number;
  readonly handedOver: number;
  readonly answeredTurns: number;
  readonly turns: number;
  /** Mean score 1–5; null without ratings. */
  readonly score: number | null;
}

export interface Breakdown {
  readonly days: readonly Row[];
  readonly channels: readonly Row[];
  /** 0–23, China time. */
  readonly hours: readonly Row[];
  readonly departments: readonly Row[];
  readonly outcomes: readonly { readonly outcome: string; readonly turns: number }[];
  /** Items cited most, with what citizens thought of those conversations. */
  readonly items: readonly (Row & { readonly itemId: string })[];
}

const mostItems = 30;

/** `departmentOf` names the department of a knowledge item; items it does not know are left out of that table. */
export function breakdownOf(facts: readonly ConversationFacts[], departmentOf: (itemId: string) => string | undefined): Breakdown {
  const itemsOf = (one: ConversationFacts) => new Set(one.turns.flatMap((turn) => turn.itemIds));
  const departmentsOf = (one: ConversationFacts) => new Set([...itemsOf(one)].flatMap((id) => departmentOf(id) ?? []));
  const outcomes = new Map<string, number>();
  for (const one of facts) for (const { outcome } of one.turns) outcomes.set(outcome, (outcomes.get(outcome) ?? 0) + 1);
  return {
    days: rows(facts, (one) => [dayInChina(one.startedAt)]).toSorted((a, b) => a.key.localeCompare(b.key)),
    channels: rows(facts, (one) => [one.channel]),
    hours: rows(facts, (one) => [hourInChina(one.startedAt)]).toSorted((a, b) => Number(a.key) - Number(b.key)),
    departments: rows(facts, departmentsOf),
    outcomes: [...outcomes].map(([outcome, turns]) => ({ outcome, turns })).toSorted((a, b) => b.turns - a.turns),
    items: rows(facts, itemsOf)
      .slice(0, mostItems)
      .map((row) => ({ ...row, itemId: row.key })),
  };
}

/** One row a key, the most conversations first; a conversation counts in every row it has a key of. */
function rows(facts: readonly ConversationFacts[], keysOf: (one: ConversationFacts) => Iterable<string>): Row[] {
  const groups = new Map<string, ConversationFacts[]>();
  for (const one of facts) {
    for (const key of keysOf(one)) {
      const group = groups.get(key);
      if (group) group.push(one);
      else groups.set(key, [one]);
    }
  }
  return [...groups]
    .map(([key, group]) => rowOf(key, group))
    .toSorted((a, b) => b.conversations - a.conversations || a.key.localeCompare(b.key));
}

function rowOf(key: string, group: readonly ConversationFacts[]): Row {
  const turns = group.flatMap((one) => one.turns);
  const scores = group.flatMap((one) => one.score ?? []);
  return {
    key,
    conversations: group.length,
    handedOver: group.filter((one) => one.handoffs.length > 0).length,
    turns: turns.length,
    answeredTurns: turns.filter((turn) => !turn.outcome.startsWith('unanswerable') && turn.outcome !== 'failed_internal').length,
    score: scores.length === 0 ? null : scores.reduce((sum, score) => sum + score, 0) / scores.length,
  };
}

const hourInChina = (at: number): string => String((new Date(at).getUTCHours() + 8) % 24);
