import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';

const here = (path: string) => fileURLToPath(new URL(path, import.meta.url));

export default defineConfig({
  // Examples import the package by its name, as users do.
  resolve: {
    alias: [
      { find: /^bellman-rl$/, replacement: here('./src/index.ts') },
      { find: /^bellman-rl\/envs\/(.+)$/, replacement: here('./src/envs/single/$1.ts') },
      { find: /^bellman-rl\/(.+)$/, replacement: here('./src/$1/index.ts') },
    ],
  },
  test: {
    include: ['src/**/*.test.ts', 'test/**/*.test.ts', 'examples/**/*.test.ts', 'scripts/**/*.test.ts'],
    pool: 'forks',
    testTimeout: 60_000,
    // What a page or a worker is waited for comes late on a busy machine.
    expect: { poll: { timeout: 20_000 } },
    hookTimeout: 60_000,
    // The machines this runs on have two cores; more forks only fight each other.
    maxWorkers: 2,
  },
});
