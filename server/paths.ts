/** Where the project's own files lie, whether run from source or from the built bundle. */
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The nearest folder upwards that holds the project's package.json. Throws when there is none: the installation is broken. */
export function projectRoot(from: string = fileURLToPath(import.meta.url)): string {
  for (let folder = dirname(from); ; folder = dirname(folder)) {
    const manifest = join(folder, 'package.json');
    if (existsSync(manifest) && (JSON.parse(readFileSync(manifest, 'utf8')) as { name?: string }).name === 'wenban') return folder;
    if (dirname(folder) === folder) throw new Error(`the project's package.json was not found above ${from}`);
  }
}
