/** The figures of a period, each with the formula it was counted by and the conversations behind it. */

import type { ConversationFacts } from './facts.ts';
import { percentile } from './percentile.ts';

export interface Figure {
  readonly id: string;
  readonly name: string;
  /** How it is counted, for the reader. */
  readonly formula: string;
  readonly unit: 'share' | 'count' | 'seconds' | 'score';
  /** null where nothing could be counted. */
  readonly value: number | null;
  /** What it was counted over. */
  readonly n: number;
  /** Conversations to look at: those that pull the figure down, newest first. */
  readonly conversations: readonly string[];
}

/** So many conversations a figure leads to. */
export const mostLinks = 50;
/** 基本满意 and better count as satisfied, as 好差评 counts. */
const satisfied = 3;
const succeeded = new Set(['answered', 'flow_completed', 'emergency_routed']);
const unanswered = new Set(['unanswerable_not_found', 'unanswerable_not_understood', 'unanswerable_attachment', 'failed_internal']);

const handedOver = (one: ConversationFacts): boolean => one.handoffs.length > 0;
export const gotSomething = (one: ConversationFacts): boolean => one.turns.some((turn) => succeeded.has(turn.outcome));
export const endsUnanswered = (one: ConversationFacts): boolean => unanswered.has(one.turns.at(-1)?.outcome ?? '');
const isSelfService = (one: ConversationFacts): boolean => !handedOver(one) && gotSomething(one);
const isContained = (one: ConversationFacts): boolean => !handedOver(one) && !endsUnanswered(one);
const isResolved = (one: ConversationFacts): boolean =>
  one.score === null
    ? (isSelfService(one) && !endsUnanswered(one)) || one.handoffs.some((handoff) => handoff.status === 'closed')
    : one.score >= satisfied;

/** Counts every figure; pure, so that the same facts always give the same figures. */
export function figuresOf(facts: readonly ConversationFacts[]): Figure[] {
  const rated = facts.filter((one) => one.score !== null);
  const claimed = facts.flatMap((one) =>
    one.handoffs.flatMap((handoff) => (handoff.claimedAt === null ? [] : [handoff.claimedAt - handoff.waitingSince])),
  );
  const waits = claimed.map((ms) => ms / 1000);
  const asked = facts.filter(handedOver);
  // Who still waits has not been let down yet.
  const settled = asked.filter((one) => one.handoffs.every((handoff) => handoff.status !== 'waiting'));
  const turns = facts.flatMap((one) => one.turns);
  const lost = facts.filter((one) => one.turns.some((turn) => unanswered.has(turn.outcome)));
  return [
    {
      id: 'conversations',
      name: '对话数',
      formula: '期间内市民至少说过一句话的对话',
      unit: 'count',
      value: facts.length,
      n: facts.length,
      conversations: [],
    },
    share('self_service', '自助办结率', '没有转人工、且至少答上一问或走完一个导办流程的对话 ÷ 对话数', facts, isSelfService),
    share('containment', '机器人独立接待率', '没有转人工、且最后一句没有落空的对话 ÷ 对话数', facts, isContained),
    share('resolution', '解决率', '评价 3 分（基本满意）以上；没评价的：自助办结且没有落空，或人工服务已办结 ÷ 对话数', facts, isResolved),
    share('satisfaction', '满意率', '评价 3 分（基本满意）以上的对话 ÷ 有评价的对话', rated, (one) => (one.score ?? 0) >= satisfied),
    {
      id: 'mean_score',
      name: '平均分',
      formula: '评价分数之和 ÷ 有评价的对话（满分 5）',
      unit: 'score',
      value: rated.length === 0 ? null : rated.reduce((sum, one) => sum + (one.score ?? 0), 0) / rated.length,
      n: rated.length,
      conversations: links(rated.filter((one) => (one.score ?? 0) <= 2)),
    },
    share('handoff', '转人工率', '转过人工的对话 ÷ 对话数', facts, handedOver, true),
    {
      id: 'handoff_wait_median',
      name: '人工等待（中位数）',
      formula: '从进入队列到有人接入的时间，取中位数；没等到的不算',
      unit: 'seconds',
      value: waits.length === 0 ? null : percentile(waits, 0.5),
      n: waits.length,
      conversations: [],
    },
    {
      id: 'handoff_wait_p90',
      name: '人工等待（九成以内）',
      formula: '九成的人等待不超过这个时间',
      unit: 'seconds',
      value: waits.length === 0 ? null : percentile(waits, 0.9),
      n: waits.length,
      conversations: links(
        asked.filter((one) => one.handoffs.some((handoff) => (handoff.claimedAt ?? handoff.waitingSince) - handoff.waitingSince > 120_000)),
      ),
    },
    share(
      'abandoned',
      '没等到人工',
      '没有人接入、排队就结束了的对话 ÷ 转过人工的对话（还在排队的不算）',
      settled,
      (one) => one.handoffs.every((handoff) => handoff.claimedAt === null),
      true,
    ),
    {
      id: 'answered_turns',
      name: '应答率',
      formula: '没有落空的应答 ÷ 全部应答（落空：没找到、没听懂、只有附件、内部出错）',
      unit: 'share',
      value: turns.length === 0 ? null : turns.filter((turn) => !unanswered.has(turn.outcome)).length / turns.length,
      n: turns.length,
      conversations: links(lost),
    },
  ];
}

/** A share of conversations; the links lead to those that are against it (or, for a bad sign, to those that show it). */
function share(
  id: string,
  name: string,
  formula: string,
  all: readonly ConversationFacts[],
  holds: (one: ConversationFacts) => boolean,
  badSign = false,
): Figure {
  const those = all.filter(holds);
  return {
    id,
    name,
    formula,
    unit: 'share',
    value: all.length === 0 ? null : those.length / all.length,
    n: all.length,
    conversations: links(all.filter((one) => holds(one) === badSign)),
  };
}

const links = (some: readonly ConversationFacts[]): string[] =>
  some
    .toSorted((a, b) => b.startedAt - a.startedAt)
    .slice(0, mostLinks)
    .map((one) => one.id);
