/** The flows a server runs: those published in the store, switched without a restart when that changes. */
import { join } from 'node:path';
import type { FlowEngine } from '../bot/flows/engine.ts';
import type { Flow } from '../bot/flows/flow.ts';
import { KeptYaml } from '../bot/flows/kept-yaml.ts';
import { type FlowFileProblem, type LoadOptions, parseFlowYaml } from '../bot/flows/load.ts';
import { importFlows, runnableFlows } from '../bot/flows/stored.ts';
import { type FlowItem, flowPackOf } from '../knowledge/flow-item.ts';
import type { HybridIndex } from '../knowledge/index/hybrid.ts';
import { NameMatcher } from '../knowledge/index/names.ts';
import type { KnowledgeLife } from '../knowledge/life/life.ts';
import type { PackManifest } from '../knowledge/pack.ts';
import type { KnowledgeRepository } from '../knowledge/repository.ts';
import type { Lexicon } from '../knowledge/text/lexicon.ts';
import packageFile from '../package.json' with { type: 'json' };

export interface RunningFlowsOptions {
  readonly manifest: PackManifest;
  readonly packFolder: string;
  /** Where what the flows' texts came to is kept for the next start. */
  readonly keptIn: string;
  readonly repository: Pick<KnowledgeRepository, 'list'>;
  readonly life: KnowledgeLife<FlowItem>;
  readonly index: Pick<HybridIndex, 'items'>;
  readonly lexicon: Lexicon;
  readonly now: () => number;
  /** Hears of a flow that can't run. */
  readonly onProblem: (problem: FlowFileProblem) => void;
}

export class RunningFlows {
  readonly #options: RunningFlowsOptions;
  #flows: readonly Flow[] = [];
  #names: NameMatcher;
  #engine: FlowEngine | undefined;
  #kept: KeptYaml | undefined;

  constructor(options: RunningFlowsOptions) {
    this.#options = options;
    this.#names = new NameMatcher([], options.lexicon);
  }

  /** Those in force now. */
  get flows(): readonly Flow[] {
    return this.#flows;
  }

  /** Finds a flow by its name and examples. */
  get names(): NameMatcher {
    return this.#names;
  }

  /** The flows of the pack folder, when the store has none of this pack yet. */
  async importFirst(): Promise<void> {
    const { life, manifest, packFolder, now, onProblem } = this.#options;
    if ((await life.list({ pack: flowPackOf(manifest.name) })).length > 0) return;
    const { problems } = await importFlows(join(packFolder, 'flows'), { pack: manifest.name, life, now: now() });
    for (const problem of problems) onProblem(problem);
  }

  /** Runs what is published now; conversations in the middle of a flow are the engine's care. */
  async refresh(): Promise<void> {
    const { life, manifest, lexicon, onProblem, keptIn } = this.#options;
    const stored = await life.list({ pack: flowPackOf(manifest.name), status: 'published' });
    this.#kept ??= await KeptYaml.open(keptIn, `yaml ${packageFile.dependencies.yaml}`);
    const kept = this.#kept;
    const { flows, problems } = runnableFlows(stored, await this.surroundings(), (yaml) => kept.value(yaml, parseFlowYaml));
    await kept.keep();
    for (const problem of problems) onProblem(problem);
    this.#flows = flows;
    const wordings = flows.flatMap((flow) => [flow.name, ...flow.examples].map((text) => ({ id: flow.id, text })));
    this.#names = new NameMatcher(wordings, lexicon);
    this.#engine?.replace(flows);
  }

  /** From now on the engine is told of every change. */
  drive(engine: FlowEngine): void {
    this.#engine = engine;
  }

  /** What flows may refer to. A guide out of service still counts: a notice says that it is under revision. */
  async surroundings(): Promise<LoadOptions> {
    const { repository, manifest, index } = this.#options;
    const withdrawn = await repository.list({ pack: manifest.name, status: 'expired' });
    const items = [...index.items(), ...withdrawn.map(({ item }) => item)];
    return {
      guides: items.flatMap((item) => (item.kind === 'guide' ? [{ id: item.id, scenarios: item.scenarios }] : [])),
      items: items.map((item) => item.id),
      districts: manifest.districts,
      departments: manifest.departments,
    };
  }
}
