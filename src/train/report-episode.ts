import type { TrainingObserver } from './training.ts';

/** The games that ended in a step, and where the training stands. */
export interface EpisodeSummary {
  /** Environment steps so far. */
  readonly step: number;
  /** Games so far. */
  readonly games: number;
  /** Mean return of the last games. */
  readonly mean: number;
  readonly epsilon: number;
  /** Environment steps a second over the last seconds; undefined while too little time has passed to tell. */
  readonly speed: number | undefined;
  /** Of those that ended, means where there are several. */
  readonly reward: number;
  readonly episodeSteps: number;
  /** Updates since the last report, and the sums of their losses and mean Q. */
  readonly updates: number;
  readonly lossSum: number;
  readonly meanQSum: number;
  /** Best mean before; undefined at the first game. */
  readonly bestMean: number | undefined;
}

/** Reports the ends of games in the line of Lapan's programs and in TensorBoard's scalars. @returns the best mean so far. */
export function reportEpisode(observer: TrainingObserver, report: EpisodeSummary): number {
  const { step, games, mean, epsilon, speed, reward, bestMean } = report;
  observer.line?.(
    `${step}: done ${games} games, mean reward ${mean.toFixed(3)}, eps ${epsilon.toFixed(2)}${speed === undefined ? '' : `, speed ${speed.toFixed(2)} f/s`}`,
  );
  const scalars: Record<string, number> = { reward_mean: mean, reward, episode_steps: report.episodeSteps };
  observer.scalars?.(step, { ...learningScalars(report), ...scalars });
  if (bestMean !== undefined && !(mean > bestMean)) return bestMean;
  if (bestMean !== undefined) observer.line?.(`Best reward updated ${bestMean.toFixed(3)} -> ${mean.toFixed(3)}`);
  observer.best?.(mean);
  return mean;
}

/** The scalars that need no episode's end. */
export function learningScalars(
  report: Pick<EpisodeSummary, 'epsilon' | 'speed' | 'updates' | 'lossSum' | 'meanQSum'>,
): Record<string, number> {
  const { epsilon, speed, updates, lossSum, meanQSum } = report;
  const scalars: Record<string, number> = { epsilon };
  if (speed !== undefined) scalars['speed'] = speed;
  if (updates > 0) {
    scalars['loss'] = lossSum / updates;
    scalars['mean_q'] = meanQSum / updates;
  }
  return scalars;
}
