import { environmentIds } from '../src/envs/index.ts';
import * as node from '../src/node/threads/worker-vector-env.ts';
import * as vectors from '../src/vector/index.ts';
import * as wrappers from '../src/wrappers/index.ts';

/** What Gymnasium offers, as `test/oracle/gymnasium_names.py` lists it. */
export interface GymnasiumNames {
  readonly gymnasium: string;
  readonly environments: Readonly<
    Record<string, { readonly maxEpisodeSteps: number | null; readonly rewardThreshold: number | null }>
  >;
  readonly wrappers: readonly string[];
  readonly vector: readonly string[];
  readonly vectorWrappers: readonly string[];
}

interface Row {
  readonly name: string;
  /** Our name; undefined where there is none. */
  readonly here?: string | undefined;
  readonly note: string;
}

const exported: Readonly<Record<string, unknown>> = { ...wrappers, ...vectors, ...node };

const environmentNotes: Readonly<Record<string, string>> = {
  'Acrobot-v1': 'each step to the last bit of its observation; a free run drifts where the C library rounds otherwise',
  'Pendulum-v1': 'for the spaces; `DiscretizeAction` makes it one for value-based agents',
  'MountainCarContinuous-v0': 'for the spaces; `DiscretizeAction` makes it one for value-based agents',
  'CartPole-v0': "with Gymnasium's attributes (masses, lengths, integrator) as options",
  'CartPole-v1': "with Gymnasium's attributes (masses, lengths, integrator) as options",
};
const elsewhere: readonly (readonly [RegExp, string])[] = [
  [/^(LunarLander|CarRacing|BipedalWalker)/, 'needs the Box2D physics engine'],
  [/^phys2d\//, 'the same environment written for JAX'],
  [/^tabular\//, 'the same environment written for JAX'],
  [/-v[45]$/, 'needs the MuJoCo engine; actions are continuous'],
];

const wrapperNames: Readonly<Record<string, readonly [here: string | undefined, note: string]>> = {
  AddRenderObservation: [
    'AddRenderObservation',
    'of our own drawings: other pixels than there; FrozenLake is 384 x 384 (there 256 x 256), Taxi 512 x 512 (there 536 x 456)',
  ],
  AddWhiteNoise: [undefined, 'changes the drawn picture only'],
  ArrayConversion: [undefined, 'there is one kind of array here'],
  AtariPreprocessing: ['AtariPreprocessing', "Lapan's wrappers are `lapanPreprocessing`"],
  ClipReward: ['ClipReward', 'without bounds: the sign, as in the papers'],
  DiscretizeObservation: ['DiscretizeObservation', 'also with bounds of your own, so that CartPole can be divided'],
  HumanRendering: [undefined, 'no window; `bellman play` shows and records'],
  JaxToNumpy: [undefined, 'there is one kind of array here'],
  JaxToTorch: [undefined, 'there is one kind of array here'],
  MaxAndSkipObservation: ['MaxAndSkip', 'an episode that ends early shows its last frame, not one left over'],
  NumpyToTorch: [undefined, 'there is one kind of array here'],
  ObstructView: [undefined, 'changes the drawn picture only'],
  OrderEnforcing: ['OrderEnforcing', 'also refuses a step after the end'],
  PassiveEnvChecker: ['PassiveChecker', 'looks at every step, throws'],
  RecordEpisodeStatistics: ['EpisodeStatistics', 'without the clock'],
  RecordVideo: ['RecordVideo', 'hands pictures to a sink; `bellman play -r` writes files'],
  RenderCollection: [undefined, '`RecordVideo` hands over every picture'],
  ResizeObservation: ['ResizeObservation', 'shrinks only'],
  StickyAction: ['StickyAction', 'in Atari games as in the paper: the first action follows a NOOP'],
};

const vectorNames: Readonly<Record<string, readonly [here: string | undefined, note: string]>> = {
  AsyncVectorEnv: [
    'WorkerVectorEnv',
    'threads and shared memory; `makeWorkerVectorEnv` and, for calls that wait, `ThreadedVectorEnv` in `bellman-rl/node`',
  ],
  AutoresetMode: ['AutoresetMode', "a type: 'next-step', 'same-step' or 'disabled'"],
  SyncVectorEnv: [
    'SyncVectorEnv',
    "`makeVec` is `make_vec`; observations in one array; `observationMode` 'same' and 'different'",
  ],
  VectorEnv: ['VectorEnv', 'an interface'],
  VectorWrapper: ['VectorWrapper', 'of observations, rewards and what else a call tells'],
};

const perEnvironment = 'wrap each environment: the option `wrappers` of `makeVec`';
const joint = 'one statistic over all environments; over a `WorkerVectorEnv` too';
const vectorWrapperNames: Readonly<Record<string, readonly [here: string | undefined, note: string]>> = {
  DictInfoToList: ['infosOfEach', 'a function'],
  NormalizeObservation: ['NormalizeVectorObservation', joint],
  NormalizeReward: ['NormalizeVectorReward', joint],
};

function environmentRow(name: string): Row {
  if (environmentIds().includes(name)) return { name, here: name, note: environmentNotes[name] ?? '' };
  const why = elsewhere.find(([form]) => form.test(name));
  if (why === undefined) throw new Error(`no reason why ${name} is not here`);
  return { name, note: why[1] };
}

/** Names that leave no trace at run time. */
const typeNames: readonly string[] = ['AutoresetMode', 'VectorEnv'];

function classRow(name: string, table: typeof wrapperNames): Row {
  const [here, note] = table[name] ?? [name, ''];
  if (here !== undefined && !typeNames.includes(here) && !(here in exported))
    throw new Error(`${here} is not exported`);
  return { name, here, note };
}

function vectorWrapperRow(name: string): Row {
  if (name in vectorWrapperNames) return classRow(name, vectorWrapperNames);
  const single = name.replace(/^Vectorize/, '');
  const row = classRow(single, wrapperNames);
  return { name, note: row.here === undefined ? row.note : `${perEnvironment} (\`${row.here}\`)` };
}

function vectorRow(name: string): Row {
  if (name in vectorNames || name in exported) return classRow(name, vectorNames);
  return { name, note: perEnvironment };
}

/** The page docs/guide/gymnasium.md. */
/** What Gymnasium's checker asks for since 1.4: fresh data at each call. */
const MEMORY = `## Memory that is handed out again

Gymnasium's checker wants fresh arrays from each call. Here large arrays are reused; copy what you need later.

| what | valid until |
|---|---|
| observations that are pictures or RAM of Atari games | the next \`step\` or \`reset\` |
| observations of other environments: numbers, short arrays | for ever |
| \`data\` of a picture of \`render\` | the next \`render\` |
| \`info.action_mask\` of Taxi | for ever; shared by all Taxis, read only |
| results of a vector: arrays and the objects that hold them | its next call; for ever with \`copy: true\` |
| \`infos\` of a vector | for ever; those of \`AtariVectorEnv\` until its next call |
`;

export function coveragePage(names: GymnasiumNames): string {
  const table = (title: string, rows: readonly Row[]): string => {
    const lines = rows.map(
      ({ name, here, note }) => `| ${name} | ${here === undefined ? 'no' : `\`${here}\``} | ${note} |`,
    );
    return `## ${title}\n\n| Gymnasium | here | |\n|---|---|---|\n${lines.join('\n')}\n`;
  };
  return [
    `# What is here of Gymnasium ${names.gymnasium}\n`,
    '"Here" means: with the same seed you get Gymnasium\'s numbers, bit for bit in toy text and wrappers, to 1e-6 in classic',
    'control. `npx tsx scripts/gymnasium-table.ts` writes this page; a test compares it with the real registry and exports.\n',
    table('Environments', Object.keys(names.environments).map(environmentRow)),
    table(
      'Wrappers',
      names.wrappers.map((name) => classRow(name, wrapperNames)),
    ),
    table('Vector environments', names.vector.map(vectorRow)),
    table('Wrappers of vectors', names.vectorWrappers.map(vectorWrapperRow)),
    MEMORY,
  ].join('\n');
}
