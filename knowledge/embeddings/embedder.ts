/** What turns text into vectors: the built-in static model, an embedding endpoint, or one's own. */

export interface Embedder {
  /** Names model and content: vectors of different ids are never compared. */
  readonly id: string;
  readonly dimensions: number;
  /** Unit vectors in the order of `texts`. Errors: the endpoint's, after retries. */
  embed(texts: readonly string[], kind: 'query' | 'passage'): Promise<Float32Array[]>;
  /** The unit vector of a query at once, where the model is in this process. */
  readonly vector?: (text: string) => Float32Array;
}
