/** A throw-away recogniser of intents: learns from labelled texts, says which label fits and how much the text looks like none. */

export interface Classified {
  readonly label: string;
  /** 0..1 */
  readonly probability: number;
  /** Best first. */
  readonly top: readonly { readonly label: string; readonly probability: number }[];
  /** Higher = more likely out of scope. */
  readonly oosScore: number;
  /** Taken as out of scope at the recogniser's own threshold. */
  readonly outside: boolean;
}

export interface IntentRecogniser {
  classify(text: string): Classified;
}
