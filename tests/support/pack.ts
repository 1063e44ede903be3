/** The sample pack in an index, without a store: for tests of retrieval, answers and understanding. */
import { join } from 'node:path';
import { Answerer } from '../../bot/answer/answer.ts';
import { type FlowFileProblem, loadFlows } from '../../bot/flows/load.ts';
import type { Flow } from '../../bot/flows/schema.ts';
import { loadStaticEmbedder } from '../../knowledge/embeddings/static.ts';
import { readPack } from '../../knowledge/import/pack.ts';
import { HybridIndex } from '../../knowledge/index/hybrid.ts';
import type { Guide, KnowledgeItem } from '../../knowledge/item.ts';
import { type Lexicon, loadLexicon } from '../../knowledge/text/lexicon.ts';
import { builtInModel } from '../../server/knowledge-index.ts';
import { loadManifest } from '../../server/manifest.ts';
import { projectRoot } from '../../server/paths.ts';

export interface TestPack {
  readonly items: readonly KnowledgeItem[];
  readonly guides: readonly Guide[];
  readonly index: HybridIndex;
  readonly lexicon: Lexicon;
  readonly flows: readonly Flow[];
  readonly flowProblems: readonly FlowFileProblem[];
  readonly answerer: Answerer;
}

/** A day on which everything in the sample pack is in force. */
export const today = { on: '2026-03-02' };

export const lexiconFolder = join(projectRoot(), 'knowledge', 'lexicon');

/** Reads the sample pack and builds its index (some two seconds). */
export async function loadTestPack(): Promise<TestPack> {
  const folder = join(projectRoot(), 'knowledge', 'packs', 'anlan');
  const lexicon = await loadLexicon(lexiconFolder);
  const { items: read, problems } = await readPack(folder);
  const errors = problems.filter((problem) => problem.severity === 'error');
  if (errors.length > 0) throw new Error(JSON.stringify(errors));
  const items = read.map(({ item }) => item);
  const guides = items.filter((item) => item.kind === 'guide');
  const index = new HybridIndex({ lexicon, embedder: await loadStaticEmbedder(builtInModel()) });
  await index.replace({ revision: 'test', items });
  const { districts, departments } = await loadManifest(folder);
  const ids = items.map((item) => item.id);
  const { flows, problems: flowProblems } = await loadFlows(join(folder, 'flows'), { guides, items: ids, districts, departments });
  const answerer = new Answerer({ index, lexicon, flowFor: (guideId) => flows.find((flow) => flow.guide === guideId) });
  return { items, guides, index, lexicon, flows, flowProblems, answerer };
}
