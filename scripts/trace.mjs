/** Requirement → tests → state, from the titles of the last test run (`[R-081] …`). Run after `npm test`. */
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '..');
const results = path.join(root, 'dist', 'test-results.json');
if (!existsSync(results)) {
  console.error('no test results yet: run `npm test` first');
  process.exit(2);
}

/** @type {Map<string, { title: string, file: string, status: string }[]>} */
const tests = new Map();
for (const file of JSON.parse(readFileSync(results, 'utf8')).testResults) {
  for (const { fullName, status } of file.assertionResults) {
    for (const [, ids] of fullName.matchAll(/\[((?:R-\d{3}(?:,\s*)?)+)\]/g)) {
      for (const id of ids.split(/,\s*/))
        tests.set(id, [...(tests.get(id) ?? []), { title: fullName, file: path.relative(root, file.name), status }]);
    }
  }
}

const state = (list) =>
  list.some((one) => one.status === 'failed') ? 'FAILED' : list.some((one) => one.status === 'passed') ? 'shown' : 'skipped';
for (const id of [...tests.keys()].sort()) {
  const list = tests.get(id);
  console.log(`${id}  ${state(list).padEnd(7)} ${String(list.length).padStart(3)} ${list.length === 1 ? 'test' : 'tests'}`);
  if (process.argv.includes('--tests')) for (const one of list) console.log(`        ${one.status.padEnd(8)} ${one.file}: ${one.title}`);
}
const failed = [...tests.values()].filter((list) => state(list) === 'FAILED').length;
console.log(`${tests.size} requirements have tests${failed > 0 ? `, ${failed} of them fail` : ''}`);
process.exitCode = failed > 0 ? 1 : 0;
