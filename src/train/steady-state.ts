import type { DqnConfig } from '../agents/dqn-config.ts';
import type { DqnTraining } from './dqn-training.ts';

/** The values that `steadyStateConfig` replaces. */
export type SteadyState = Pick<DqnConfig, 'learningStarts' | 'epsilonStart' | 'epsilonFinal' | 'epsilonDecaySteps'>;

/** Changes to a configuration that bring a training to its steady state soon: a small start, a tenth of actions random. */
export function steadyStateConfig(config: DqnConfig, warmup: number): SteadyState {
  const { replay, environments, nStep } = config;
  const sequence = replay.kind === 'sequences' ? environments * (replay.burnIn + replay.length + nStep) : nStep;
  const learningStarts = Math.min(config.bufferSize, Math.max(warmup, config.batchSize, sequence));
  return { learningStarts, epsilonStart: 0.1, epsilonFinal: 0.1, epsilonDecaySteps: 0 };
}

export interface TrainingSpeed {
  /** Environment steps a second: act, step, store, and the updates that the recipe asks for. */
  readonly framesPerSecond: number;
  /** Mean of one gradient step in milliseconds, with drawing the batch, target values and the optimizer; missing where
   * gradient steps cannot be timed one by one. */
  readonly msPerGradientStep?: number;
}

/**
 * Measures a training that was made with `steadyStateConfig`: plays its warm-up and, while engines still compile, `frames`
 * untimed frames, then times as many more and as many gradient steps. Cached target values make the updates right after a
 * target sync slower, so `frames` should cover a whole interval between syncs.
 */
export async function measureTraining(
  training: Pick<DqnTraining, 'advance' | 'learnOnce'> & {
    readonly learner: Pick<DqnTraining['learner'], 'syncTarget'>;
  },
  warmup: number,
  frames: number,
  now: () => number,
): Promise<TrainingSpeed> {
  for (let i = 0; i < warmup + frames; i++) await training.advance({});
  const started = now();
  for (let i = 0; i < frames; i++) await training.advance({});
  const framesPerSecond = (frames / (now() - started)) * 1000;
  training.learner.syncTarget();
  const learning = now();
  for (let i = 0; i < frames; i++) await training.learnOnce();
  return { framesPerSecond, msPerGradientStep: (now() - learning) / frames };
}
