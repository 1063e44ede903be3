/** The sounds of names and examples, kept from one start to the next: reading characters aloud is the slowest part of a start. */
import { readFile, rename, writeFile } from 'node:fs/promises';
import { z } from 'zod';

const fileSchema = z.object({ by: z.string(), sounds: z.record(z.string(), z.string()) });

let known: ReadonlyMap<string, string> = new Map();
let noted: Map<string, string> | undefined;

/** What `work` makes of `text`, from the file where it is known there. Neither holds a space. */
export function keptSounds(text: string, work: (text: string) => string[]): string[] {
  const before = known.get(text);
  const sounds = before === undefined ? work(text) : before === '' ? [] : before.split(' ');
  noted?.set(text, before ?? sounds.join(' '));
  return sounds;
}

/**
 * Reads what is kept in `file` and notes what is asked for until the function it gives is called, which writes that down when it is
 * something else: citizens' words, which come later, are never kept. `by` names what makes the sounds; what another made is not used.
 * A file that can't be read or written only costs time.
 */
export async function openSounds(file: string, by: string): Promise<() => Promise<void>> {
  const read = await readFile(file, 'utf8').then(
    (text) => fileSchema.safeParse(parsed(text)).data,
    () => undefined,
  );
  const before = new Map(read?.by === by ? Object.entries(read.sounds) : []);
  known = before;
  const mine = new Map<string, string>();
  noted = mine;
  return async () => {
    if (noted === mine) noted = undefined;
    if (known === before) known = new Map();
    if (mine.size === before.size && [...mine.keys()].every((text) => before.has(text))) return;
    const whole = JSON.stringify({ by, sounds: Object.fromEntries(mine) } satisfies z.infer<typeof fileSchema>);
    await writeFile(`${file}.new`, whole)
      .then(() => rename(`${file}.new`, file))
      .catch(() => undefined);
  };
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
