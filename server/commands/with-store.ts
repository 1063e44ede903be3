/** The configured store for one command: opened, and closed again whatever happens. */
import { type OpenDatabase, openDatabase } from '../../bot/store/database.ts';
import type { Config } from '../config.ts';
import { storeOf } from '../security/store.ts';

/** What `work` gives. Rejects as `work` does, and when the store cannot be opened. */
export async function withStore<T>(config: Config, work: (database: OpenDatabase) => Promise<T>): Promise<T> {
  const database = await openDatabase(storeOf(config));
  try {
    return await work(database);
  } finally {
    await database.close();
  }
}
