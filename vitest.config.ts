import { defineConfig } from 'vitest/config';

/** The long tier of the kill tests. */
const kills = process.env.KILL_ROUNDS !== undefined;
const common = { testTimeout: 60_000, hookTimeout: 120_000 };

// `gates` reads the tree itself (borders, budgets, lock, sizes of the build); `browser` needs a Chromium and says so when there is none.
export default defineConfig({
  test: {
    projects: [
      {
        extends: true,
        test: {
          ...common,
          name: 'node',
          include: ['test/**/*.test.{ts,tsx}'],
          // Leases running out, again and again: ten minutes, and wrong on a machine that starves a process for 12 s.
          exclude: ['test/gates/**', 'test/browser/**', ...(kills ? [] : ['test/kill/owners.test.ts'])],
          globalSetup: ['test/support/database-process.ts'],
        },
      },
      // Typed lint of the whole tree takes its time on a busy machine.
      {
        extends: true,
        test: { ...common, testTimeout: 600_000, name: 'gates', include: ['test/gates/**/*.test.ts'] },
      },
      {
        extends: true,
        test: {
          ...common,
          testTimeout: 120_000,
          name: 'browser',
          include: ['test/browser/**/*.test.ts'],
          globalSetup: ['test/support/database-process.ts'],
          fileParallelism: false,
        },
      },
    ],
  },
});
