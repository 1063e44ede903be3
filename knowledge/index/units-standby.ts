/** A unit store on a server with an embedded one standing by: while the server is out of reach, the same content answers from this process. */
import type { Unit, UnitHit, UnitLevel, UnitQuery, UnitStore, UnitStoreOptions } from './units.ts';
import { EmbeddedUnits } from './units-embedded.ts';
import { type UnitFilter, UnitsUnavailable } from './units-rank.ts';

export interface StandbyOptions {
  /** As the server weighs terms: the numbers stay the same. */
  readonly weights: UnitStoreOptions;
  /** Hears that the server is out of reach (with the reason), and that it is back (without). */
  readonly onChange?: ((because: UnitsUnavailable | undefined) => void) | undefined;
  /** How often to ask whether the server is back, milliseconds. */
  readonly retryMs?: number | undefined;
  /** More units than this would take more memory than a process should: then there is no stand-by. */
  readonly mostUnits?: number | undefined;
}

interface Content {
  readonly revision: string;
  readonly units: readonly Unit[];
  readonly embedderId: string | undefined;
}

const defaultRetryMs = 5000;
/** About 2 KB each with their vectors: 400 MB. */
const defaultMostUnits = 200_000;

export class StandbyUnits implements UnitStore {
  readonly #main: UnitStore;
  readonly #options: StandbyOptions;
  #content: Content | undefined;
  #standby: { readonly content: Content; readonly units: EmbeddedUnits; readonly ready: Promise<void> } | undefined;
  #because: UnitsUnavailable | undefined;
  #timer: NodeJS.Timeout | undefined;
  #closed = false;

  constructor(main: UnitStore, options: StandbyOptions) {
    this.#main = main;
    this.#options = options;
  }

  get revision(): string {
    return this.#content?.revision ?? this.#main.revision;
  }

  /** Why the stand-by answers; undefined while the server does. */
  get degraded(): UnitsUnavailable | undefined {
    return this.#because;
  }

  /** Errors: those of the content; the server's only where there can be no stand-by. */
  async replace(content: Content): Promise<void> {
    try {
      await this.#main.replace(content);
      this.#content = content;
      this.#recovered();
    } catch (error) {
      if (!(error instanceof UnitsUnavailable) || content.units.length > (this.#options.mostUnits ?? defaultMostUnits)) throw error;
      await this.#standbyOf(content).ready;
      this.#content = content;
      this.#fell(error);
    }
  }

  async search(query: UnitQuery, level: UnitLevel, filter: UnitFilter, limit: number): Promise<UnitHit[]> {
    const content = this.#content;
    if (this.#because === undefined || content === undefined) {
      try {
        return await this.#main.search(query, level, filter, limit);
      } catch (error) {
        if (!(error instanceof UnitsUnavailable) || !content || content.units.length > (this.#options.mostUnits ?? defaultMostUnits))
          throw error;
        this.#fell(error);
      }
    }
    const { units, ready } = this.#standbyOf(content);
    await ready;
    return units.search(query, level, filter, limit);
  }

  known(terms: readonly string[], level: UnitLevel): number {
    // The server's statistics are in this process: they answer as long as they are of the content in use.
    const standby = this.#because && this.#main.revision !== this.revision ? this.#standby?.units : undefined;
    return (standby ?? this.#main).known(terms, level);
  }

  async close(): Promise<void> {
    this.#closed = true;
    clearTimeout(this.#timer);
    await this.#standby?.ready.catch(() => undefined);
    await this.#main.close();
  }

  #standbyOf(content: Content) {
    if (this.#standby?.content !== content) {
      const units = new EmbeddedUnits(this.#options.weights);
      const ready = units.replace(content);
      this.#standby = { content, units, ready };
    }
    return this.#standby;
  }

  #fell(because: UnitsUnavailable): void {
    const before = this.#because;
    this.#because = because;
    if (!before) this.#options.onChange?.(because);
    this.#askAgain();
  }

  #recovered(): void {
    clearTimeout(this.#timer);
    this.#standby = undefined;
    if (!this.#because) return;
    this.#because = undefined;
    this.#options.onChange?.(undefined);
  }

  /** The server may have come back empty: it is given the content again, which costs nothing where it has it. */
  #askAgain(): void {
    clearTimeout(this.#timer);
    if (this.#closed) return;
    this.#timer = setTimeout(() => {
      const content = this.#content;
      if (!content || !this.#because) return;
      this.#main.replace(content).then(
        () => (this.#content === content ? this.#recovered() : this.#askAgain()),
        () => this.#askAgain(),
      );
    }, this.#options.retryMs ?? defaultRetryMs);
    this.#timer.unref();
  }
}
