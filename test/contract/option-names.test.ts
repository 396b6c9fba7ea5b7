/** An option that is misspelled is refused by name wherever options are taken; it would leave the default in silence. */
import { describe, expect, it } from 'vitest';
import { Ale, AtariEnv, AtariVectorEnv, createConsole } from '../../src/atari/index.ts';
import { UnknownNameError } from '../../src/core/errors.ts';
import * as envs from '../../src/envs/index.ts';
import { emitOnnx, Graph } from '../../src/graph/index.ts';
import { Adam, ObGd, RmsProp, Sgd } from '../../src/nn/index.ts';
import {
  createOrtRunner,
  createRun,
  loadAgent,
  makeWorkerVectorEnv,
  openRun,
  openVideoFile,
  PythonEnv,
  resolveRun,
  runTraining,
  ThreadedVectorEnv,
} from '../../src/node/index.ts';
import { drawCurves, drawIntervals } from '../../src/plot/index.ts';
import { createBatch, PrioritizedReplay, SequenceReplay, UniformReplay } from '../../src/replay/index.ts';
import { settleRun } from '../../src/runs/index.ts';
import { Dict, Discrete, MultiDiscrete } from '../../src/spaces/index.ts';
import { bootstrapIntervals } from '../../src/stats/index.ts';
import * as tabular from '../../src/tabular/index.ts';
import { evaluate, playEpisode, train } from '../../src/train/index.ts';
import { MedianPruner, SuccessiveHalvingPruner, TpeSampler } from '../../src/tune/index.ts';
import { makeVec, SyncVectorEnv } from '../../src/vector/index.ts';
import { createVideoEncoder } from '../../src/video/index.ts';
import { loadOrt } from '../../src/web/index.ts';
import * as wrappers from '../../src/wrappers/index.ts';

const model = new envs.FrozenLakeEnv().model;
const cartPole = () => new envs.CartPoleEnv();
const request = { recipe: 'q-learning-taxi', seed: 0, device: 'cpu', set: {} };
const replay = { bufferSize: 8, elementType: 'uint8', frameLength: 4, gamma: 0.9 } as const;

