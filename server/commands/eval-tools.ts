/** `wenban eval lint`, `power` and `sample`: before and beside a run. */
import { writeFile } from 'node:fs/promises';
import type { Activity } from '../../bot/activity.ts';
import type { OpenDatabase } from '../../bot/store/database.ts';
import { compare } from '../../eval/compare.ts';
import { readCorpus } from '../../eval/corpus.ts';
import { DataError } from '../../eval/data.ts';
import { type LintFinding, lintSuite } from '../../eval/lint.ts';
import { readBaseline } from '../../eval/output.ts';
import { draftSuite, type SampledTurn, sampleTurns } from '../../eval/sample.ts';
import { shareOfDiscordant, sizeFor, smallestVisible } from '../../eval/stats/power.ts';
import { readSuite, SuiteError } from '../../eval/suite.ts';
import type { KnowledgeItem } from '../../knowledge/item.ts';
import type { Config } from '../config.ts';
import { publishedItems } from '../evaluation-house.ts';
import { badUsage } from './command.ts';
import { withStore } from './with-store.ts';

/** Tells what is wrong with suites. Exit code 1 when there are errors among the findings, 2 when a suite can't be read. */
export async function lintCommand(config: Config, files: readonly string[], flags: { json?: boolean }): Promise<number> {
  const all: { suite: string; findings: LintFinding[] }[] = [];
  try {
    let published: KnowledgeItem[] | undefined;
    for (const file of files) {
      const suite = await readSuite(file);
      if (!suite.corpus) published ??= (await publishedItems(config)).map(({ item }) => item);
      const items = suite.corpus ? await readCorpus(suite.corpus) : (published ?? []);
      all.push({ suite: suite.name, findings: await lintSuite(suite, items) });
    }
  } catch (error) {
    if (!(error instanceof SuiteError || error instanceof DataError)) throw error;
    console.error(error.message);
    return badUsage;
  }
  if (flags.json) console.log(JSON.stringify(all));
  else {
    for (const { suite, findings } of all) {
      for (const { severity, kind, ids, message } of findings) console.log(`${suite}  ${severity}  ${kind}  ${ids.join(' ')}: ${message}`);
      console.log(`${suite}: ${findings.filter((one) => one.severity === 'error').length} errors, ${findings.length} findings`);
    }
  }
  return all.some(({ findings }) => findings.some((one) => one.severity === 'error')) ? 1 : 0;
}

export interface PowerFlags {
  difference?: string;
  n?: string;
  discordant: string;
  results?: string;
  baseline?: string;
  json?: boolean;
}

/** Says how many cases it takes, or what so many cases can show. Exit code 1 when `--n` is not enough for `--difference`, 2 for bad usage. */
export async function powerCommand(flags: PowerFlags): Promise<number> {
  const difference = flags.difference === undefined ? undefined : Number(flags.difference);
  let n = flags.n === undefined ? undefined : Number(flags.n);
  let discordant = Number(flags.discordant);
  if (flags.results !== undefined && flags.baseline !== undefined) {
    const [now, before] = [await readBaseline(flags.results), await readBaseline(flags.baseline)];
    const pairs = [...now.values()].flatMap((one) => {
      const other = before.get(one.suite);
      return other ? [compare(one, other)] : [];
    });
    const paired = pairs.reduce((sum, one) => sum + one.paired, 0);
    if (paired === 0) return refuse('the two runs have no cases in common');
    n ??= paired;
    // A share of nothing changed can't be planned with: at least one case might.
    discordant = shareOfDiscordant(
      Math.max(
        1,
        pairs.reduce((sum, one) => sum + one.fixed.length + one.broken.length, 0),
      ),
      paired,
    );
  }
  if (!(discordant > 0 && discordant <= 1)) return refuse('--discordant is a share between 0 and 1');
  if (difference !== undefined && !(difference > 0 && difference <= discordant)) {
    return refuse('--difference lies above 0 and at most at --discordant: more can’t change than changes');
  }
  if (difference === undefined && n === undefined) return refuse('give --difference, --n, or both');
  const needed = difference === undefined ? undefined : sizeFor(difference, discordant);
  const visible = n === undefined ? undefined : smallestVisible(n, discordant);
  const enough = needed === undefined || n === undefined || n >= needed;
  if (flags.json) console.log(JSON.stringify({ discordant, difference, n, needed, smallestVisible: visible, enough }));
  else {
    const percent = (share: number) => `${(100 * share).toFixed(1)}`;
    console.log(`有变化的题占 ${percent(discordant)}% of the cases change; α .05, power .8`);
    if (needed !== undefined && difference !== undefined)
      console.log(`要看出 ${percent(difference)} 个百分点的差别，需要 ${needed} 例 cases are needed`);
    if (visible !== undefined && n !== undefined)
      console.log(
        Number.isNaN(visible)
          ? `${n} 例太少 too few to see anything`
          : `${n} 例能看出 ${percent(visible)} 个百分点 points can be seen with ${n} cases`,
      );
    if (!enough) console.log('不够 not enough');
  }
  return enough ? 0 : 1;
}

function refuse(message: string): number {
  console.error(message);
  return badUsage;
}

export interface SampleFlags {
  out: string;
  n: string;
  seed: string;
  days: string;
}

/** Draws messages of citizens from the store into a draft suite. Exit code 1 when there are none, 2 for bad usage. */
export async function sampleCommand(config: Config, flags: SampleFlags, now: number): Promise<number> {
  const [n, seed, days] = [Number(flags.n), Number(flags.seed), Number(flags.days)];
  if (!(Number.isInteger(n) && n > 0 && Number.isInteger(seed) && days > 0))
    return refuse('--n, --seed and --days take numbers above zero');
  return withStore(config, async (database) => {
    const turns = await turnsSince(database, now - days * 86_400_000);
    if (turns.length === 0) {
      console.error('没有找到会话 no conversations in that time');
      return 1;
    }
    const chosen = sampleTurns(turns, { n, seed });
    await writeFile(flags.out, draftSuite(chosen));
    console.log(`${flags.out}: ${chosen.length} / ${turns.length}`);
    return 0;
  });
}

/** At most so many of the newest turns are drawn from. */
const mostTurns = 20_000;

async function turnsSince({ db }: OpenDatabase, since: number): Promise<SampledTurn[]> {
  const rows = await db
    .selectFrom('turns')
    .innerJoin('inbox', 'inbox.id', 'turns.inbox_id')
    .innerJoin('activities', (join) =>
      join.onRef('activities.conversation_id', '=', 'inbox.conversation_id').onRef('activities.seq', '=', 'inbox.seq'),
    )
    .select(['turns.id', 'turns.outcome', 'turns.confidence', 'turns.citations_json', 'inbox.channel', 'activities.body_json'])
    .where('turns.created_at', '>=', since)
    .where('activities.type', '=', 'message')
    .orderBy('turns.created_at', 'desc')
    .limit(mostTurns)
    .execute();
  return rows.map((row) => ({
    id: row.id,
    text: (JSON.parse(row.body_json) as Activity).text ?? '',
    channel: row.channel,
    outcome: row.outcome,
    confidence: row.confidence,
    citations: JSON.parse(row.citations_json) as string[],
  }));
}
