/** What YAML texts came to, kept from one start to the next: reading the flows of a pack is a tenth of a start. */
import { createHash } from 'node:crypto';
import { readFile, rename, writeFile } from 'node:fs/promises';
import { isDeepStrictEqual } from 'node:util';
import { z } from 'zod';

const fileSchema = z.object({ by: z.string(), values: z.record(z.string(), z.unknown()) });

export class KeptYaml {
  readonly #file: string;
  readonly #by: string;
  #before: Readonly<Record<string, unknown>>;
  #values: Record<string, unknown> = {};

  private constructor(file: string, by: string, before: Readonly<Record<string, unknown>>) {
    this.#file = file;
    this.#by = by;
    this.#before = before;
  }

  /** Reads what is kept in `file`; `by` names what reads YAML: what another made is not used. A file that can't be read only costs time. */
  static async open(file: string, by: string): Promise<KeptYaml> {
    const kept = await readFile(file, 'utf8').then(
      (text) => fileSchema.safeParse(fromJson(text)).data,
      () => undefined,
    );
    return new KeptYaml(file, by, kept?.by === by ? kept.values : {});
  }

  /** What `parse` makes of `text`. Throws what `parse` throws. Nobody may change the value. */
  value(text: string, parse: (text: string) => unknown): unknown {
    const name = createHash('sha256').update(text).digest('base64url');
    const before = Object.hasOwn(this.#before, name) ? this.#before[name] : undefined;
    const value = before ?? parse(text);
    // JSON has no NaN and no date.
    if (before !== undefined || isDeepStrictEqual(fromJson(JSON.stringify(value) ?? ''), value)) this.#values[name] = value;
    return value;
  }

  /** Writes down what was asked for since the last time, in the place of what was there. What can't be written only costs time. */
  async keep(): Promise<void> {
    const values = this.#values;
    this.#values = {};
    const names = Object.keys(values);
    if (names.length === Object.keys(this.#before).length && names.every((name) => Object.hasOwn(this.#before, name))) return;
    this.#before = values;
    await writeFile(`${this.#file}.new`, JSON.stringify({ by: this.#by, values } satisfies z.infer<typeof fileSchema>), { mode: 0o600 })
      .then(() => rename(`${this.#file}.new`, this.#file))
      .catch(() => undefined);
  }
}

function fromJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
