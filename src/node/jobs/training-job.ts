/** A training that is run somewhere: in a process of this machine, or by a worker that takes it from a queue. */

/** Episodes that a final model is scored by, at most: what a worker does for whoever can write to its queue has an end. */
export const MOST_EPISODES = 100_000;

/** What `bellman train` needs to begin a training, whoever runs it. Plain data: it travels as JSON. */
export interface TrainingJob {
  /** Names it among all jobs of its study, and its run's folder: `study/trial-0007/seed1`. Segments of letters, digits, `.`, `_` and `-`. */
  readonly id: string;
  readonly recipe: string;
  readonly env: string;
  readonly kwargs: Readonly<Record<string, unknown>>;
  /** Values that replace the recipe's, by dotted key. */
  readonly set: Readonly<Record<string, unknown>>;
  readonly seed: number;
  /** How its final model is scored; null for the score of the training itself. */
  readonly evaluation: { readonly episodes: number; readonly epsilon: number; readonly seed: number } | null;
}

/** How far a training is. */
export interface TrainingReport {
  readonly step: number;
  /** Seconds of training, all parts together. */
  readonly seconds: number;
  /** Mean return of its last episodes; null before the first. */
  readonly score: number | null;
}

/**
 * What says nothing of a job that failed: its program was killed or did not start, so that trying once more may help (`crashed`), or
 * the machine's disk took nothing (`unwritable`).
 */
export type FailureCause = 'crashed' | 'unwritable';

export type TrainingEnd =
  | {
      readonly kind: 'ended';
      readonly step: number;
      readonly seconds: number;
      /** Whether the recipe's bound was reached; null where it has none. */
      readonly solved: boolean | null;
      /** Mean return of the evaluation, or of the last episodes where none was asked for. */
      readonly score: number | null;
    }
  /** On request. What there is of it is kept: the same job goes on from there. */
  | { readonly kind: 'stopped'; readonly step: number }
  | {
      readonly kind: 'failed';
      readonly message: string;
      /** Undefined where it is the job's own fault: its settings, its environment. */
      readonly cause?: FailureCause | undefined;
    };

/** Runs trainings. A job that was begun before, here or elsewhere, goes on from its last checkpoint, and one that ended is not run again. */
export interface TrainingExecutor {
  /** Jobs that it can work on at the same time. */
  readonly slots: number;
  /**
   * @param onReport called for every mean that the training logs, in the order of its steps, and from its beginning whenever this is called:
   *   for what was logged before, and by a job that has ended, too.
   * @param stop saves and ends the training. Rejects only when nothing can be run any more (the queue is gone), never for one training.
   */
  run(job: TrainingJob, onReport: (report: TrainingReport) => void, stop: AbortSignal): Promise<TrainingEnd>;
  /** The job is not gone on with any more: what only that needs, its checkpoints, may go. */
  forget?(job: TrainingJob): void;
  close(): Promise<void>;
}
