import { availableParallelism } from 'node:os';
import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['**/*.test.ts', '**/*.test.tsx'],
    exclude: ['node_modules/**', 'dist/**', 'data/**', '.scratch/**'],
    globalSetup: ['bot/store/testing/global-setup.ts'],
    // Guards against a hang, not measures: a machine may be slow.
    testTimeout: 60_000,
    expect: { poll: { timeout: 10_000 } },
    // Most tests wait for servers and browsers rather than compute: on two cores two run side by side.
    maxWorkers: Math.max(2, availableParallelism() - 1),
    hookTimeout: 120_000,
    reporters: ['default', ['json', { outputFile: 'dist/test-results.json' }]],
    env: { TZ: 'Asia/Shanghai' },
  },
});
