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
  /** Median of one gradient step, batch drawing and optimizer included, in milliseconds. */
  readonly msPerGradientStep: number;
}

const silent = { scalars() {}, line() {}, best() {} };

/** Measures a training that was made with `steadyStateConfig`. Its warm-up is played first. */
export async function measureTraining(
  training: DqnTraining,
  warmup: number,
  frames: number,
  now: () => number,
): Promise<TrainingSpeed> {
  for (let i = 0; i < warmup + 50; i++) await training.advance(silent);
  const started = now();
  for (let i = 0; i < frames; i++) await training.advance(silent);
  const framesPerSecond = (frames / (now() - started)) * 1000;
  const steps: number[] = [];
  for (let i = 0; i < 51; i++) {
    const before = now();
    await training.learnOnce();
    steps.push(now() - before);
  }
  steps.sort((a, b) => a - b);
  return { framesPerSecond, msPerGradientStep: steps[steps.length >> 1] };
}
