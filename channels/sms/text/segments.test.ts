import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isGsm7, septetsOf } from './gsm7.ts';
import { mainlandCount, segmentCount, segments } from './segments.ts';

const han = (length: number) => '办'.repeat(length);

describe('segments', () => {
  it.each([
    [0, 1],
    [70, 1],
    [71, 2],
    [134, 2],
    [135, 3],
    [150, 3],
    [201, 3],
    [202, 4],
  ])('%i Chinese characters are %i SMS', (length, count) => {
    expect(segmentCount(han(length))).toBe(count);
  });
  it.each([
    [160, 1],
    [161, 2],
    [306, 2],
    [307, 3],
    [459, 3],
    [460, 4],
  ])('%i GSM-7 characters are %i SMS', (length, count) => {
    expect(segmentCount('a'.repeat(length))).toBe(count);
  });
  it('counts characters of the extension table twice, and one foreign character makes all of it UCS-2', () => {
    expect(segments('€'.repeat(80))).toMatchObject({ encoding: 'gsm7', units: 160 });
    expect(segmentCount('€'.repeat(81))).toBe(2);
    for (const character of '\f^{}\\[~]|€') expect(septetsOf(character)).toBe(2);
    expect(segments(`${'a'.repeat(70)}ç`)).toMatchObject({ encoding: 'ucs2', units: 71 });
    expect(segmentCount(`${'a'.repeat(69)}ç`)).toBe(1);
    expect([isGsm7('`'), isGsm7('Ç'), isGsm7('ç')]).toEqual([false, true, false]);
    expect(mainlandCount('a'.repeat(71))).toBe(2);
  });
  it('never parts an escape from its septet or a surrogate pair: such a part stays shorter', () => {
    const gsm = segments(`${'a'.repeat(152)}€${'b'.repeat(20)}`);
    expect(gsm.parts.map((part) => part.length)).toEqual([152, 21]);
    const emoji = segments(`${han(66)}😀${han(10)}`);
    expect(emoji.parts.map((part) => part.length)).toEqual([66, 12]);
    // 134 units, but only 33 whole pairs fit into 67
    expect(segmentCount('😀'.repeat(67))).toBe(3);
  });
  it('the check sentence of the wire reference is 21 characters, 42 octets, one SMS', () => {
    const text = '您好，社保卡补办可到就近社保服务窗口办理。';
    expect([text.length, Buffer.from(text).length, Buffer.from(text, 'utf16le').length, segmentCount(text)]).toEqual([21, 63, 42, 1]);
  });

  const anyText = fc.oneof(
    fc.string({ unit: 'binary', maxLength: 400 }),
    fc.string({ unit: fc.constantFrom(...'abc€^[]~\n'), maxLength: 700 }),
    fc.string({ unit: fc.constantFrom('社', '保', '😀', 'a', '𠮷'), maxLength: 400 }),
  );
  it('property: the parts are the text, none is too long, none ends in half a character, and no other cut is shorter', () => {
    fc.assert(
      fc.property(anyText, (text) => {
        const { encoding, parts, units } = segments(text);
        expect(parts.join('')).toBe(text);
        const [single, part] = encoding === 'gsm7' ? [160, 153] : [70, 67];
        const size = (one: string) => (encoding === 'gsm7' ? [...one].reduce((sum, c) => sum + (septetsOf(c) ?? 99), 0) : one.length);
        expect(size(text)).toBe(units);
        expect(encoding === 'gsm7').toBe([...text].every((c) => septetsOf(c) !== undefined));
        expect(parts.length === 1).toBe(units <= single);
        for (const [index, one] of parts.entries()) {
          expect(size(one)).toBeLessThanOrEqual(parts.length === 1 ? single : part);
          if (!/\p{Surrogate}/u.test(text)) expect(one).not.toMatch(/\p{Surrogate}/u);
          // greedy is shortest: the first character of the next part did not fit any more
          const next = parts[index + 1];
          if (next !== undefined) expect(size(one) + size([...next][0] ?? '')).toBeGreaterThan(part);
        }
      }),
      { numRuns: 300 },
    );
  });
});
