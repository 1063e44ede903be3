/**
 * Our count beside a published one: Twilio's sms-segments-calculator 1.3.0 (MIT). Its answers to 400 random texts, most of them at the edges of
 * one, two and three SMS, are recorded; where the package itself is installed, it is asked about new ones each time.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { segments } from './segments.ts';

const vectorSchema = z.object({
  /** The text: each piece so many times. */
  runs: z.array(z.tuple([z.string(), z.number()])),
  encoding: z.enum(['GSM-7', 'UCS-2']),
  segments: z.number(),
});
const vectors = readFileSync(join(import.meta.dirname, '..', 'testing', 'segment-vectors.jsonl'), 'utf8')
  .trim()
  .split('\n')
  .map((line) => vectorSchema.parse(JSON.parse(line)));

interface Calculator {
  readonly SegmentedMessage: new (text: string, encoding: 'auto') => { readonly encodingName: string; readonly segmentsCount: number };
}
const name: string = 'sms-segments-calculator';
const calculator = await import(name).then(
  (module: { default: Calculator }) => module.default,
  () => undefined,
);

const ours = (text: string) => {
  const { encoding, parts } = segments(text);
  return { encoding: encoding === 'gsm7' ? 'GSM-7' : 'UCS-2', segments: parts.length };
};

describe('segments as a published calculator counts them', () => {
  it('400 recorded texts', () => {
    expect(vectors).toHaveLength(400);
    for (const { runs, ...theirs } of vectors)
      expect(ours(runs.map(([piece, times]) => piece.repeat(times)).join('')), JSON.stringify(runs)).toEqual(theirs);
    expect(new Set(vectors.map((one) => `${one.encoding} ${one.segments}`)).size).toBeGreaterThan(12);
  });
  it.skipIf(!calculator)('property: any text of letters, Chinese and pictures (needs the package sms-segments-calculator)', () => {
    const unit = fc.constantFrom('a', ' ', '@', 'é', '€', '^', '[', '\n', '办', '。', 'ç', '😀', '𠮷', '【');
    fc.assert(
      fc.property(fc.string({ unit, minLength: 1, maxLength: 500 }), (text) => {
        const theirs = calculator && new calculator.SegmentedMessage(text, 'auto');
        expect(ours(text)).toEqual({ encoding: theirs?.encodingName, segments: theirs?.segmentsCount });
      }),
    );
  });
});
