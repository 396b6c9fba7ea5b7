import { OptionError } from '../core/errors.ts';
import { type BootstrapOptions, bootstrapIntervals, type Interval } from './bootstrap.ts';
import { checkTaskScores, type TaskScores } from './task-scores.ts';

/**
 * How likely a run of X beats a run of Y on a task drawn at random (Agarwal et al. 2021, section 4.3): the mean over the tasks of the
 * Mann-Whitney statistic, P(X > Y) + P(X = Y) / 2 over all pairs of their runs. It says nothing of by how much.
 * @param x scores by tasks.
 * @param y scores on the same tasks in the same order; the numbers of runs may differ.
 * @throws OptionError for different numbers of tasks.
 */
export function probabilityOfImprovement(x: TaskScores, y: TaskScores): number {
  checkTaskScores(x);
  checkTaskScores(y);
  if (x.length !== y.length) {
    throw new OptionError('scores', `${x.length} and ${y.length} tasks`, 'the same tasks of both');
  }
  let sum = 0;
  x.forEach((runs, m) => {
    let wins = 0;
    for (const one of runs) for (const other of y[m]) wins += one > other ? 1 : one === other ? 0.5 : 0;
    sum += wins / (runs.length * y[m].length);
  });
  return sum / x.length;
}

/** Its stratified bootstrap interval: the runs of both are drawn, each by themselves. */
export function improvementInterval(x: TaskScores, y: TaskScores, options: BootstrapOptions): Interval {
  return bootstrapIntervals([x, y], ([one, other]) => [probabilityOfImprovement(one, other)], options)[0];
}
