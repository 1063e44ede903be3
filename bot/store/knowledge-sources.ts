/** What imports made of each file, kept in the database between imports; one setting a pack (some 300 bytes a file). */
import type { SourceIndex, SourceManifest } from '../../knowledge/import/source-index.ts';
import type { OpenDatabase } from './database.ts';
import { findSetting, putSetting } from './settings.ts';

const keyOf = (pack: string): string => `knowledge.sources.${pack}`;

/**
 * A SourceIndex on the settings table. Of two imports into a pack at the same time the last one's notes stay: the files of the
 * other are then parsed once more, nothing else.
 */
export class SqlSourceIndex implements SourceIndex {
  readonly #database: OpenDatabase;

  constructor(database: OpenDatabase) {
    this.#database = database;
  }

  /** Unchecked: the import checks the form. What isn't JSON counts as nothing known. */
  async get(pack: string): Promise<SourceManifest> {
    const stored = await findSetting(this.#database.db, keyOf(pack));
    try {
      return stored === undefined ? {} : (JSON.parse(stored) as SourceManifest);
    } catch {
      return {};
    }
  }

  async put(pack: string, manifest: SourceManifest): Promise<void> {
    await putSetting(this.#database.db, keyOf(pack), JSON.stringify(manifest));
  }
}