/** What takes options, with good ones to which a misspelled one is added. */
const takers: Record<string, (extra: Record<string, unknown>) => unknown> = {
  AcrobotEnv: (extra) => new envs.AcrobotEnv(extra),
  BlackjackEnv: (extra) => new envs.BlackjackEnv(extra),
  CartPoleEnv: (extra) => new envs.CartPoleEnv(extra),
  CliffWalkingEnv: (extra) => new envs.CliffWalkingEnv(extra),
  FrozenLakeEnv: (extra) => new envs.FrozenLakeEnv(extra),
  MountainCarEnv: (extra) => new envs.MountainCarEnv(extra),
  MountainCarContinuousEnv: (extra) => new envs.MountainCarContinuousEnv(extra),
  PendulumEnv: (extra) => new envs.PendulumEnv(extra),
  PongEnv: (extra) => new envs.PongEnv(extra),
  TaxiEnv: (extra) => new envs.TaxiEnv(extra),
  AtariEnv: (extra) => new AtariEnv({ game: 'pong', ...extra }),
  AtariVectorEnv: (extra) => new AtariVectorEnv({ game: 'pong', ...extra } as never),
  Ale: (extra) => new Ale(new Uint8Array(4096), extra),
  createConsole: (extra) => createConsole(new Uint8Array(4096), extra),
  PythonEnv: (extra) => new PythonEnv('CartPole-v1', extra),
  make: (extra) => envs.make('CartPole-v1', extra as object),
  makeVec: (extra) => makeVec('CartPole-v1', 2, extra),
  ThreadedVectorEnv: (extra) => new ThreadedVectorEnv('CartPole-v1', 2, { threads: 2, ...extra }),
  makeWorkerVectorEnv: (extra) => makeWorkerVectorEnv('CartPole-v1', 2, extra),
  SyncVectorEnv: (extra) => new SyncVectorEnv([cartPole], extra),
  'reset of a table environment': (extra) => new envs.TaxiEnv().reset({ seed: 1, ...extra }),
  'reset of CartPole': (extra) => cartPole().reset(extra),
  'reset of Pong': (extra) => new envs.PongEnv().reset(extra),
  'reset through wrappers': (extra) => envs.make('CartPole-v1').reset({ seed: 1, ...extra }),
  TimeAwareObservation: (extra) => new wrappers.TimeAwareObservation(envs.make('CartPole-v1'), extra),
  DiscretizeObservation: (extra) => new wrappers.DiscretizeObservation(new envs.PendulumEnv(), 4, extra),
  DiscretizeAction: (extra) => new wrappers.DiscretizeAction(new envs.PendulumEnv(), 4, extra),
  EpisodeStatistics: (extra) => new wrappers.EpisodeStatistics(cartPole(), extra),
  NormalizeReward: (extra) => new wrappers.NormalizeReward(cartPole(), extra),
  AtariPreprocessing: (extra) => new wrappers.AtariPreprocessing(new envs.PongEnv() as never, extra),
  UniformReplay: (extra) => new UniformReplay({ ...replay, ...extra }),
  PrioritizedReplay: (extra) => new PrioritizedReplay({ ...replay, ...extra }),
  SequenceReplay: (extra) => new SequenceReplay(extra as never),
  createBatch: (extra) => createBatch('uint8', 2, 4, extra),
  Dict: (extra) => new Dict({ a: new Discrete(2) }, extra),
  Discrete: (extra) => new Discrete(2, extra),
  MultiDiscrete: (extra) => new MultiDiscrete([2, 3], extra),
  Adam: (extra) => new Adam(2, { learningRate: 0.1, ...extra }),
  ObGd: (extra) => new ObGd(2, { learningRate: 0.1, kappa: 2, ...extra }),
  RmsProp: (extra) => new RmsProp(2, { learningRate: 0.1, ...extra }),
  Sgd: (extra) => new Sgd(2, { learningRate: 0.1, ...extra }),
  emitOnnx: (extra) => emitOnnx(new Graph(), { outputs: {}, ...extra }),
  createOrtRunner: (extra) => createOrtRunner(new Uint8Array(), { inputs: {}, outputs: {}, ...extra }),
  loadOrt,
  valueIteration: (extra) => tabular.valueIteration(model, { gamma: 0.9, ...extra }),
  qIteration: (extra) => tabular.qIteration(model, { gamma: 0.9, ...extra }),
  policyIteration: (extra) => tabular.policyIteration(model, { gamma: 0.9, ...extra }),
  policyEvaluation: (extra) => tabular.policyEvaluation(model, new Int32Array(16), 0.9, extra),
  StepwiseValueIteration: (extra) => new tabular.StepwiseValueIteration(model, { gamma: 0.9, ...extra }),
  bootstrapIntervals: (extra) => bootstrapIntervals([[[1, 2]]], () => [1], { seed: 1, ...extra }),
  playEpisode: (extra) => playEpisode(cartPole(), () => 0, extra),
  evaluate: (extra) =>
    evaluate({ env: cartPole(), act: () => 0, randomAction: () => 0 }, { episodes: 1, seed: 1, ...extra }),
  train: (extra) => train({ end: 'bound' } as never, { observer: {}, now: () => 0, ...extra } as never),
  MedianPruner: (extra) => new MedianPruner(extra),
  SuccessiveHalvingPruner: (extra) => new SuccessiveHalvingPruner({ minResource: 1, ...extra }),
  TpeSampler: (extra) => new TpeSampler(1, extra),
  drawCurves: (extra) => drawCurves([], { title: 'a', xLabel: 'x', yLabel: 'y', ...extra } as never),
  drawIntervals: (extra) => drawIntervals([], { title: 'a', labels: [], ...extra } as never),
  createVideoEncoder: (extra) => createVideoEncoder('gif', { fps: 30, ...extra }),
  openVideoFile: (extra) => openVideoFile('film.gif', { fps: 30, ...extra }),
  createRun: (extra) => createRun({ config: {}, version: '0', ...extra }),
  openRun: (extra) => openRun('no-run', { version: '0', ...extra }),
  loadAgent: (extra) => loadAgent('no-model.onnx', extra),
  runTraining: (extra) => runTraining(extra as never),
  resolveRun: (extra) => resolveRun({ ...request, ...extra }),
  settleRun: (extra) => settleRun({ ...request, ...extra }),
};

describe('options of another name', () => {
  for (const [name, take] of Object.entries(takers)) {
    it(`${name} refuses them`, async () => {
      const taking = async () => take({ sed: 3 });
      await expect(taking()).rejects.toThrow(UnknownNameError);
      await expect(taking()).rejects.toThrow(/^Unknown option "sed"/);
    });
  }

  it('say what was meant', () => {
    expect(() => new envs.FrozenLakeEnv({ isSlipery: false } as object)).toThrow('Did you mean "isSlippery"?');
    expect(() => cartPole().reset({ sed: 1 } as object)).toThrow('Did you mean "seed"?');
  });
});
