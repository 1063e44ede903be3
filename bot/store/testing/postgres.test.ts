import { expect, test } from 'vitest';
import { startPostgres } from './postgres.ts';

test('DATABASE_URL is used as it is', async () => {
  expect(await startPostgres({ DATABASE_URL: 'postgres://db/x' })).toMatchObject({ url: 'postgres://db/x' });
});
