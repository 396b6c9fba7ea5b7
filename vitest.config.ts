import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';

const here = (path: string) => fileURLToPath(new URL(path, import.meta.url));

export default defineConfig({
  resolve: {
    alias: [
      // Examples import the package by its name, as users do.
      { find: /^bellman-rl$/, replacement: here('./src/index.ts') },
      { find: /^bellman-rl\/envs\/(.+)$/, replacement: here('./src/envs/single/$1.ts') },
      { find: /^bellman-rl\/(.+)$/, replacement: here('./src/$1/index.ts') },
    ],
  },
  test: {
    include: ['src/**/*.test.ts', 'test/**/*.test.ts', 'examples/**/*.test.ts', 'scripts/**/*.test.ts'],
    pool: 'forks',
    globalSetup: 'test/support/find-build.ts',
    // Limits end what hangs and no more: on a busy machine everything comes late, ten times over.
    testTimeout: 300_000,
    hookTimeout: 300_000,
    expect: { poll: { timeout: 120_000 } },
    // The machines this runs on have two cores; more forks only fight each other.
    maxWorkers: 2,
  },
});
