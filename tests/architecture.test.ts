import { mkdir, rm, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import path from 'node:path';
import { cruise, type ICruiseResult } from 'dependency-cruiser';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

const root = path.resolve(import.meta.dirname, '..');
const rules = createRequire(import.meta.url)(path.join(root, '.dependency-cruiser.cjs'));
const folders = ['bot', 'channels', 'desk', 'eval', 'knowledge', 'prompts', 'server'];

/** The violations of the rules among some files, as `rule: from → to`. */
async function violations(files: string[]): Promise<string[]> {
  const { output } = await cruise(files, { ...rules.options, ruleSet: { forbidden: rules.forbidden }, validate: true, baseDir: root });
  return (output as ICruiseResult).summary.violations.map((found) => `${found.rule.name}: ${found.from} → ${found.to}`);
}

describe('imports point one way (docs/architecture.md)', () => {
  const wrong = path.join(root, 'knowledge', 'testing-wrong-way.ts');
  beforeAll(() => mkdir(path.dirname(wrong), { recursive: true }));
  afterAll(() => rm(wrong, { force: true }));

  it('no file of the project breaks a rule', async () => {
    expect(await violations(folders)).toEqual([]);
  }, 180_000);

  it('an import that points upwards is found', async () => {
    await writeFile(wrong, "import { Core } from '../bot/core.ts';\nexport const x = Core;\n");
    expect(await violations(['knowledge/testing-wrong-way.ts'])).toContain(
      'knowledge-knows-nobody: knowledge/testing-wrong-way.ts → bot/core.ts',
    );
  });
});
