/** Lets prepared queries run on a database and on each of its transactions by the shortest way there is. */
import type { CompiledQuery, QueryResult } from 'kysely';
import type { Db } from './database.ts';
import { type Runner, runsBy, runsNoMore } from './runner.ts';
import type { SealingPlugin } from './sealing/plugin.ts';
import type { Direct } from './sqlite-dialect.ts';

export class Running {
  readonly #compiled: Runner['compiled'] = new WeakMap();
  readonly #plugin: SealingPlugin | undefined;
  readonly #inside: Runner | undefined;

  /** `direct`: past Kysely, whose plugin we then have to call; without it queries go through Kysely, which calls it. */
  constructor(db: Db, direct: Direct | undefined, plugin: SealingPlugin | undefined) {
    this.#plugin = plugin;
    this.#inside = direct && this.#opening(direct.inside);
    runsBy(db, direct ? this.#opening(direct.outside) : this.#throughKysely(db));
  }

  /** Runs `work` on a transaction that has begun. */
  async inside<T>(tx: Db, work: (tx: Db) => Promise<T>): Promise<T> {
    runsBy(tx, this.#inside ?? this.#throughKysely(tx));
    try {
      return await work(tx);
    } finally {
      runsNoMore(tx);
    }
  }

  #throughKysely(db: Db): Runner {
    return { compiled: this.#compiled, run: (query) => db.executeQuery(query) };
  }

  #opening(run: Runner['run']): Runner {
    const plugin = this.#plugin;
    if (plugin === undefined) return { compiled: this.#compiled, run };
    return {
      compiled: this.#compiled,
      run: (query, one) => {
        const result = run(query, one);
        return result instanceof Promise ? result.then((later) => opened(plugin, query, later)) : opened(plugin, query, result);
      },
    };
  }
}

function opened(plugin: SealingPlugin, { queryId }: CompiledQuery, result: QueryResult<unknown>): QueryResult<unknown> {
  plugin.openRows(result.rows as Record<string, unknown>[], queryId);
  return result;
}
