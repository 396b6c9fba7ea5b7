import type { DqnConfig } from '../agents/dqn-config.ts';
import { plainDqn } from './plain-dqn.ts';
import { cite, deviation, type Recipe } from './recipe.ts';

const third = (place: string) => cite(`Lapan, Deep Reinforcement Learning Hands-On, 3rd ed., chapter 6, ${place}`);
const second = (place: string) => cite(`Lapan, Deep Reinforcement Learning Hands-On, 2nd ed., chapter 6, ${place}`);
const absent = (what: string) => cite(`not part of the book's chapter 6: ${what}`);
const BUILT_IN = 'bellman/Pong-v0';
/** The same game on the cartridge. */
export const CARTRIDGE_PONG = ['PongNoFrameskip-v4', 'ALE/Pong-v5'];

/** The third edition's Pong: epsilon to 0.01 by 150k frames, solved above 19. */
export const dqnPong = {
  id: 'dqn-pong',
  title: "DQN on Pong with the third edition's settings",
  algorithm: 'dqn',
  env: BUILT_IN,
  alsoFor: CARTRIDGE_PONG,
  config: {
    ...plainDqn.config,
    preprocessing: 'atari',
    frameSize: 84,
    noopMax: 0,
    frameSkip: 4,
    frameStack: 4,
    episodicLife: true,
    clipReward: false,
    network: 'nature',
    hiddenSizes: [512],
    dueling: false,
    doubleQ: false,
    gamma: 0.99,
    nStep: 1,
    batchSize: 32,
    bufferSize: 10_000,
    learningStarts: 10_000,
    trainInterval: 1,
    gradientSteps: 1,
    targetUpdateInterval: 1000,
    optimizer: 'adam',
    learningRate: 1e-4,
    learningRateFinal: 1e-4,
    learningRateDecaySteps: 0,
    optimizerEpsilon: 1e-8,
    loss: 'mse',
    gradientClipNorm: 0,
    epsilonStart: 1,
    epsilonFinal: 0.01,
    epsilonDecaySteps: 150_000,
    rewardBound: 19,
    rewardWindow: 100,
    maxSteps: 5_000_000,
  },
  sources: {
    ...plainDqn.sources,
    preprocessing: third('wrappers.py, AtariWrapper'),
    frameSize: third('wrappers.py: WarpFrame, 84x84'),
    noopMax: third('wrappers.py, noop_max=0'),
    frameSkip: third('wrappers.py: AtariWrapper frame_skip, default 4'),
    frameStack: third('wrappers.py, BufferWrapper n_steps=4'),
    episodicLife: third('wrappers.py: AtariWrapper terminal_on_life_loss, default True'),
    clipReward: third('wrappers.py, clip_reward=False'),
    network: third('dqn_model.py'),
    hiddenSizes: third('dqn_model.py, Linear(size, 512)'),
    dueling: absent('chapter 8'),
    doubleQ: absent('chapter 8'),
    gamma: third('dqn_pong.py, GAMMA'),
    nStep: absent('chapter 8'),
    batchSize: third('dqn_pong.py, BATCH_SIZE'),
    bufferSize: third('dqn_pong.py, REPLAY_SIZE'),
    learningStarts: third('dqn_pong.py, REPLAY_START_SIZE'),
    trainInterval: third('dqn_pong.py: an update every frame'),
    gradientSteps: third('dqn_pong.py: one update'),
    targetUpdateInterval: third('dqn_pong.py, SYNC_TARGET_FRAMES'),
    optimizer: third('dqn_pong.py, optim.Adam'),
    learningRate: third('dqn_pong.py, LEARNING_RATE'),
    learningRateFinal: absent('learning-rate decay is its last exercise'),
    learningRateDecaySteps: absent('learning-rate decay is its last exercise'),
    optimizerEpsilon: cite('PyTorch torch.optim.Adam, default eps'),
    loss: third('dqn_pong.py, MSELoss'),
    gradientClipNorm: absent('no clipping'),
    epsilonStart: third('dqn_pong.py, EPSILON_START'),
    epsilonFinal: third('dqn_pong.py, EPSILON_FINAL'),
    epsilonDecaySteps: third('dqn_pong.py, EPSILON_DECAY_LAST_FRAME'),
    rewardBound: third('dqn_pong.py, MEAN_REWARD_BOUND'),
    rewardWindow: third('dqn_pong.py: mean of the last 100 games'),
    maxSteps: deviation('dqn_pong.py, which never gives up', 'five times the million frames it is said to need'),
  },
} as const satisfies Recipe<DqnConfig>;

/** The second edition's Pong: its own frame processing, epsilon to 0.02 by 100k frames, solved above 19.5. */
export const dqnPongSecondEdition = {
  ...dqnPong,
  id: 'dqn-pong-2e',
  title: "DQN on Pong with the second edition's settings",
  config: {
    ...dqnPong.config,
    preprocessing: 'atari-second-edition',
    episodicLife: false,
    epsilonFinal: 0.02,
    epsilonDecaySteps: 100_000,
    rewardBound: 19.5,
  },
  sources: {
    ...dqnPong.sources,
    preprocessing: second('wrappers.py, ProcessFrame84'),
    noopMax: second('wrappers.py: make_env has no no-op starts'),
    episodicLife: second('wrappers.py: make_env keeps lives together'),
    epsilonFinal: second('02_dqn_pong.py, EPSILON_FINAL'),
    epsilonDecaySteps: second('02_dqn_pong.py, EPSILON_DECAY_LAST_FRAME'),
    rewardBound: second('02_dqn_pong.py, MEAN_REWARD_BOUND'),
  },
} as const satisfies Recipe<DqnConfig>;

/** The third edition's Pong with learning from the thousandth frame, as a public course notebook has it. */
export const dqnPongEarlyStart = {
  ...dqnPong,
  id: 'dqn-pong-early',
  title: "The third edition's Pong, learning from frame 1000",
  config: { ...dqnPong.config, learningStarts: 1000 },
  sources: {
    ...dqnPong.sources,
    learningStarts: deviation(
      'dqn_pong.py, REPLAY_START_SIZE = 10000',
      'a course notebook starts at 1000: learning is seen ten times sooner',
    ),
  },
} as const satisfies Recipe<DqnConfig>;
