/** Databases out there have had these migrations: a change to one of them would reach new databases only. */
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { migrationNames } from './migrate.ts';

/** Each file as it was released: the first half of the SHA-256 of its code without comments and spaces. */
const released: Readonly<Record<string, string>> = {
  '0001-start': '1d419247e70f8a876e67932c2c874b33',
  '0002-knowledge-life': '6ea647a64e0f01032fe5b2659b6f04a1',
  '0003-wechat': '4f30f7b8271055355e67122cb17a526d',
  '0004-sms': 'ee0a756fcae7f73af00c2073b419785b',
  '0006-patterns': '5b5b784a28253c044ce864a46e04cfca',
  '0008-wechat-ways': '37970e64cc71d497bd8a5c82e8f823ce',
  '0009-sms-limits': '37dece391de292d3c3c88a78b46cee33',
  '0010-people': 'dfe79a331e0925d91c81eb1bf8b8f84c',
  '0011-conversation-notes': '68ed8886c3741cd14896dad0053f3c5a',
  '0012-desk': '640301471aee79d5ba7dd5a341fb6c98',
  '0013-work': '32c069ba3a69002a74aa54b281f7c4f9',
  '0014-security': '65468e760332b6076ca6e4a6283f935d',
  '0015-webhooks': '70c3fb9998cfe3789314fb2bc9c9d2bf',
  '0016-incidents': 'c7359fb4cf31fceeff6e0ed81759c2f9',
  '0017-window-codes': '0c066819c3fb59162799cbd02961f7c6',
  '0018-evaluations': 'cb4278d98abc1f46748d7cc9d432bd06',
};

/** What of a file the database sees: comments and the way it is laid out may change. */
const digestOf = (source: string): string =>
  createHash('sha256')
    .update(source.replace(/\/\*[\s\S]*?\*\/|^\s*\/\/.*$/gm, '').replace(/\s+/g, ''))
    .digest('hex')
    .slice(0, 32);
const folder = import.meta.dirname;
const files = readdirSync(folder).filter((name) => /^\d{4}-[\w-]+\.ts$/.test(name));

describe('[R-122] released migrations', () => {
  it.each(Object.entries(released))('%s is as it was released', (name, digest) => {
    const now = digestOf(readFileSync(join(folder, `${name}.ts`), 'utf8'));
    const words =
      now === digest
        ? 'unchanged'
        : `${name}.ts was released: databases that have had it will not see the change. Undo it, and write a new migration that brings them there.`;
    expect(words).toBe('unchanged');
  });

  it('every migration is listed here once it is released, and none disappears', () => {
    const missing = Object.keys(released).filter((name) => !migrationNames.includes(name));
    expect(missing).toEqual([]);
    const unlisted = files.map((name) => name.replace(/\.ts$/, '')).filter((name) => !(name in released));
    const words = unlisted.map((name) => `add to \`released\`: '${name}': '${digestOf(readFileSync(join(folder, `${name}.ts`), 'utf8'))}'`);
    expect(words).toEqual([]);
  });

  it('a changed statement is noticed, a changed comment or layout is not', () => {
    const source = '/** Words. */\nawait sql`create table a (id integer)`.execute(db);\n';
    expect(digestOf(`// more words\n${source.replace('await', '\n  await')}`)).toBe(digestOf(source));
    expect(digestOf(source.replace('id', 'key'))).not.toBe(digestOf(source));
  });
});
