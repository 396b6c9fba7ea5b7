import type { DqnConfig } from '../agents/dqn-config.ts';
import type { PqnConfig } from '../agents/pqn-config.ts';
import type { DqnTraining } from '../train/dqn-training.ts';
import { measureTraining, steadyStateConfig } from '../train/steady-state.ts';
import type { Training } from '../train/training.ts';
import { type Finding, good } from './finding.ts';

const WARMUP = 300;
const FRAMES = 150;
const ROLLOUTS = 3;
/** What the texts say that Pong takes. */
const USUAL_FRAMES = 1_000_000;

/**
 * Measures a recipe's training for a few seconds and says how long a run would take.
 * @param create makes the training with some values replaced.
 * @param now milliseconds from any fixed moment.
 */
export async function checkSpeed(
  config: DqnConfig,
  create: (changes: Partial<DqnConfig>) => Promise<DqnTraining>,
  now: () => number,
): Promise<Finding> {
  const steady = steadyStateConfig(config, WARMUP);
  const training = await create(steady);
  const { framesPerSecond, msPerGradientStep } = await measureTraining(training, steady.learningStarts, FRAMES, now);
  training.close();
  const frames = Math.min(USUAL_FRAMES, config.maxSteps);
  const rate = `${framesPerSecond.toFixed(0)} frames/s, ${msPerGradientStep.toFixed(1)} ms a gradient step`;
  return good('speed', `${rate}: ${duration(frames / framesPerSecond)} for ${frames} frames`);
}

/** The same for PQN, whose gradient steps come in rounds: a few rollouts, each with the learning that follows it. */
export async function checkRolloutSpeed(config: PqnConfig, training: Training, now: () => number): Promise<Finding> {
  const rollout = config.environments * config.rolloutSteps;
  const playTo = async (step: number) => {
    while (training.step < step) await training.advance({ scalars() {}, line() {}, best() {} });
  };
  await playTo(rollout);
  const started = now();
  await playTo(rollout * (1 + ROLLOUTS));
  const framesPerSecond = ((rollout * ROLLOUTS) / (now() - started)) * 1000;
  training.close();
  const frames = Math.min(USUAL_FRAMES, config.maxSteps);
  const rate = `${framesPerSecond.toFixed(0)} frames/s with learning`;
  return good('speed', `${rate}: ${duration(frames / framesPerSecond)} for ${frames} frames`);
}

function duration(seconds: number): string {
  if (seconds < 120) return `${seconds.toFixed(0)} s`;
  if (seconds < 7200) return `${(seconds / 60).toFixed(0)} min`;
  return `${(seconds / 3600).toFixed(1)} h`;
}
