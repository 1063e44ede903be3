/** `wenban bench import`: documents of all kinds from files into the store and the index, in one run. */
import { existsSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { cpus, tmpdir } from 'node:os';
import { join } from 'node:path';
import { openDatabase } from '../../bot/store/database.ts';
import { SqlKnowledgeRepository } from '../../bot/store/knowledge.ts';
import { SqlSourceIndex } from '../../bot/store/knowledge-sources.ts';
import { buildThrowAway } from '../../eval/throw-away.ts';
import { loadStaticEmbedder } from '../../knowledge/embeddings/static.ts';
import { type BenchStore, benchmarkFolder, benchmarkTexts, importSeconds, inventedTexts } from '../../knowledge/import/bench.ts';
import { loadLexicon } from '../../knowledge/text/lexicon.ts';
import { builtInModel } from '../knowledge-index.ts';
import { projectRoot } from '../paths.ts';
import { importProgress } from './import-progress.ts';

interface Step {
  readonly name: string;
  readonly seconds: number;
  /** Of processor time, all threads: says more than the clock on a busy machine. */
  readonly cpuSeconds: number;
}

/**
 * Measures on a throw-away SQLite store and prints each step. The texts are those of `--texts` (the folder of the benchmark sets,
 * by default beside the project), or invented ones. Exit code 2 for bad flags.
 */
export async function benchImportCommand(flags: { documents: string; texts?: string; json?: boolean }): Promise<number> {
  const documents = Number(flags.documents);
  const benchmarks = flags.texts ?? join(process.env.WENBAN_SHARED ?? join(projectRoot(), '..', 'shared'), 'benchmarks');
  const real = existsSync(benchmarks);
  if (!(Number.isInteger(documents) && documents >= 1 && documents <= 100_000) || (flags.texts !== undefined && !real)) {
    console.error('usage: wenban bench import [--documents 1–100000] [--texts FOLDER (one that is there)] [--json]');
    return 2;
  }
  const { folder, characters, kinds } = benchmarkFolder(real ? benchmarkTexts(benchmarks) : inventedTexts(), documents);
  try {
    const { steps, passages } = await measure(folder, documents);
    const machine = `${cpus().length} × ${cpus()[0]?.model ?? 'cpu'}, Node ${process.version}`;
    const megabytes = Math.round(process.memoryUsage().rss / 1e6);
    if (flags.json)
      console.log(JSON.stringify({ machine, texts: real ? 'real' : 'invented', documents, characters, kinds, steps, passages, megabytes }));
    else {
      const millions = (characters / 1e6).toFixed(1);
      console.log(
        `${machine}; ${documents} ${real ? 'real texts, repeated with changes' : 'invented texts'}, ${millions} million characters, ${kinds.join(' ')}`,
      );
      for (const { name, seconds, cpuSeconds } of steps)
        console.log(
          `${name.padEnd(36)} ${seconds.toFixed(1).padStart(7)} s ${Math.round(documents / seconds)
            .toLocaleString('en-US')
            .padStart(9)} documents/s  (${cpuSeconds.toFixed(1)} s of processor)`,
        );
      console.log(`${passages.toLocaleString('en-US')} passages, ${megabytes} MB`);
    }
    return 0;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function measure(folder: string, documents: number): Promise<{ steps: Step[]; passages: number }> {
  const dataDir = await mkdtemp(join(tmpdir(), 'wenban-bench-'));
  const database = await openDatabase({ dataDir });
  try {
    const repository = new SqlKnowledgeRepository(database);
    const store: BenchStore = { pack: 'bench', repository, sources: new SqlSourceIndex(database) };
    const shown = (expected: Parameters<typeof importSeconds>[1]): Promise<number> => {
      const progress = importProgress(process.stderr);
      return importSeconds(folder, expected, store, progress.onProgress).finally(progress.end);
    };
    let passages = 0;
    const files = await timed('files into the store', () => shown({ added: documents }));
    const index = await timed('store into the index', async () => {
      passages = await countIndexed(repository);
    });
    const again = await timed('the same files again, unchanged', () => shown({ unchanged: documents }));
    const both = {
      name: 'files into store and index, together',
      seconds: files.seconds + index.seconds,
      cpuSeconds: files.cpuSeconds + index.cpuSeconds,
    };
    return { steps: [files, index, both, again], passages };
  } finally {
    await database.close();
    await rm(dataDir, { recursive: true, force: true });
  }
}

async function timed(name: string, work: () => Promise<unknown>): Promise<Step> {
  const [start, cpu] = [performance.now(), process.cpuUsage()];
  await work();
  const { user, system } = process.cpuUsage(cpu);
  return { name, seconds: (performance.now() - start) / 1000, cpuSeconds: (user + system) / 1e6 };
}

/** Reads what is published and builds the index of it, as a running server does after an import; the passages in it. */
async function countIndexed(repository: SqlKnowledgeRepository): Promise<number> {
  const lexicon = await loadLexicon(join(projectRoot(), 'knowledge', 'lexicon'));
  const items = (await repository.list({ status: 'published' })).map(({ item }) => item);
  const { index } = await buildThrowAway({ items, lexicon, embedder: await loadStaticEmbedder(builtInModel()) });
  return items.reduce((sum, { id }) => sum + index.passagesOf(id).length, 0);
}
