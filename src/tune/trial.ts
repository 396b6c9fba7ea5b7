import type { SearchSpace, Settings } from './search-space.ts';

/** `failed` trials have no value and count for nothing; `pruned` ones were stopped because others were better. */
export type TrialState = 'running' | 'complete' | 'pruned' | 'failed';

/** One setting that was tried, or is being tried. */
export interface Trial {
  /** From 0, in the order in which they were begun. */
  readonly number: number;
  readonly state: TrialState;
  readonly settings: Settings;
  /** The objective; null unless complete. */
  readonly value: number | null;
  /** What was reported on the way: training steps to the objective as it then stood, in ascending order of the steps. */
  readonly reports: ReadonlyMap<number, number>;
}

export type Direction = 'maximize' | 'minimize';

/** Chooses what is tried next. Deterministic: the same trials and the same number give the same settings, so that a study that was broken
 * off needs no more than its trials to go on. */
export interface Sampler {
  /** @param trials of the study so far, of every state. @param number of the trial that is about to begin. */
  sample(space: SearchSpace, trials: readonly Trial[], number: number, direction: Direction): Settings;
}

/** Decides whether a running trial is stopped. */
export interface Pruner {
  /** Called after each report of `trial`. @param trials of the study, with `trial` as it stands. */
  prunes(trial: Trial, trials: readonly Trial[], direction: Direction): boolean;
}
