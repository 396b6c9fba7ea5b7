import { OptionError } from '../core/errors.ts';

/**
 * Scores of one algorithm over several tasks (games, say): for each task the score of each of its runs, one for each seed. Scores of
 * different tasks must be comparable, as human-normalised ones are.
 */
export type TaskScores = readonly (readonly number[])[];

/** @throws OptionError without a task, for a task without a run, or for a score that is not finite. */
export function checkTaskScores(scores: TaskScores): void {
  const finite = scores.every((runs) => runs.length > 0 && runs.every(Number.isFinite));
  if (scores.length === 0 || !finite) {
    throw new OptionError('scores', scores, 'at least one task, each with the finite scores of at least one run');
  }
}
