/** Conversations: a citizen talks to a whole house; every step's expectations are checked against log, turn and state. */
import { z } from 'zod';
import type { Flow } from '../../bot/flows/schema.ts';
import { DataError, readRows } from '../data.ts';
import type { CaseResult } from '../results.ts';
import { estimate } from '../stats/bootstrap.ts';
import type { Heard, Talk } from '../talk.ts';
import { commandText, commandTypes } from './commands.ts';
import { check, expectSchema, type Finding } from './expect.ts';
import { observableSteps, seenSteps, stepWords } from './flow-steps.ts';
import type { Kind, LoadedCase, Ran, Summary } from './kind.ts';

const stepSchema = z.strictObject({ user: z.string().min(1), expect: expectSchema.default({}) });
const conversationSchema = z
  .strictObject({
    id: z.string().optional(),
    name: z.string().optional(),
    channel: z.string().optional(),
    locale: z.string().optional(),
    slices: z.record(z.string(), z.string()).optional(),
    /** The goal must be reached in so many turns. */
    max_turns: z.int().min(1).optional(),
    steps: z.array(stepSchema).min(1),
  })
  .refine((one) => one.id !== undefined || one.name !== undefined, 'a conversation needs a name');
type Conversation = z.infer<typeof conversationSchema>;

const nameOf = (one: Conversation): string => one.id ?? one.name ?? '';

export const conversation: Kind = async (suite, bench, asOf) => {
  const rows = (await Promise.all(suite.dataset.map((file) => readRows(file, conversationSchema)))).flat();
  const twice = rows.find((row, i) => rows.findIndex((other) => nameOf(other) === nameOf(row)) !== i);
  if (twice) throw new DataError(`${suite.file}: two conversations are called ${nameOf(twice)}`);
  const talk = await bench.talk(asOf);
  return {
    cases: rows.map((row): LoadedCase => {
      return {
        id: nameOf(row),
        input: row.name ?? row.steps.map((step) => step.user).join(' / '),
        expected: row.steps.map((step) => ({ user: step.user, expect: Object.keys(step.expect) })),
        slices: { ...(row.channel ? { channel: row.channel } : {}), ...row.slices },
        worst: { pass_rate: 0, step_pass_rate: 0 },
        run: () => held(row, talk),
      };
    }),
    summarise: (results) => coverageOf(results, talk.flows),
  };
};

/** Channels that show text only. */
const plainChannels: ReadonlySet<string> = new Set(['sms', 'wechaty']);

interface Told {
  readonly user: string;
  readonly reply: string;
  readonly outcome: string;
  readonly commands: readonly string[];
  readonly cites: readonly string[];
  readonly ms: number;
  readonly missed: readonly Finding[];
}

async function held(row: Conversation, talk: Talk): Promise<Ran> {
  const channel = plainChannels.has(row.channel ?? '') ? 'plain' : 'full';
  const citizen = await talk.citizen({ channel, ...(row.locale ? { locale: row.locale } : {}) });
  const told: Told[] = [];
  const covered = new Set<string>();
  let completedAt: number | undefined;
  let before: Heard['state'] | undefined;
  for (const [i, step] of row.steps.entries()) {
    const heard = await citizen.says(step.user);
    if (heard.turn.outcome === 'failed_internal') throw new Error(`turn ${i + 1} failed: ${heard.turn.reason ?? ''}`);
    for (const id of seenSteps(talk.flows, heard, before)) covered.add(id);
    before = heard.state;
    if (heard.turn.outcome === 'flow_completed') completedAt ??= i + 1;
    told.push({
      user: step.user,
      reply: heard.text,
      outcome: heard.turn.outcome,
      commands: (heard.turn.commands as Record<string, unknown>[]).map(commandText),
      cites: heard.turn.citations,
      ms: Math.round(heard.latencyMs * 10) / 10,
      missed: check(step.expect, heard, step.user).filter((finding) => !finding.ok),
    });
  }
  const late = row.max_turns !== undefined && (completedAt ?? Number.POSITIVE_INFINITY) > row.max_turns;
  const good = told.filter((one) => one.missed.length === 0).length;
  const passed = good === told.length && !late;
  return {
    passed,
    scores: {
      pass_rate: passed ? 1 : 0,
      step_pass_rate: good / told.length,
      ...(completedAt === undefined ? {} : { turns_to_completion: completedAt }),
    },
    latencyMs: told.reduce((sum, one) => sum + one.ms, 0) / told.length,
    actual: told.map((one) => one.outcome),
    ...(passed ? {} : { fault: 'flow' as const }),
    detail: {
      turns: told,
      covered: [...covered],
      ...(late ? { late: `completed in turn ${completedAt ?? '–'}, at most ${row.max_turns}` } : {}),
    },
  };
}

/** Share of what the pack's flows can do that the suite has walked through, and of the commands there are; and what it never got to. */
function coverageOf(results: readonly CaseResult[], flows: readonly Flow[]): Summary {
  const seen = new Set(results.flatMap((result) => (result.detail?.covered ?? []) as string[]));
  const steps = observableSteps(flows);
  const turns = results.flatMap((result) => (result.detail?.turns ?? []) as Told[]);
  const used = new Set(turns.flatMap((turn) => turn.commands.map((one) => one.split('(')[0] ?? '')));
  const share = (all: readonly string[], there: ReadonlySet<string>) => estimate(all.map((id) => (there.has(id) ? 1 : 0)));
  return {
    metrics: {
      ...(steps.length === 0 ? {} : { flow_step_coverage: share(steps, seen) }),
      command_coverage: share(commandTypes, used),
    },
    coverage: [
      { of: 'flow_step', total: steps.length, missed: steps.filter((id) => !seen.has(id)).map((id) => stepWords(flows, id)) },
      { of: 'command', total: commandTypes.length, missed: commandTypes.filter((type) => !used.has(type)) },
    ],
  };
}
