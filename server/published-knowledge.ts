/** What is published, kept up to date in a running house: items in the index, flows in the engine, what was learnt from both. */
import { join } from 'node:path';
import type { Logger } from 'pino';
import type { OpenDatabase } from '../bot/store/database.ts';
import { SqlFlowRepository, SqlKnowledgeRepository } from '../bot/store/knowledge.ts';
import type { ChatMatcher } from '../bot/understand/chat.ts';
import { learntFile } from '../bot/understand/classifier/learnt-file.ts';
import { Departments } from '../bot/understand/demand.ts';
import { LearntKinds, trainingKinds } from '../bot/understand/kinds.ts';
import { importKnowledge } from '../knowledge/import/import.ts';
import { dayInChina } from '../knowledge/life/rules.ts';
import type { PackManifest } from '../knowledge/pack.ts';
import { servedIn } from '../knowledge/regions.ts';
import type { Lexicon } from '../knowledge/text/lexicon.ts';
import type { Config } from './config.ts';
import { openKnowledgeIndex } from './knowledge-index.ts';
import { RunningFlows } from './running-flows.ts';
import { claimStore } from './tenant.ts';

export interface PublishedKnowledgeOptions {
  readonly config: Config;
  readonly manifest: PackManifest;
  readonly database: OpenDatabase;
  readonly lexicon: Lexicon;
  readonly chat: ChatMatcher;
  readonly logger: Logger;
  readonly now: () => number;
  /** Learn in the background while messages wait for answers; else with the first guess. */
  readonly live: boolean;
}

export class PublishedKnowledge {
  readonly repository: SqlKnowledgeRepository;
  readonly flowRepository: SqlFlowRepository;
  readonly flows: RunningFlows;
  readonly kinds: LearntKinds;
  readonly index: Awaited<ReturnType<typeof openKnowledgeIndex>>['index'];
  readonly standby: Awaited<ReturnType<typeof openKnowledgeIndex>>['standby'];
  readonly #options: PublishedKnowledgeOptions;
  readonly #builtIn: Awaited<ReturnType<typeof openKnowledgeIndex>>['builtIn'];
  /** Once a day what ran out is marked as expired. */
  #expiredOn = '';
  #departments: { revision: string; all: Departments } | undefined;

  /** Makes the store the pack's own, opens the index, imports the pack where the store has nothing of it yet, and loads what is published. Errors: in words. */
  static async open(options: PublishedKnowledgeOptions): Promise<PublishedKnowledge> {
    const { config, manifest, lexicon, logger } = options;
    await claimStore(options.database, manifest);
    const knowledge = new PublishedKnowledge(options, await openKnowledgeIndex(config, lexicon, logger, manifest.name));
    await knowledge.#firstImport();
    await knowledge.#load();
    return knowledge;
  }

  private constructor(options: PublishedKnowledgeOptions, opened: Awaited<ReturnType<typeof openKnowledgeIndex>>) {
    const { config, manifest, database, lexicon, chat, logger, now } = options;
    this.#options = options;
    this.index = opened.index;
    this.standby = opened.standby;
    this.#builtIn = opened.builtIn;
    this.repository = new SqlKnowledgeRepository(database);
    this.flowRepository = new SqlFlowRepository(database);
    this.flows = new RunningFlows({
      manifest,
      packFolder: config.packFolder,
      keptIn: join(config.dataDir, 'flows.json'),
      repository: this.repository,
      life: this.flowRepository,
      index: this.index,
      lexicon,
      now,
      onProblem: (problem) => logger.error({ ...problem }, 'a flow has a problem and was left out'),
    });
    this.kinds = new LearntKinds(() =>
      trainingKinds({
        items: this.index.items(),
        flows: this.flows.flows,
        chat: chat.examples,
        dense: this.dense,
        memory: this.kept('kinds'),
      }),
    );
  }

  /** The built-in embedding of a text. */
  readonly dense = (text: string) => this.#builtIn.vector(text);

  /** What was learnt is kept in a file of the data folder: learnt once, read at every start. */
  kept(what: string): ReturnType<typeof learntFile> {
    return learntFile(join(this.#options.config.dataDir, `learnt-${what}.bin`));
  }

  /** Whose matter a message is, by what is published now. */
  departments(): Departments {
    const { revision } = this.index;
    if (this.#departments?.revision !== revision)
      this.#departments = { revision, all: new Departments(this.#options.manifest.departments, this.index.items()) };
    return this.#departments.all;
  }

  /** Switches to what is published now, if that is something else than what is in use. */
  readonly refresh = async (): Promise<void> => {
    if (!(await this.#load())) return;
    // Where messages may be waiting, what was learnt before answers until the new is ready.
    if (this.#options.live) await this.kinds.relearn();
    else this.kinds.forget();
  };

  /** Whether there was anything new. */
  async #load(): Promise<boolean> {
    const { now, manifest, logger } = this.#options;
    const today = dayInChina(now());
    if (today !== this.#expiredOn) {
      await this.repository.expire({ now: now() });
      this.#expiredOn = today;
    }
    const revision = await this.repository.revision();
    if (revision === this.index.revision) return false;
    const stored = await this.repository.list({ pack: manifest.name, status: 'published' });
    const items = stored.map((one) => one.item);
    // What is not loaded can't be found, listed, cited or led through, whoever asks and however.
    const ours = items.filter(({ region }) => servedIn(manifest, region));
    if (ours.length < items.length)
      logger.warn({ items: items.length - ours.length, region: manifest.region }, 'knowledge of other regions is left out');
    await this.index.replace({ revision, items: ours });
    await this.flows.refresh();
    return true;
  }

  /** A new installation answers at once. */
  async #firstImport(): Promise<void> {
    const { manifest, config, now, logger } = this.#options;
    const stored = await this.repository.list({ pack: manifest.name });
    if (stored.length === 0) {
      const report = await importKnowledge([config.packFolder], { pack: manifest.name, repository: this.repository, now: now() });
      const errors = report.problems.filter((problem) => problem.severity === 'error');
      if (errors.length > 0) {
        const lines = errors.map((one) => `${one.file}:${one.line ?? '?'} ${one.field ?? ''} ${one.message}`);
        throw new Error(`the knowledge pack ${manifest.name} has errors:\n${lines.join('\n')}`);
      }
      logger.info({ pack: manifest.name, items: report.items }, 'knowledge imported');
    }
    await this.flows.importFirst();
  }
}
