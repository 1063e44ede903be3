import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { projectRoot } from '../paths.ts';

const root = projectRoot();
const text = readFileSync(join(root, 'docs', 'security.md'), 'utf8');

describe('[R-027] the threat model', () => {
  it('names only tests that exist, by words of their titles', () => {
    const named = [...text.matchAll(/`([\w./-]+\.test\.ts)`(?: › ((?:\*[^*]+\*(?:; )?)+))?/g)];
    expect(named.length).toBeGreaterThan(30);
    const missing = named.flatMap(([, file = '', titles = '']) => {
      if (!existsSync(join(root, file))) return [file];
      const heads = readFileSync(join(root, file), 'utf8').matchAll(
        /(?:\b(?:it|test|describe|onEachEngine)(?:\.\w+)?\(|\]\)\(|\}\)\(|\)\()\s*([`'"])((?:\\.|(?!\1).)*)\1/gs,
      );
      const written = [...heads].map(([, , title = '']) => title.replaceAll('\\', '').toLowerCase());
      return [...titles.matchAll(/\*([^*]+)\*/g)].flatMap(([, words = '']) =>
        written.some((title) => title.includes(words.toLowerCase())) ? [] : [`${file} › ${words}`],
      );
    });
    expect(missing).toEqual([]);
  });
});
