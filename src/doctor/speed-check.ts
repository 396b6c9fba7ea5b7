import type { DqnConfig } from '../agents/dqn-config.ts';
import type { ResolvedRun } from '../node/resolve-run.ts';
import { DqnTraining } from '../train/dqn-training.ts';
import { measureTraining, steadyStateConfig } from '../train/steady-state.ts';
import type { Training } from '../train/training.ts';
import { type Finding, good } from './finding.ts';

const WARMUP = 300;
const FRAMES = 150;
/** What the texts say that Pong takes. */
const USUAL_FRAMES = 1_000_000;

/** Measures a recipe's training for a few seconds and says how long a run would take. */
export async function checkSpeed(run: ResolvedRun, create: (run: ResolvedRun) => Promise<Training>): Promise<Finding> {
  const config = run.config as unknown as DqnConfig;
  const steady = steadyStateConfig(config, WARMUP);
  const training = await create({ ...run, config: { ...config, ...steady } });
  if (!(training instanceof DqnTraining)) throw new Error('a dqn run must give a DqnTraining');
  const { framesPerSecond, msPerGradientStep } = await measureTraining(
    training,
    steady.learningStarts ?? WARMUP,
    FRAMES,
    () => performance.now(),
  );
  training.close();
  const frames = Math.min(USUAL_FRAMES, config.maxSteps);
  const rate = `${framesPerSecond.toFixed(0)} frames/s, ${msPerGradientStep.toFixed(1)} ms a gradient step`;
  return good('speed', `${rate}: ${duration(frames / framesPerSecond)} for ${frames} frames`);
}

function duration(seconds: number): string {
  if (seconds < 120) return `${seconds.toFixed(0)} s`;
  if (seconds < 7200) return `${(seconds / 60).toFixed(0)} min`;
  return `${(seconds / 3600).toFixed(1)} h`;
}
