/**
 * Consistency: the same question in other words, another script or over another channel must bring the same facts, and a question with a
 * wrong number or a wrong assumption in it must not change them. Each case is a pair: the question as the answer suite has it, and changed.
 */
import { z } from 'zod';
import { type ChangeName, changeNames, changes } from '../changes/changes.ts';
import { DataError, readAllRows } from '../data.ts';
import { factSchema, forbiddenSchema, judge } from '../metrics/facts.ts';
import { shownText } from '../metrics/shown.ts';
import type { CitizenOptions, Talk } from '../talk.ts';
import { type AnswerRow, answerRowSchema, mustRefuse, said } from './answer.ts';
import type { Kind, LoadedCase, Ran } from './kind.ts';
import { clusterOf } from './retrieval.ts';

/** A pair that a person wrote. */
const pairRowSchema = z.strictObject({
  id: z.string(),
  /** Id of the case it belongs to. */
  of: z.string(),
  question: z.string().min(1),
  /** paraphrase, false premise, negation, other case, … */
  change: z.string().default('paraphrase'),
  /** What must be said now; without it, what the original says. */
  facts: z.array(factSchema).optional(),
  forbid: z.array(forbiddenSchema).default([]),
});

interface Pair {
  readonly id: string;
  readonly row: AnswerRow;
  readonly question: string;
  readonly change: string;
  readonly options: CitizenOptions;
  readonly own: z.output<typeof pairRowSchema> | undefined;
}

export const consistency: Kind = async (suite, bench, asOf) => {
  const rows = (await readAllRows(suite.dataset, answerRowSchema)).filter((row) => !mustRefuse(row) && row.facts);
  const authored = await readAllRows(suite.pairs ?? [], pairRowSchema);
  const byId = new Map(rows.map((row) => [row.id, row]));
  const lost = authored.find(({ of }) => !byId.has(of));
  if (lost) throw new DataError(`${suite.file}: pair ${lost.id} belongs to ${lost.of}, which has no case with facts`);
  const pairs: Pair[] = [
    ...authored.map((own): Pair => {
      return { id: own.id, row: byId.get(own.of) as AnswerRow, question: own.question, change: own.change, options: {}, own };
    }),
    ...changedPairs(rows, suite.changes ?? changeNames),
  ];
  const talk = await bench.talk(asOf);
  const originals = new Map<string, ReturnType<typeof answerTo>>();
  const original = (row: AnswerRow) => {
    const known = originals.get(row.id) ?? answerTo(row.question, talk, {});
    originals.set(row.id, known);
    return known;
  };
  return {
    cases: pairs.map((pair): LoadedCase => {
      return {
        id: pair.id,
        input: pair.question,
        expected: { of: pair.row.id, question: pair.row.question, facts: (pair.own?.facts ?? pair.row.facts ?? []).map((fact) => fact.id) },
        cluster: clusterOf(pair.row),
        slices: { change: pair.change, ...pair.row.slices },
        worst: { consistency: 0, changed_accuracy: 0 },
        run: async () => compared(pair, await original(pair.row), await answerTo(pair.question, talk, pair.options)),
      };
    }),
  };
};

/** One change a case: of those that change it the one that was used least so far, so that every kind of change gets its share. */
function changedPairs(rows: readonly AnswerRow[], names: readonly ChangeName[]): Pair[] {
  const used = new Map<ChangeName, number>(names.map((name) => [name, 0]));
  return rows.flatMap((row, i): Pair[] => {
    const applicable = names.flatMap((name) => {
      const question = changes[name](row.question, i + 1);
      return question === undefined ? [] : [{ name, question }];
    });
    const [chosen] = applicable.sort((a, b) => (used.get(a.name) ?? 0) - (used.get(b.name) ?? 0));
    if (!chosen) return [];
    const { name, question } = chosen;
    used.set(name, (used.get(name) ?? 0) + 1);
    return [
      { id: `${row.id}~${name}`, row, question, change: name, options: name === 'channel' ? { channel: 'plain' } : {}, own: undefined },
    ];
  });
}

type Heard = Awaited<ReturnType<typeof answerTo>>;

async function answerTo(question: string, talk: Talk, options: CitizenOptions) {
  const one = await said(talk, question, options);
  return {
    answered: one.kind === 'answered',
    kind: one.kind,
    text: shownText(one.text),
    cites: one.citations.map(({ id }) => id),
    latencyMs: one.latencyMs,
  };
}

function compared({ row, own }: Pair, before: Heard, now: Heard): Ran {
  const facts = row.facts ?? [];
  const first = judge(before.text, facts, row.forbid);
  const second = judge(now.text, own?.facts ?? facts, [...row.forbid, ...(own?.forbid ?? [])]);
  const right = now.answered && second.complete;
  const same = before.answered === now.answered && second.forbidden.length === 0 && String(first.stated) === String(second.stated);
  const consistent = own?.facts ? right : same;
  const rightBefore = before.answered && first.complete;
  return {
    passed: consistent,
    latencyMs: now.latencyMs,
    scores: {
      consistency: consistent ? 1 : 0,
      changed_accuracy: right ? 1 : 0,
      // A pair with facts of its own asks something else: there is nothing to lose against the original.
      ...(own?.facts ? {} : { original_accuracy: rightBefore ? 1 : 0, accuracy_lost: Number(rightBefore) - Number(right) }),
    },
    actual: { kind: now.kind, text: now.text, cites: now.cites },
    ...(consistent ? {} : { fault: 'inconsistent' as const }),
    detail: {
      original: { kind: before.kind, text: before.text, cites: before.cites, stated: first.stated },
      stated: second.stated,
      missing: second.missing,
      forbidden: second.forbidden,
    },
  };
}
