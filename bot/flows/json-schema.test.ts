import { readFile } from 'node:fs/promises';
import { expect, it } from 'vitest';
import { flowJsonSchema } from './json-schema.ts';

it('[R-062] the schema in docs/schemas is that of the language: else run `wenban flows schema --out docs/schemas/flow.json`', async () => {
  const kept = JSON.parse(await readFile(new URL('../../docs/schemas/flow.json', import.meta.url), 'utf8'));
  expect(kept).toEqual(JSON.parse(JSON.stringify(flowJsonSchema())));
});
