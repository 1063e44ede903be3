/** Which units a filter admits: units with the same days, region, audience and department are of one class, and a class is asked once. */
import type { Unit } from './units.ts';
import { admitsUnit, type UnitFilter } from './units-rank.ts';

/** Days, regions and audiences that are asked for at the same time; beyond, all are asked anew. */
const mostFilters = 64;

export class Admission {
  /** Class of each place. */
  readonly classes: Int32Array;
  readonly #kinds: Unit['filter'][] = [];
  readonly #numbers = new Map<string, number>();
  /** Units of one item share their filter. */
  readonly #seen = new WeakMap<Unit['filter'], number>();
  readonly #known = new Map<string, Uint8Array>();

  constructor(places: number) {
    this.classes = new Int32Array(places);
  }

  set(place: number, filter: Unit['filter']): void {
    let number = this.#seen.get(filter);
    if (number === undefined) {
      const { validFrom, validTo, region, audience, department } = filter;
      const key = JSON.stringify([validFrom ?? null, validTo ?? null, region ?? null, [...audience].sort(), department ?? null]);
      number = this.#numbers.get(key);
      if (number === undefined) {
        number = this.#kinds.length;
        this.#kinds.push(filter);
        this.#numbers.set(key, number);
      }
      this.#seen.set(filter, number);
    }
    this.classes[place] = number;
  }

  /** By class: 1 where the filter admits it, else 0. Nothing may be `set` any more. */
  of(filter: UnitFilter): Uint8Array {
    const { on, region, audience, department } = filter;
    const key = JSON.stringify([on, region, audience, department]);
    const known = this.#known.get(key);
    if (known) return known;
    const admitted = Uint8Array.from(this.#kinds, (kind) => (admitsUnit(kind, filter) ? 1 : 0));
    if (this.#known.size >= mostFilters) this.#known.clear();
    this.#known.set(key, admitted);
    return admitted;
  }
}
