/** How many tokens the language model may use in a day: for one visitor, and for all of them; counted in the store for all processes together. */
import type { Db } from '../store/database.ts';
import { takeAllowance, usedOf } from '../store/rate-limits.ts';
import { visitorOfTurn } from './turn-usage.ts';

export interface TokenLimits {
  readonly perVisitor: number | undefined;
  readonly perDay: number | undefined;
}

const day = 86_400_000;
const everybody = 'model tokens';
const oneVisitor = (visitor: string): string => `model tokens ${visitor}`;

export class TokenBudget {
  readonly #db: () => Db;
  readonly #limits: TokenLimits;
  readonly #now: () => number;

  constructor(db: () => Db, limits: TokenLimits, now: () => number) {
    this.#db = db;
    this.#limits = limits;
    this.#now = now;
  }

  /** Why no more tokens may be used in the running turn; undefined: they may. */
  async refusal(): Promise<string | undefined> {
    const { perDay, perVisitor } = this.#limits;
    const visitor = visitorOfTurn();
    if (perDay !== undefined && (await usedOf(this.#db(), everybody, this.#now())) >= perDay) return "the day's tokens are used up";
    if (perVisitor !== undefined && visitor !== undefined && (await usedOf(this.#db(), oneVisitor(visitor), this.#now())) >= perVisitor)
      return "this visitor's tokens of the day are used up";
    return undefined;
  }

  /** Counts what a call used. */
  async count(tokens: number): Promise<void> {
    const { perDay, perVisitor } = this.#limits;
    const visitor = visitorOfTurn();
    if (perDay !== undefined) await takeAllowance(this.#db(), everybody, { limit: perDay, windowMs: day }, this.#now(), tokens);
    if (perVisitor !== undefined && visitor !== undefined)
      await takeAllowance(this.#db(), oneVisitor(visitor), { limit: perVisitor, windowMs: day }, this.#now(), tokens);
  }
}
