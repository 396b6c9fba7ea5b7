import type { DqnConfig } from '../agents/dqn-config.ts';
import { changesOf, vary } from './change.ts';
import { bootstrap, network, preprocessing, replay, under } from './parts.ts';
import { allActions, cite, deviation, type Recipe, type Sources, truncated, usually } from './recipe.ts';

const third = (place: string) => cite(`Lapan, Deep Reinforcement Learning Hands-On, 3rd ed., chapter 6, ${place}`);
const second = (place: string) => cite(`Lapan, Deep Reinforcement Learning Hands-On, 2nd ed., chapter 6, ${place}`);
const absent = (what: string) => cite(`not part of the book's chapter 6: ${what}`);
const change = changesOf<DqnConfig>();
/** The same game on the cartridge. */
export const CARTRIDGE_PONG = ['PongNoFrameskip-v4', 'ALE/Pong-v5'];

const config = {
  preprocessing: preprocessing.atari.config,
  clipReward: false,
  actionMasks: false,
  truncatedAsTerminal: false,
  network: network.nature.config,
  values: { kind: 'scalar', loss: 'mse' },
  bootstrap: bootstrap.greedy.config,
  replay: replay.uniform.config,
  environments: 1,
  gamma: 0.99,
  nStep: 1,
  batchSize: 32,
  bufferSize: 10_000,
  learningStarts: 10_000,
  trainInterval: 1,
  gradientSteps: 1,
  targetUpdateInterval: 1000,
  targetUpdateRate: 1,
  optimizer: 'adam',
  learningRate: 1e-4,
  learningRateFinal: 1e-4,
  learningRateDecaySteps: 0,
  optimizerEpsilon: 1e-8,
  gradientClipNorm: 0,
  epsilonStart: 1,
  epsilonFinal: 0.01,
  epsilonDecaySteps: 150_000,
  rewardBound: 19,
  rewardWindow: 100,
  maxSteps: 5_000_000,
} as const satisfies DqnConfig;

const sources: Sources<typeof config> = {
  ...under('preprocessing', preprocessing.atari.sources),
  clipReward: third('wrappers.py, clip_reward=False'),
  actionMasks: allActions,
  truncatedAsTerminal: truncated,
  ...under('network', network.nature.sources),
  'network.kind': third('dqn_model.py'),
  'network.dueling': absent('chapter 8'),
  'network.noisy': absent('chapter 8'),
  'values.kind': absent('chapter 8'),
  'values.loss': third('dqn_pong.py, MSELoss'),
  'bootstrap.kind': absent('chapter 8'),
  ...under('replay', replay.uniform.sources),
  environments: third('dqn_pong.py: one environment'),
  gamma: third('dqn_pong.py, GAMMA'),
  nStep: absent('chapter 8'),
  batchSize: third('dqn_pong.py, BATCH_SIZE'),
  bufferSize: third('dqn_pong.py, REPLAY_SIZE'),
  learningStarts: third('dqn_pong.py, REPLAY_START_SIZE'),
  trainInterval: third('dqn_pong.py: an update every frame'),
  gradientSteps: third('dqn_pong.py: one update'),
  targetUpdateInterval: third('dqn_pong.py, SYNC_TARGET_FRAMES'),
  targetUpdateRate: third('dqn_pong.py, load_state_dict: a copy'),
  optimizer: third('dqn_pong.py, optim.Adam'),
  learningRate: third('dqn_pong.py, LEARNING_RATE'),
  learningRateFinal: absent('learning-rate decay is its last exercise'),
  learningRateDecaySteps: absent('learning-rate decay is its last exercise'),
  optimizerEpsilon: cite('PyTorch torch.optim.Adam, default eps'),
  gradientClipNorm: absent('no clipping'),
  epsilonStart: third('dqn_pong.py, EPSILON_START'),
  epsilonFinal: third('dqn_pong.py, EPSILON_FINAL'),
  epsilonDecaySteps: third('dqn_pong.py, EPSILON_DECAY_LAST_FRAME'),
  rewardBound: third('dqn_pong.py, MEAN_REWARD_BOUND'),
  rewardWindow: third('dqn_pong.py: mean of the last 100 games'),
  maxSteps: deviation('dqn_pong.py, which never gives up', 'five times the million frames it is said to need'),
};

/** The third edition's Pong: epsilon to 0.01 by 150k frames, solved above 19. */
export const dqnPong: Recipe<DqnConfig> = {
  id: 'dqn-pong',
  title: "DQN on Pong with the third edition's settings",
  algorithm: 'dqn',
  env: 'bellman/Pong-v0',
  alsoFor: CARTRIDGE_PONG,
  config,
  sources,
  usual: usually(1_308_000, 240, 'docs/results/pong.md', 'PongNoFrameskip-v4'),
};

/** The second edition's Pong: its own frame processing, epsilon to 0.02 by 100k frames, solved above 19.5. */
export const dqnPongSecondEdition = vary(
  dqnPong,
  { id: 'dqn-pong-2e', title: "DQN on Pong with the second edition's settings" },
  change(
    {
      preprocessing: { edition: 'second', noopMax: 0, episodicLife: false },
      epsilonFinal: 0.02,
      epsilonDecaySteps: 100_000,
      rewardBound: 19.5,
    },
    {
      'preprocessing.edition': second('wrappers.py, ProcessFrame84'),
      'preprocessing.noopMax': second('wrappers.py: make_env has no no-op starts'),
      'preprocessing.episodicLife': second('wrappers.py: make_env keeps lives together'),
      epsilonFinal: second('02_dqn_pong.py, EPSILON_FINAL'),
      epsilonDecaySteps: second('02_dqn_pong.py, EPSILON_DECAY_LAST_FRAME'),
      rewardBound: second('02_dqn_pong.py, MEAN_REWARD_BOUND'),
    },
  ),
);

/** The third edition's Pong with learning from the thousandth frame, as a public course notebook has it. */
export const dqnPongEarlyStart = vary(
  dqnPong,
  { id: 'dqn-pong-early', title: "The third edition's Pong, learning from frame 1000" },
  change(
    { learningStarts: 1000 },
    {
      learningStarts: deviation(
        'dqn_pong.py, REPLAY_START_SIZE = 10000',
        'a course notebook starts at 1000: learning is seen ten times sooner',
      ),
    },
  ),
);
