/**
 * How large small pages are: kilobytes of code that load at once, as Vite builds them, and compressed.
 *
 *   npx tsx scripts/page-sizes.ts [NAME]      prints the table; of the page NAME also the files, the largest first
 *
 * The tests hold those with a limit to it; docs/results/bundlers.md has the table.
 */
import { pathToFileURL } from 'node:url';
import { pageSize } from '../test/support/bundle.ts';

export interface SmallPage {
  readonly name: string;
  /** What the page does. */
  readonly does: string;
  readonly program: string;
  /** Most kilobytes, minified. */
  readonly limit?: number;
}

const solve = `
  import { valueIteration } from 'bellman-rl/tabular';
  document.title = valueIteration(env.model, { gamma: 0.9 }).values.join(' ');`;

const dqn = `
  import { createDqnTraining, train } from 'bellman-rl/train';
  import { dqnCartPole } from 'bellman-rl/recipes';
  const { config } = dqnCartPole;
  const training = await createDqnTraining({ config, envId: 'CartPole-v1', env, createRunner, seed: 1 });
  await train(training, { now: () => performance.now() });
  document.title = training.exportModel().fileName;`;

const onePole = `
  import { CartPoleEnv } from 'bellman-rl/envs';
  import { SyncVectorEnv } from 'bellman-rl/vector';
  import { TimeLimit } from 'bellman-rl/wrappers';
  const env = new SyncVectorEnv([() => new TimeLimit(new CartPoleEnv(), 500)], { autoresetMode: 'same-step' });`;

export const smallPages: readonly SmallPage[] = [
  {
    name: 'planner',
    does: "`valueIteration` alone, on a model of the page's own",
    program: `const env = { model: JSON.parse(document.title) }; ${solve}`,
    limit: 7,
  },
  {
    name: 'lake',
    does: "`make('FrozenLake-v1')` of `bellman-rl/envs/make`, and value iteration",
    program: `import { make } from 'bellman-rl/envs/make';
      import 'bellman-rl/envs/frozen-lake';
      const env = make('FrozenLake-v1').unwrapped; ${solve}`,
    limit: 60,
  },
  {
    name: 'lake-class',
    does: '`new FrozenLakeEnv()`, and value iteration',
    program: `import { FrozenLakeEnv } from 'bellman-rl/envs'; const env = new FrozenLakeEnv(); ${solve}`,
    limit: 55,
  },
  {
    name: 'lake-of-all',
    does: "`make('FrozenLake-v1')` of `bellman-rl`, with all environments, and value iteration",
    program: `import { make } from 'bellman-rl'; const env = make('FrozenLake-v1').unwrapped; ${solve}`,
    limit: 120,
  },
  {
    name: 'lake-learner',
    does: '`new FrozenLakeEnv()` and Q-learning',
    program: `import { FrozenLakeEnv } from 'bellman-rl/envs';
      import { QLearningAgent } from 'bellman-rl/tabular';
      import { qLearningFrozenLake } from 'bellman-rl/recipes';
      const { config } = qLearningFrozenLake;
      const agent = new QLearningAgent({ env: new FrozenLakeEnv(), testEnv: new FrozenLakeEnv(), config, seed: 1 });
      agent.iterate();`,
  },
  {
    name: 'pong',
    does: 'the built-in Pong, drawn',
    program: `import { PongEnv } from 'bellman-rl/envs';
      const env = new PongEnv({ renderMode: 'rgb_array' });
      env.reset(); env.step(2); document.title = env.render().width;`,
    limit: 45,
  },
  {
    name: 'console',
    does: 'an Atari 2600 (`createConsole`)',
    program: `import { createConsole } from 'bellman-rl/atari'; createConsole(new Uint8Array(4096), { format: 'NTSC' });`,
    limit: 200,
  },
  {
    name: 'dqn',
    does: 'DQN on CartPole, networks in the interpreter',
    program: `${onePole} import { interpretGraphs as createRunner } from 'bellman-rl/graph'; ${dqn}`,
    limit: 165,
  },
  {
    name: 'dqn-ort',
    does: 'DQN on CartPole, networks on onnxruntime-web (not counted)',
    program: `${onePole}
      import { ortWebRunnerFactory } from 'bellman-rl/web';
      const createRunner = ortWebRunnerFactory(globalThis.ort); ${dqn}`,
    limit: 165,
  },
  {
    name: 'recipe',
    does: '`findRecipe`, with all recipes',
    program: `import { findRecipe } from 'bellman-rl/recipes'; document.title = JSON.stringify(findRecipe('dqn-pong'));`,
    limit: 60,
  },
  {
    name: 'model',
    does: 'reading an ONNX model (`readOnnx`)',
    program: `import { readOnnx } from 'bellman-rl/graph'; document.title = readOnnx(new Uint8Array(8)).metadata.env;`,
    limit: 25,
  },
  {
    name: 'gif',
    does: "a GIF (`createVideoEncoder('gif')`)",
    program: `import { createVideoEncoder } from 'bellman-rl/video';
      await (await createVideoEncoder('gif', { fps: 30 })).finish();`,
  },
];

async function printTable(): Promise<void> {
  console.log('| page | kB | gzip | loaded later, at most | limit |\n|---|--:|--:|--:|--:|');
  for (const { does, program, limit } of smallPages) {
    const { minified, gzip, later } = await pageSize(program);
    console.log(`| ${does} | ${minified.toFixed(1)} | ${gzip.toFixed(1)} | ${later.toFixed(0)} | ${limit ?? ''} |`);
  }
}

async function printParts(name: string): Promise<void> {
  const page = smallPages.find((small) => small.name === name);
  if (page === undefined) throw new Error(`Give one of ${smallPages.map((small) => small.name).join(', ')}.`);
  const { minified, parts } = await pageSize(page.program);
  console.log(`${minified.toFixed(1)} kB: ${page.does}. Its files before they are minified, in bytes:`);
  for (const [file, bytes] of parts) console.log(`${String(bytes).padStart(7)} ${file}`);
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  const [name] = process.argv.slice(2);
  await (name === undefined ? printTable() : printParts(name));
}
