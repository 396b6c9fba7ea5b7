import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';
import { BaseSequencer, type TestSpecification } from 'vitest/node';
import { hashSources, isBuiltFrom } from './scripts/source-hash.ts';

const here = (path: string) => fileURLToPath(new URL(path, import.meta.url));

/** Whose tests leave their process as they found it, and share it with others … */
const TOGETHER = 'cli|contract|oracle|package|platform';
const SHARING = ['src/**/*.test.ts', `test/@(${TOGETHER})/**/*.test.ts`];
/** … but for these, which register something or look at what is there: environments, algorithms, parts of networks, cartridges. */
const REGISTRIES = [
  'src/agents/own-kinds.test.ts',
  'src/algorithms/registry.test.ts',
  'src/atari/ale.test.ts',
  'src/atari/atari-family.test.ts',
  'src/envs/action-meanings.test.ts',
  'src/envs/registry.test.ts',
  'src/node/runs/code-mark.test.ts',
  'src/node/runs/import-environment.test.ts',
  'src/node/runs/resolve-run.test.ts',
  'src/node/runs/run-training.test.ts',
  'src/recipes/settings.test.ts',
  'src/web/worker/remote-training.test.ts',
  'test/cli/roms.test.ts',
  'test/cli/suite.test.ts',
  'test/package/entry-points.test.ts',
];

/** Short files that run the documents' commands for a minute or two each. Without times of an earlier run, vitest would take them for quick ones. */
const LONG = ['guide', 'worksheets', 'readme', 'commands'].map((page) => `/test/docs/${page}.test.ts`);

class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const sorted = await super.sort(files);
    const isLong = ({ moduleId }: TestSpecification) => LONG.some((path) => moduleId.endsWith(path));
    return [...sorted.filter(isLong), ...sorted.filter((file) => !isLong(file))];
  }
}

/** Whose threads are told only later which module of the tests to load. */
const OWN_MODULES = ['test/oracle/vector-infos.test.ts', 'test/oracle/vectors.test.ts'];
const builtThreads = isBuiltFrom(hashSources())
  ? [{ find: /^\.\.?\/(threads\/)?spawn-worker\.ts$/, replacement: here('./test/support/spawn-worker.ts') }]
  : [];

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
    projects: [
      // They share the modules of one process: importing them anew for each file takes half the processor time of most.
      {
        extends: true,
        resolve: { alias: builtThreads },
        test: {
          name: 'sharing',
          include: SHARING,
          exclude: [...REGISTRIES, ...OWN_MODULES],
          isolate: false,
          setupFiles: here('./test/support/leave-as-found.ts'),
        },
      },
      {
        extends: true,
        resolve: { alias: builtThreads },
        test: {
          name: 'apart',
          include: [...REGISTRIES, `test/!(${TOGETHER})/**/*.test.ts`, '{examples,scripts}/**/*.test.ts'],
          exclude: OWN_MODULES,
        },
      },
      { extends: true, test: { name: 'sources', include: OWN_MODULES } },
    ],
    pool: 'forks',
    sequence: { sequencer: LongestFirst },
    setupFiles: here('./test/support/compare-bytes.ts'),
    globalSetup: [here('./test/support/find-build.ts'), here('./test/support/each-file-once.ts')],
    // Limits end what hangs and no more: on a busy machine everything comes late, ten times over.
    testTimeout: 300_000,
    hookTimeout: 300_000,
    expect: { poll: { timeout: 120_000 } },
    // The machines this runs on have two cores; a third fork has them while others wait for programs and browsers.
    maxWorkers: 3,
  },
});
