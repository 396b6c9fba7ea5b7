import type { DqnConfig } from '../agents/dqn-config.ts';
import type { DqnTraining } from './dqn-training.ts';

/** The values that `steadyStateConfig` replaces. */
export type SteadyState = Pick<DqnConfig, 'learningStarts' | 'epsilonStart' | 'epsilonFinal' | 'epsilonDecaySteps'>;

/** Changes to a configuration that bring a training to its steady state soon: a small start, a tenth of actions random. */
export function steadyStateConfig(config: DqnConfig, warmup: number): SteadyState {
  const learningStarts = Math.min(config.bufferSize, Math.max(warmup, config.batchSize, config.nStep));
  return { learningStarts, epsilonStart: 0.1, epsilonFinal: 0.1, epsilonDecaySteps: 0 };
}

export interface TrainingSpeed {
  /** Environment steps a second: act, step, store, and the updates that the recipe asks for. */
  readonly framesPerSecond: number;
  /** Mean of one gradient step in milliseconds, with drawing the batch, target values and the optimizer; missing where
   * gradient steps cannot be timed one by one. */
  readonly msPerGradientStep?: number;
}

const silent = { scalars() {}, line() {}, best() {} };

/**
 * Measures a training that was made with `steadyStateConfig`: plays its warm-up and, while engines still compile, `frames`
 * frames that do not count, times as many more, then as many gradient steps. Values of the target network that are kept
 * from one copy to the next make the steps after a copy dearer, so `frames` should span a whole interval between copies.
 */
export async function measureTraining(
  training: DqnTraining,
  warmup: number,
  frames: number,
  now: () => number,
): Promise<TrainingSpeed> {
  for (let i = 0; i < warmup + frames; i++) await training.advance(silent);
  const started = now();
  for (let i = 0; i < frames; i++) await training.advance(silent);
  const framesPerSecond = (frames / (now() - started)) * 1000;
  training.learner.syncTarget();
  const learning = now();
  for (let i = 0; i < frames; i++) await training.learnOnce();
  return { framesPerSecond, msPerGradientStep: (now() - learning) / frames };
}
