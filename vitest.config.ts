import { defineConfig } from 'vitest/config';

// eslint-disable-next-line import/no-default-export -- vitest wants one
export default defineConfig({
  test: {
    include: ['**/*.test.ts'],
    exclude: ['node_modules/**', '.state/**', 'connectors/*/fixtures/**', 'test/golden/**'],
    globalSetup: ['test/harness/on-demand.ts'],
    // Forks, because the Temporal worker is native code that does not bear threads; shared between files, so that the
    // time-skipping server and its worker start once in each.
    pool: 'forks',
    isolate: false,
    maxWorkers: 2,
    testTimeout: 30_000,
    hookTimeout: 120_000,
    teardownTimeout: 20_000,
  },
});
