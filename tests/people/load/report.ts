/** The figures of a load run as tables of text. */
import { percentile } from '../../../bot/insights/percentile.ts';
import type { AgentFigures, LoadResult } from './run.ts';

/** 0: everybody the same, towards 1: one has everything. NaN without values. */
export function gini(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const sum = sorted.reduce((total, value) => total + value, 0);
  const weighted = sorted.reduce((total, value, index) => total + (2 * (index + 1) - sorted.length - 1) * value, 0);
  return weighted / (sorted.length * sum);
}

/** Told and real waits of those whom a person joined, minutes of people's time. */
export function waitFigures({ waits, speed }: Pick<LoadResult, 'waits' | 'speed'>) {
  const joined = waits.flatMap(({ askedAt, joinedAt, toldMinutes }) =>
    joinedAt === undefined ? [] : [{ real: ((joinedAt - askedAt) / 60_000) * speed, told: toldMinutes }],
  );
  const told = joined.flatMap(({ real, told }) => (told === undefined ? [] : [{ real, told }]));
  const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;
  return {
    waits: waits.length,
    joined: joined.length,
    left: waits.filter((wait) => wait.left).length,
    real: joined.map(({ real }) => real),
    told: told.length,
    toldByReal: mean(told.map((one) => one.told)) / mean(told.map((one) => one.real)),
    within: told.filter((one) => one.real <= one.told).length / told.length,
  };
}

/** Everything worth reading, as lines. */
export function reportLines(result: LoadResult): string[] {
  const { said, timings, agents } = result;
  const count = (by: 'citizen' | 'agent') => said.filter((one) => one.by === by && one.outcome === 'accepted').length;
  const open = (outcome: 'refused' | 'unknown') => said.filter((one) => one.outcome === outcome).length;
  const waits = waitFigures(result);
  const of = (values: readonly number[]) => [0.5, 0.95, 0.99, 1].map((share) => percentile(values, share).toFixed(1).padStart(9)).join('');
  const ms = [...timings.all].sort(([a], [b]) => (a < b ? -1 : 1));
  return [
    `conversations ${result.conversations} · said by citizens ${count('citizen')}, by agents ${count('agent')} · refused ${open('refused')} · line broke ${open('unknown')} · requeued after a dead machine ${result.requeued}`,
    '',
    `${'milliseconds'.padEnd(28)}${'n'.padStart(8)}${['p50', 'p95', 'p99', 'max'].map((head) => head.padStart(9)).join('')}`,
    ...ms.map(([name, values]) => `${name.padEnd(28)}${String(values.length).padStart(8)}${of(values)}`),
    '',
    `${'minutes waited'.padEnd(28)}${String(waits.joined).padStart(8)}${of(waits.real)}`,
    `told ÷ real ${waits.toldByReal.toFixed(2)} (${waits.told} waits with an estimate), ${(100 * waits.within).toFixed(0)} % ended within what was told; ${waits.left} left or were still waiting`,
    '',
    ...(['auto', 'manual'] as const).map((presence) => fairness(presence, agents)),
    '',
    ...result.faults.slice(0, 20).map((fault) => `FAULT ${fault}`),
    ...result.violations.slice(0, 50).map((one) => `VIOLATION ${one}`),
    `${result.violations.length} violations, ${result.faults.length} faults`,
  ];
}

function fairness(presence: AgentFigures['presence'], agents: readonly AgentFigures[]): string {
  const some = agents.filter((agent) => agent.presence === presence);
  const steady = some.filter((agent) => !agent.died).map((agent) => agent.taken);
  const perHour = some.map((agent) => (agent.taken / agent.aliveSeconds) * 3600);
  const all = some.map((agent) => `${agent.taken}${agent.died ? '†' : ''}`).join(' ');
  const overtaken = presence === 'manual' ? ` · overtaken ${some.reduce((sum, agent) => sum + agent.overtaken, 0)} times` : '';
  return `${presence === 'auto' ? 'given' : 'took'} ${all} († died and came back) · max ÷ min of the others ${(Math.max(...steady) / Math.min(...steady)).toFixed(2)} · Gini per hour at the desk ${gini(perHour).toFixed(3)}${overtaken}`;
}
