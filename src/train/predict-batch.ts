import type { PredictBatch } from '../agents/target/index.ts';
import type { LookAhead } from '../replay/index.ts';
import type { UpdateSchedule } from './update-schedule.ts';

/**
 * Predicts a training's next batch, asked once in each update: the schedule says when the next one is due, and the
 * look-ahead what the replay will give it.
 * @param step environment steps so far.
 */
export function batchPredictor(
  lookAhead: LookAhead,
  schedule: UpdateSchedule,
  environments: number,
  step: () => number,
): PredictBatch {
  let at = 0;
  /** Updates since `at` was reached. */
  let done = 0;
  return (slots) => {
    const now = step();
    if (now !== at) [at, done] = [now, 0];
    done++;
    const more = done < schedule.updates(now - environments, now);
    const actings = more ? 0 : schedule.actingsToUpdate(now);
    if (schedule.syncs(now, now + actings * environments)) return undefined;
    lookAhead.peek(actings, slots);
    return actings;
  };
}
