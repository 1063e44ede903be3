/** Commands: does understanding turn a message into exactly the commands an author wrote down? Earlier turns set the scene. */
import { z } from 'zod';
import { readAllRows } from '../data.ts';
import type { CaseResult } from '../results.ts';
import { bootstrapInterval, type Estimate } from '../stats/bootstrap.ts';
import { commandText, matchCommands, type Wanted, wantedCommand } from './commands.ts';
import type { Kind, LoadedCase } from './kind.ts';

const rowSchema = z.object({
  id: z.string(),
  /** What the citizen said before. */
  history: z.array(z.string()).default([]),
  text: z.string(),
  /** The complete list, in any order. */
  commands: z.array(wantedCommand),
  slices: z.record(z.string(), z.string()).optional(),
});

export const command: Kind = async (suite, bench, asOf) => {
  const rows = await readAllRows(suite.dataset, rowSchema);
  const talk = await bench.talk(asOf);
  return {
    cases: rows.map((row): LoadedCase => {
      return {
        id: row.id,
        input: [...row.history, row.text].join(' / '),
        expected: row.commands,
        slices: { ...row.slices },
        worst: { command_accuracy: 0 },
        run: async () => {
          const citizen = await talk.citizen();
          for (const said of row.history) await citizen.says(said);
          const heard = await citizen.says(row.text);
          if (heard.turn.outcome === 'failed_internal') throw new Error(`the turn failed: ${heard.turn.reason ?? ''}`);
          const said = heard.turn.commands as Record<string, unknown>[];
          const match = matchCommands(row.commands, said);
          return {
            passed: match.exact,
            scores: { command_accuracy: match.exact ? 1 : 0 },
            latencyMs: heard.latencyMs,
            actual: said.map(commandText),
            ...(match.exact ? {} : { fault: 'wrong_label' as const }),
            detail: {
              right: match.right,
              said: said.length,
              missing: match.missing,
              extra: match.extra.map(commandText),
              reply: heard.text,
            },
          };
        },
      };
    }),
    summarise: (results) => ({ metrics: commandF1(results) }),
  };
};

/** Precision, recall and F1 over all commands of all turns. */
function commandF1(results: readonly CaseResult[]): Record<string, Estimate> {
  const counts = results.map((result) => ({
    right: Number(result.detail?.right ?? 0),
    said: Number(result.detail?.said ?? 0),
    due: (result.expected as Wanted[]).length,
  }));
  const total = (field: 'right' | 'said' | 'due', weights?: Float64Array) =>
    counts.reduce((sum, one, i) => sum + one[field] * (weights ? (weights[i] ?? 0) : 1), 0);
  const measured = (statistic: (weights?: Float64Array) => number): Estimate => ({
    value: statistic(),
    ci95: bootstrapInterval(counts.length, statistic),
    n: counts.length,
  });
  return {
    command_precision: measured((weights) => total('right', weights) / total('said', weights)),
    command_recall: measured((weights) => total('right', weights) / total('due', weights)),
    command_f1: measured((weights) => (2 * total('right', weights)) / (total('said', weights) + total('due', weights))),
  };
}
