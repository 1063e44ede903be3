/** `wenban knowledge review|publish|withdraw|rollback|expire|history|diff`. */
import { diffItems, type FieldChange } from '../../knowledge/life/diff.ts';
import type { By, ItemVersion, KnowledgeLife, StepResult } from '../../knowledge/life/life.ts';
import type { Config } from '../config.ts';
import { badUsage } from './command.ts';
import { actionWords, packName, statusWords, timeText, withKnowledge } from './knowledge-store.ts';

interface StepFlags {
  pack?: string;
  all?: boolean;
  as?: string;
  note?: string;
  json?: boolean;
}

/** Marks drafts as reviewed. Exit code 1 when any of them can't be. */
export function reviewCommand(config: Config, ids: readonly string[], flags: StepFlags): Promise<number> {
  return chosen(config, ids, flags, '已审核 reviewed', (repository, pack, which, by) => repository.review(pack, which, by));
}

/** Publishes reviewed versions, all at once. Exit code 1 when any of them can't be: then none is. */
export function publishCommand(config: Config, ids: readonly string[], flags: StepFlags): Promise<number> {
  return chosen(config, ids, flags, '已发布 published', (repository, pack, which, by) => repository.publish(pack, which, by));
}

/** Takes items out of service. */
export function withdrawCommand(config: Config, ids: readonly string[], flags: StepFlags): Promise<number> {
  return stepped(config, flags, '已撤下 withdrawn', (repository, pack, by) => repository.withdraw(pack, ids, by));
}

/** Brings the words of an old version back as a new one. */
export async function rollbackCommand(config: Config, id: string, flags: StepFlags & { to: string; publish?: boolean }): Promise<number> {
  const version = versionNumber(flags.to);
  if (version === undefined) return badVersion(flags.to);
  const words = flags.publish ? '已恢复并发布 restored and published' : '已恢复为新版本 restored as a new version';
  return stepped(config, flags, words, (repository, pack, by) =>
    repository.rollback(pack, id, version, { ...by, ...(flags.publish ? { publish: true } : {}) }),
  );
}

/** Marks what is past its validTo as expired. */
export function expireCommand(config: Config, flags: { pack?: string; json?: boolean }): Promise<number> {
  return withKnowledge(config, async (repository) => {
    const expired = await repository.expire({ now: Date.now(), pack: flags.pack });
    if (flags.json) console.log(JSON.stringify({ expired }));
    else {
      for (const { pack, id, version } of expired) console.log(`${pack}\t${id}\tv${version}`);
      console.log(`已停用 expired: ${expired.length}`);
    }
    return 0;
  });
}

/** Every version of an item, newest last, with who did what. Exit code 1 when there never was such an item. */
export function historyCommand(config: Config, id: string, flags: { pack?: string; json?: boolean }): Promise<number> {
  return withKnowledge(config, async (repository) => {
    const pack = await packName(config, flags.pack);
    const versions = await repository.history(pack, id);
    if (flags.json) console.log(JSON.stringify({ pack, id, versions }));
    for (const one of flags.json ? [] : versions) {
      console.log(`v${one.version}  ${statusWords[one.status]}  ${one.digest.slice(0, 12)}`);
      for (const event of one.events) {
        console.log(`    ${timeText(event.at)}  ${actionWords[event.action]}  ${event.actor ?? '—'}${event.note ? `  ${event.note}` : ''}`);
      }
    }
    return versions.length > 0 ? 0 : noItem(pack, id);
  });
}

/** What changed between two versions. Without versions: from what is published (else the version before) to the newest. */
export function diffCommand(
  config: Config,
  id: string,
  from: string | undefined,
  to: string | undefined,
  flags: { pack?: string; json?: boolean },
): Promise<number> {
  return withKnowledge(config, async (repository) => {
    const pack = await packName(config, flags.pack);
    const versions = await repository.history(pack, id);
    const newest = versions.at(-1);
    if (!newest) return noItem(pack, id);
    const after = to === undefined ? newest : find(versions, to);
    const before = from === undefined ? comparedWith(versions, newest) : find(versions, from);
    if (!after) return badVersion(to ?? '');
    if (!before) return badVersion(from ?? '');
    const changes = diffItems(before.item, after.item);
    if (flags.json) console.log(JSON.stringify({ pack, id, from: before.version, to: after.version, changes }));
    else {
      console.log(`${id}  v${before.version} ${statusWords[before.status]} → v${after.version} ${statusWords[after.status]}`);
      for (const one of changes) console.log(changeText(one));
      if (changes.length === 0) console.log('内容相同 no difference');
    }
    return 0;
  });
}

function changeText({ label, before, after }: FieldChange): string {
  return [`${label}`, ...(before === undefined ? [] : [`  - ${before}`]), ...(after === undefined ? [] : [`  + ${after}`])].join('\n');
}

/** The version an editor compares the newest with. */
function comparedWith(versions: readonly ItemVersion[], newest: ItemVersion): ItemVersion {
  const served = versions.findLast(({ status, version }) => status === 'published' && version !== newest.version);
  return served ?? versions.at(-2) ?? newest;
}

function find(versions: readonly ItemVersion[], named: string): ItemVersion | undefined {
  return versions.find(({ version }) => version === versionNumber(named));
}

/** 3 or v3. */
function versionNumber(named: string): number | undefined {
  const digits = /^v?(\d{1,9})$/.exec(named)?.[1];
  return digits === undefined ? undefined : Number(digits);
}

function badVersion(named: string): number {
  console.error(`没有这个版本 there is no version “${named}”: wenban knowledge history <id>`);
  return badUsage;
}

function noItem(pack: string, id: string): number {
  console.error(`知识包 ${pack} 里从来没有 ${id} (pack ${pack} never had ${id})`);
  return 1;
}

type Step = (repository: KnowledgeLife, pack: string, by: By) => Promise<StepResult>;

async function chosen(
  config: Config,
  ids: readonly string[],
  flags: StepFlags,
  words: string,
  step: (repository: KnowledgeLife, pack: string, which: readonly string[] | 'all', by: By) => Promise<StepResult>,
): Promise<number> {
  if ((ids.length === 0) === !flags.all) {
    console.error('请写明编号，或用 --all (name the ids, or say --all; not both)');
    return badUsage;
  }
  return stepped(config, flags, words, (repository, pack, by) => step(repository, pack, flags.all ? 'all' : ids, by));
}

async function stepped(config: Config, flags: StepFlags, words: string, step: Step): Promise<number> {
  return withKnowledge(config, async (repository) => {
    const pack = await packName(config, flags.pack);
    const result = await step(repository, pack, { actor: flags.as, note: flags.note, now: Date.now() });
    if (flags.json) console.log(JSON.stringify({ pack, ...result }));
    else print(pack, words, result);
    return result.ok ? 0 : 1;
  });
}

function print(pack: string, words: string, result: StepResult): void {
  for (const { id, message } of result.ok ? result.skipped : result.refusals) console.error(`${id}: ${message}`);
  if (!result.ok) {
    console.error('什么都没有改动。Nothing was changed.');
    return;
  }
  for (const { id, version } of result.done.slice(0, 50)) console.log(`${id}\tv${version}`);
  if (result.done.length > 50) console.log('…');
  console.log(`${words}  ${pack}: ${result.done.length}${result.skipped.length > 0 ? `，跳过 skipped ${result.skipped.length}` : ''}`);
}
