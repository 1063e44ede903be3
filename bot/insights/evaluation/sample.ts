/** A sample of conversations without anybody who could be recognised: no words, no ids, no days, and no rare mix of features. */
import { createHash } from 'node:crypto';
import { groupBy } from '../../../knowledge/check/matters.ts';
import type { ConversationFacts } from '../facts.ts';
import { LEAST_SHOWN, timeOf } from '../topics.ts';

export interface SampledRow {
  /** 2026-11, or the merged name. */
  readonly month: string;
  readonly channel: string;
  readonly department: string;
  readonly turns: number;
  /** How the last message ended. */
  readonly outcome: string;
  readonly handedOver: boolean;
  /** Whole minutes until a person came; null where nobody was asked for or nobody came. */
  readonly waitedMinutes: number | null;
  readonly score: number | null;
}

export const MERGED = '（合并）';
const noDepartment = '（没有引用）';
type Features = Pick<SampledRow, 'month' | 'channel' | 'department'>;

/**
 * Draws `size` conversations (all, if there are fewer): the same seed draws the same ones from the same logs. What an outsider might know of
 * somebody (month, channel, department) is merged, department first, until at least five conversations of the whole period share it; what stays
 * rarer than that is left out and counted. Rows are in an order that tells nothing of time.
 */
export function drawSample(
  facts: readonly ConversationFacts[],
  { seed, size, departmentOf }: { seed: string; size: number; departmentOf: (itemId: string) => string | undefined },
): { rows: SampledRow[]; leftOut: number } {
  const merged = generalised(facts.map((one) => ({ id: one.id, features: featuresOf(one, departmentOf) })));
  const drawn = facts
    .map((one) => ({ one, rank: createHash('sha256').update(`${seed}\u0000${one.id}`).digest('hex') }))
    .toSorted((a, b) => (a.rank < b.rank ? -1 : 1))
    .slice(0, size);
  const rows = drawn.flatMap(({ one }): SampledRow[] => {
    const features = merged.get(one.id);
    return features ? [{ ...features, ...courseOf(one) }] : [];
  });
  return { rows, leftOut: drawn.length - rows.length };
}

function featuresOf(one: ConversationFacts, departmentOf: (itemId: string) => string | undefined): Features {
  const item = one.turns.find((turn) => turn.itemIds.length > 0)?.itemIds[0];
  return { month: timeOf(one.startedAt, 'month'), channel: one.channel, department: (item && departmentOf(item)) ?? noDepartment };
}

function courseOf(one: ConversationFacts): Omit<SampledRow, keyof Features> {
  const claimed = one.handoffs.find(({ claimedAt }) => claimedAt !== null);
  return {
    turns: one.turns.length,
    outcome: one.turns.at(-1)?.outcome ?? '',
    handedOver: one.handoffs.length > 0,
    waitedMinutes: claimed?.claimedAt ? Math.floor((claimed.claimedAt - claimed.waitingSince) / 60_000) : null,
    score: one.score,
  };
}

/** Steps from fine to coarse; each merges one more feature of what is still rare. */
const coarser: readonly ((features: Features) => Features)[] = [
  (features) => features,
  (features) => ({ ...features, department: MERGED }),
  (features) => ({ ...features, department: MERGED, channel: MERGED }),
  () => ({ month: MERGED, department: MERGED, channel: MERGED }),
];

function generalised(all: readonly { readonly id: string; readonly features: Features }[]): Map<string, Features> {
  const done = new Map<string, Features>();
  let rare = all;
  for (const step of coarser) {
    const groups = groupBy(rare, ({ features }) => JSON.stringify(step(features)));
    rare = [];
    for (const group of groups.values()) {
      if (group.length < LEAST_SHOWN) rare = [...rare, ...group];
      else for (const { id, features } of group) done.set(id, step(features));
    }
  }
  return done;
}
