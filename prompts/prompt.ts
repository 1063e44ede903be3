/** What every prompt of the house is: one file, one object. */
import type { z } from 'zod';

export interface Prompt<I, O> {
  readonly id: string;
  /** Raised with every change of wording, inputs or output: reports tell versions apart. */
  readonly version: number;
  readonly purpose: string;
  readonly inputSchema: z.ZodType<I>;
  readonly outputSchema: z.ZodType<O>;
  /** The same for every call, so that providers cache it. */
  readonly system: string;
  /** What changes from call to call, the most changing part last. */
  user(inputs: I): string;
}
