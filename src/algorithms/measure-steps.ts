import type { TrainingSpeed } from '../train/steady-state.ts';
import type { Training } from '../train/training.ts';
import type { MeasureOptions } from './algorithm.ts';

/** Environment steps of a rough measurement. */
const STEPS = 2000;

/** Times a training whose steps are all alike, from its start, and closes it. */
export async function measureSteps(
  training: Training,
  { warmup = 0, frames = STEPS, now }: MeasureOptions,
): Promise<TrainingSpeed> {
  while (training.step < warmup) await training.advance({});
  const started = now();
  while (training.step < warmup + frames) await training.advance({});
  const framesPerSecond = (frames / (now() - started)) * 1000;
  await training.close();
  return { framesPerSecond };
}
