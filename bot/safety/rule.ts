/** One reviewed reply and the wording that calls for it. */
export interface Rule {
  readonly rule: string;
  readonly pattern: RegExp;
  /** Wording that makes it an ordinary question after all. */
  readonly unless?: RegExp;
  readonly text: string;
}
