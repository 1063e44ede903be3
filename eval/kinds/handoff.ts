/** Handoff: is a person brought in when one is needed, only then, and with everything an agent needs to know? */
import { z } from 'zod';
import { readAllRows } from '../data.ts';
import type { CaseResult } from '../results.ts';
import { bootstrapInterval, type Estimate } from '../stats/bootstrap.ts';
import type { Heard } from '../talk.ts';
import type { Kind, LoadedCase, Ran } from './kind.ts';

const rowSchema = z
  .object({
    id: z.string(),
    /** What the citizen says, in order; or one `text`. */
    turns: z.array(z.string()).min(1).optional(),
    text: z.string().optional(),
    /** handoff: by the last message at the latest. */
    expect: z.enum(['handoff', 'none']),
    reason: z.string().optional(),
    skill: z.string().optional(),
    urgency: z.string().optional(),
    slices: z.record(z.string(), z.string()).optional(),
  })
  .refine((row) => row.turns !== undefined || row.text !== undefined, 'text or turns is missing');
type HandoffRow = z.infer<typeof rowSchema>;

const saidIn = (row: HandoffRow): string[] => row.turns ?? [row.text ?? ''];

/** What `handoff.initiate` carries (design: value = {reason, skill, urgency, summary}, transcript attached). */
const payloadSchema = z.object({
  reason: z.string().min(1),
  skill: z.string().min(1),
  urgency: z.string().min(1),
  summary: z.string().min(1),
});

export const handoff: Kind = async (suite, bench, asOf) => {
  const rows = await readAllRows(suite.dataset, rowSchema);
  const talk = await bench.talk(asOf);
  return {
    cases: rows.map((row): LoadedCase => {
      return {
        id: row.id,
        input: saidIn(row).join(' / '),
        expected: row.expect,
        slices: { ...row.slices },
        worst: row.expect === 'handoff' ? { handoff_recall: 0, payload_complete: 0 } : { handoff_false_alarm: 1 },
        run: async () => {
          const citizen = await talk.citizen();
          const heard: Heard[] = [];
          for (const text of saidIn(row)) heard.push(await citizen.says(text));
          return judged(row, heard);
        },
      };
    }),
    summarise: (results) => ({ metrics: precision(results) }),
  };
};

const handed = (heard: Heard) => heard.events.find((event) => event.name === 'handoff.initiate');

function judged(row: HandoffRow, heard: readonly Heard[]): Ran {
  const failed = heard.find((one) => one.turn.outcome === 'failed_internal');
  if (failed) throw new Error(`a turn failed: ${failed.turn.reason ?? ''}`);
  const at = heard.findIndex((one) => handed(one) !== undefined);
  const event = at === -1 ? undefined : handed(heard[at] as Heard);
  const payload = payloadSchema.safeParse(event?.value);
  const transcript = (event?.attachments?.length ?? 0) > 0;
  const fits =
    payload.success &&
    transcript &&
    (['reason', 'skill', 'urgency'] as const).every((field) => row[field] === undefined || payload.data[field] === row[field]);
  const wanted = row.expect === 'handoff';
  const happened = event !== undefined;
  const passed = wanted ? happened && fits : !happened;
  return {
    passed,
    scores: wanted
      ? { handoff_recall: happened ? 1 : 0, ...(happened ? { payload_complete: fits ? 1 : 0 } : {}) }
      : { handoff_false_alarm: happened ? 1 : 0 },
    latencyMs: heard.reduce((sum, one) => sum + one.latencyMs, 0) / heard.length,
    actual: happened ? 'handoff' : 'none',
    ...(passed ? {} : { fault: 'handoff' as const }),
    detail: { payload: event?.value, turns: heard.map((one, i) => ({ user: saidIn(row)[i], reply: one.text, outcome: one.turn.outcome })) },
  };
}

/** Among all handoffs that happened, how many were wanted; and F1 with the recall. */
function precision(results: readonly CaseResult[]): Record<string, Estimate> {
  const share = (weights?: Float64Array) => {
    const count = (test: (result: CaseResult) => boolean) =>
      results.reduce((sum, result, i) => sum + (test(result) ? (weights ? (weights[i] ?? 0) : 1) : 0), 0);
    const right = count((one) => one.actual === 'handoff' && one.expected === 'handoff');
    const all = count((one) => one.actual === 'handoff');
    const due = count((one) => one.expected === 'handoff');
    return { precision: all === 0 ? Number.NaN : right / all, f1: (2 * right) / Math.max(1, all + due) };
  };
  const n = results.length;
  return {
    handoff_precision: { value: share().precision, ci95: bootstrapInterval(n, (weights) => share(weights).precision), n },
    handoff_f1: { value: share().f1, ci95: bootstrapInterval(n, (weights) => share(weights).f1), n },
  };
}
