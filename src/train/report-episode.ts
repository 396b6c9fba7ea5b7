import type { TrainingObserver } from './training.ts';

/** An episode that ended, and where the training stands. */
export interface EpisodeSummary {
  /** Environment steps so far. */
  readonly step: number;
  /** Episodes so far. */
  readonly games: number;
  /** Mean return of the last episodes. */
  readonly mean: number;
  readonly epsilon: number;
  /** Environment steps a second since the last report. */
  readonly speed: number;
  readonly reward: number;
  readonly episodeSteps: number;
  /** Updates since the last report, and the sums of their losses and mean Q. */
  readonly updates: number;
  readonly lossSum: number;
  readonly meanQSum: number;
  /** Best mean before; undefined at the first episode. */
  readonly bestMean: number | undefined;
}

/** Reports an episode's end in the line of Lapan's programs and in TensorBoard's scalars. @returns the best mean so far. */
export function reportEpisode(observer: TrainingObserver, report: EpisodeSummary): number {
  const { step, games, mean, epsilon, speed, reward, updates, bestMean } = report;
  observer.line?.(
    `${step}: done ${games} games, mean reward ${mean.toFixed(3)}, eps ${epsilon.toFixed(2)}, speed ${speed.toFixed(2)} f/s`,
  );
  const scalars: Record<string, number> = { epsilon, speed, reward_mean: mean, reward };
  scalars['episode_steps'] = report.episodeSteps;
  if (updates > 0) {
    scalars['loss'] = report.lossSum / updates;
    scalars['mean_q'] = report.meanQSum / updates;
  }
  observer.scalars?.(step, scalars);
  if (bestMean !== undefined && !(mean > bestMean)) return bestMean;
  if (bestMean !== undefined) observer.line?.(`Best reward updated ${bestMean.toFixed(3)} -> ${mean.toFixed(3)}`);
  observer.best?.(mean);
  return mean;
}
