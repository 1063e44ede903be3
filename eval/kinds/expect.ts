/** What a step of a conversation may expect, and whether a reply meets it: assertions about the event log first, words second. */
import { z } from 'zod';
import { outcomes } from '../../bot/outcome.ts';
import { mask } from '../../bot/safety/mask.ts';
import type { Heard } from '../talk.ts';
import { commandText, matchCommands, wantedCommand } from './commands.ts';

const pattern = z.string().refine((source) => {
  try {
    new RegExp(source, 'u');
    return true;
  } catch {
    return false;
  }
}, 'a regular expression');
const oneOrMore = <T extends z.ZodType>(schema: T) =>
  z.union([schema, z.array(schema).min(1)]).transform((value) => [value].flat() as z.output<T>[]);
const scalar = z.union([z.string(), z.number(), z.boolean()]);

export const expectSchema = z.strictObject({
  /** The flow the conversation is in, or that this turn completed; null: in none. */
  flow: z.string().nullable().optional(),
  active_flow: z.string().nullable().optional(),
  /** Values of slots of the active flow. */
  slots: z.record(z.string(), scalar).optional(),
  slot: z.record(z.string(), scalar).optional(),
  slot_unset: oneOrMore(z.string()).optional(),
  /** The slot that is asked for now; null: none. */
  asks: z.string().nullable().optional(),
  /** Each must match the reply. */
  says: oneOrMore(pattern).optional(),
  said: oneOrMore(pattern).optional(),
  /** None may match the reply. */
  not: oneOrMore(pattern).optional(),
  not_said: oneOrMore(pattern).optional(),
  /** Ids of items or passages (or parts of source names), one of which must be cited. */
  cites: oneOrMore(z.string()).optional(),
  uncited: z.boolean().optional(),
  handoff: z.boolean().optional(),
  commands: z.array(wantedCommand).optional(),
  outcome: oneOrMore(z.enum(outcomes)).optional(),
  clarifies: z.boolean().optional(),
  refused: z.boolean().optional(),
  /** A question was answered and this flow's open question is asked again. */
  resumes: z.string().optional(),
  flow_started: z.string().optional(),
  flow_completed: z.boolean().optional(),
  flow_cancelled: z.boolean().optional(),
  /** Buttons that are offered. */
  buttons: oneOrMore(z.string()).optional(),
  event: oneOrMore(z.string()).optional(),
  /** Nothing of the citizen's own identifiers comes back. */
  no_pii: z.boolean().optional(),
});
export type Expect = z.infer<typeof expectSchema>;

const refusals = new Set(['declined_out_of_scope', 'declined_not_accepted', 'declined_prohibited', 'unanswerable_not_found']);

export interface Finding {
  readonly assertion: string;
  readonly ok: boolean;
  readonly saw: string;
}

/** Checks every assertion of a step against what was heard. */
export function check(expect: Expect, heard: Heard, said: string): Finding[] {
  const { state, turn, text } = heard;
  const active = state.flow?.flow ?? null;
  const findings: Finding[] = [];
  const add = (assertion: string, ok: boolean, saw: unknown) => findings.push({ assertion, ok, saw: String(saw) });
  const matches = (source: string) => new RegExp(source, 'u').test(text);
  if (expect.flow !== undefined)
    add(`flow ${expect.flow}`, active === expect.flow || (expect.flow !== null && turn.reason === expect.flow), active);
  if (expect.active_flow !== undefined) add(`active_flow ${expect.active_flow}`, active === expect.active_flow, active);
  for (const [slot, value] of Object.entries({ ...expect.slots, ...expect.slot }))
    add(`slot ${slot} = ${value}`, String(state.flow?.slots[slot]) === String(value), state.flow?.slots[slot]);
  for (const slot of expect.slot_unset ?? []) add(`slot_unset ${slot}`, state.flow?.slots[slot] === undefined, state.flow?.slots[slot]);
  if (expect.asks !== undefined) add(`asks ${expect.asks}`, (state.flow?.asking ?? null) === expect.asks, state.flow?.asking ?? null);
  for (const source of [...(expect.says ?? []), ...(expect.said ?? [])]) add(`says ${source}`, matches(source), text);
  for (const source of [...(expect.not ?? []), ...(expect.not_said ?? [])]) add(`not ${source}`, !matches(source), text);
  if (expect.cites)
    add(
      `cites ${expect.cites.join(' | ')}`,
      expect.cites.some((one) => cites(heard, one)),
      turn.citations.join(', '),
    );
  if (expect.uncited) add('uncited', turn.citations.length === 0, turn.citations.join(', '));
  const handed = turn.outcome === 'handed_over' || heard.events.some((event) => event.name === 'handoff.initiate');
  if (expect.handoff !== undefined) add(`handoff ${expect.handoff}`, handed === expect.handoff, turn.outcome);
  if (expect.commands) {
    const commands = turn.commands as Record<string, unknown>[];
    add('commands', matchCommands(expect.commands, commands).exact, commands.map(commandText).join(', '));
  }
  if (expect.outcome) add(`outcome ${expect.outcome.join(' | ')}`, expect.outcome.includes(turn.outcome), turn.outcome);
  if (expect.clarifies !== undefined)
    add(`clarifies ${expect.clarifies}`, (turn.outcome === 'clarified') === expect.clarifies, turn.outcome);
  if (expect.refused !== undefined) add(`refused ${expect.refused}`, refusals.has(turn.outcome) === expect.refused, turn.outcome);
  if (expect.resumes !== undefined)
    add(
      `resumes ${expect.resumes}`,
      active === expect.resumes && state.flow?.asking !== null && !['in_flow', 'flow_completed'].includes(turn.outcome),
      `${turn.outcome}, ${active}`,
    );
  const starts = (turn.commands as Record<string, unknown>[]).find((command) => command.type === 'start_flow');
  if (expect.flow_started !== undefined) add(`flow_started ${expect.flow_started}`, starts?.flow === expect.flow_started, starts?.flow);
  if (expect.flow_completed !== undefined)
    add(`flow_completed ${expect.flow_completed}`, (turn.outcome === 'flow_completed') === expect.flow_completed, turn.outcome);
  if (expect.flow_cancelled !== undefined)
    add(`flow_cancelled ${expect.flow_cancelled}`, (turn.outcome === 'flow_cancelled') === expect.flow_cancelled, turn.outcome);
  for (const title of expect.buttons ?? []) add(`button ${title}`, heard.buttons.includes(title), heard.buttons.join(', '));
  for (const name of expect.event ?? [])
    add(
      `event ${name}`,
      heard.events.some((event) => event.name === name),
      heard.events.map((event) => event.name).join(', '),
    );
  if (expect.no_pii) {
    const echoed = [...mask(said).originals.values()].filter((original) => text.includes(original));
    add('no_pii', echoed.length === 0, echoed.join(', '));
  }
  return findings;
}

function cites({ turn, sources }: Heard, wanted: string): boolean {
  return turn.citations.some((id) => id === wanted || id.split('#')[0] === wanted) || sources.some((source) => source.includes(wanted));
}
