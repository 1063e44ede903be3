/** Demand types where the rules see nothing: learnt from labelled examples, in the background, in small slices. */
import { readFile } from 'node:fs/promises';
import { setImmediate as pause } from 'node:timers/promises';
import { z } from 'zod';
import { normalise } from '../../knowledge/text/normalise.ts';
import { type DemandType, demandTypes } from '../store/demands.ts';
import { type Classifier, trainingClassifier } from './classifier/classifier.ts';
import type { LearntMemory } from './classifier/learnt-file.ts';
import type { Dense } from './classifier/vectors.ts';
import { demandType } from './demand.ts';

const exampleSchema = z.object({ text: z.string().min(1), label: z.enum(demandTypes), department: z.string().nullable().optional() });
export type DemandExample = z.infer<typeof exampleSchema>;

/** Reads labelled examples, one JSON object a line. Errors: file, line and the zod issue. */
export async function loadDemandExamples(file: string): Promise<DemandExample[]> {
  const lines = (await readFile(file, 'utf8')).split('\n').filter((line) => line.trim() !== '');
  return lines.map((line, i) => {
    const parsed = exampleSchema.safeParse(JSON.parse(line));
    if (!parsed.success) throw new Error(`${file}:${i + 1}: ${z.prettifyError(parsed.error)}`);
    return parsed.data;
  });
}

/** Less sure than this, what was learnt says nothing. */
const sure = 0.4;
/** How long a slice of the training holds the process, milliseconds. */
const sliceMs = 10;

export class DemandTypes {
  #classifier: Classifier | undefined;
  #stopped = false;

  /** Learns without holding up what else the process does; until it is done only the rules speak. */
  async learn(examples: readonly DemandExample[], dense?: Dense, memory?: LearntMemory): Promise<void> {
    const training = trainingClassifier(
      examples.map(({ text, label }) => ({ text: normalise(text), label })),
      { ...(dense ? { dense } : {}), memory },
    );
    let until = performance.now() + sliceMs;
    for (let step = training.next(); ; step = training.next()) {
      if (step.done) {
        this.#classifier = step.value;
        return;
      }
      if (this.#stopped) return;
      if (performance.now() < until) continue;
      await pause();
      until = performance.now() + sliceMs;
    }
  }

  /** Gives up a training that still runs. */
  stop(): void {
    this.#stopped = true;
  }

  /** The rules' answer where they have one, else what was learnt. */
  of(text: string): DemandType {
    const byRule = demandType(text);
    if (byRule !== 'consult' || !this.#classifier) return byRule;
    const { label, probability } = this.#classifier.classify(normalise(text));
    return probability >= sure ? (label as DemandType) : byRule;
  }
}
