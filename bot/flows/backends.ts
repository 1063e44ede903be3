/** What a flow's `call` step reaches: office systems, or their stand-in that reads a sample pack's `backends/` folder. */
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { parse } from 'yaml';
import { z } from 'zod';
import { isoOf } from './parse/date.ts';
import { displayDate, type SlotValue } from './values.ts';

export interface FlowBackends {
  /** Values by field name; a refusal's message is told to the citizen. `signal` aborts when the engine stops waiting. */
  call(
    name: string,
    args: Readonly<Record<string, string>>,
    signal?: AbortSignal,
  ): Promise<{ ok: true; values: Record<string, SlotValue> } | { ok: false; message: string }>;
}

const text = z.string().trim().min(1);
const progressCase = z
  .strictObject({
    receipt: z.string().regex(/^[A-Z]{2}\d{10}$/),
    phoneTail: z.string().regex(/^\d{4}$/),
    itemName: text,
    stage: text,
    nextStep: text,
    /** Days from today, so that sample cases never grow old; or words where no date runs. */
    dueInDays: z.int().min(0).max(365).optional(),
    dueText: text.optional(),
    department: text,
  })
  .refine((one) => (one.dueInDays === undefined) !== (one.dueText === undefined), 'needs either dueInDays or dueText');

/** `backends/progress.yaml`: made-up cases, and what each stage means in plain words. */
const progressFile = z
  .strictObject({ sample: z.literal(true), stages: z.record(text, text), cases: z.array(progressCase).min(1) })
  .superRefine((file, context) => {
    for (const [index, one] of file.cases.entries()) {
      if (!Object.hasOwn(file.stages, one.stage))
        context.addIssue({ code: 'custom', path: ['cases', index, 'stage'], message: `unknown stage ${one.stage}` });
      if (file.cases.findIndex((other) => other.receipt === one.receipt) !== index)
        context.addIssue({ code: 'custom', path: ['cases', index, 'receipt'], message: `${one.receipt} appears twice` });
    }
  });
type ProgressFile = z.infer<typeof progressFile>;

/** Back ends made of a pack's sample data. `progress.lookup` {receipt, phoneTail} is the only one; what it finds is marked `sample`. */
export class SampleBackends implements FlowBackends {
  readonly #progress: ProgressFile | undefined;
  readonly #now: () => number;

  private constructor(progress: ProgressFile | undefined, now: () => number) {
    this.#progress = progress;
    this.#now = now;
  }

  /** Reads `dir` (a pack's `backends/`); a pack without it has no back end. Throws, naming file and field, when a file is wrong. */
  static async load(dir: string, options: { now: () => number }): Promise<SampleBackends> {
    return new SampleBackends(await readProgress(path.join(dir, 'progress.yaml')), options.now);
  }

  async call(name: string, args: Readonly<Record<string, string>>): ReturnType<FlowBackends['call']> {
    const progress = this.#progress;
    if (name !== 'progress.lookup' || !progress) return { ok: false, message: '抱歉，这项查询还没有接通，我这边查不到。' };
    const receipt = (args.receipt ?? '').normalize('NFKC').replace(/[\s-]/g, '').toUpperCase();
    const found = progress.cases.find((one) => one.receipt === receipt);
    // A wrong phone tail and an unknown receipt look the same: nobody learns that a case exists.
    if (!found || found.phoneTail !== args.phoneTail) return { ok: true, values: { found: false } };
    const { itemName, stage, nextStep, department } = found;
    const stageText = progress.stages[stage] ?? stage;
    return { ok: true, values: { found: true, sample: true, itemName, stage, stageText, nextStep, dueDate: this.#due(found), department } };
  }

  #due(found: z.infer<typeof progressCase>): string {
    if (found.dueInDays === undefined) return found.dueText ?? '';
    const due = new Date(this.#now());
    due.setDate(due.getDate() + found.dueInDays);
    return displayDate(isoOf(due));
  }
}

/** Undefined when there is no such file; throws when it is wrong. */
async function readProgress(file: string): Promise<ProgressFile | undefined> {
  let source: string;
  try {
    source = await readFile(file, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
  const parsed = progressFile.safeParse(parse(source));
  if (!parsed.success) throw new Error(`${file}: ${z.prettifyError(parsed.error)}`);
  return parsed.data;
}
