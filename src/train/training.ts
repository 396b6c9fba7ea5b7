import { checkOptionNames, type OptionNames } from '../core/options.ts';
import { SavedState } from '../core/saved-state.ts';
import type { Restorable, Snapshot } from '../core/snapshot.ts';
import type { DescribedNetwork } from '../nn/describe-network.ts';
import type { VectorStep } from '../vector/vector-env.ts';
import type { Observation } from './preprocessing.ts';

/** How a training ended: above its bound, or at its limit. */
export interface TrainingEnd {
  /** Whether the bound was reached; undefined where there was none to reach. */
  readonly solved: boolean | undefined;
  /** The last line for people, such as "Solved in 37 iterations!". */
  readonly message: string;
}

/** The end of a training that has done all its steps. */
export function endAtLimit(frames: number, rewardBound: number | null): TrainingEnd {
  return rewardBound === null
    ? { solved: undefined, message: `Trained for ${frames} frames.` }
    : { solved: false, message: `Not solved in ${frames} frames.` };
}

/** A training's end as part of its saved state. */
export function saveEnd(end: TrainingEnd | undefined): Snapshot {
  return end === undefined ? null : { solved: end.solved ?? null, message: end.message };
}

/** The end that `saveEnd` saved. */
export function restoreEnd(state: Snapshot): TrainingEnd | undefined {
  if (state === null) return undefined;
  const saved = new SavedState(state, 'end');
  return { solved: saved.optional('solved', saved.flag), message: saved.text('message') };
}

/**
 * What a training tells the world while it runs; every method may be missing. Arrays are the training's own and change with
 * its next step. Calls are synchronous: nothing waits for a promise. The training must not be saved or stepped from within one.
 */
export interface TrainingObserver {
  /** Numbers for TensorBoard and `metrics.jsonl`. */
  scalars?(step: number, values: Readonly<Record<string, number>>): void;
  /** A line for people. */
  line?(text: string): void;
  /** The agent as it is now is the best so far; called after the line that says so. */
  best?(score: number): void;
  /** After each step of the environments of a network's training. */
  step?(report: StepReport): void;
  /** After each episode; where episodes are parts of games, after each game. */
  episode?(report: EpisodeReport): void;
  /** After each gradient step. */
  update?(report: UpdateReport): void;
  /** After each evaluation, where the training has any. */
  evaluation?(report: EvaluationReport): void;
}

export interface StepReport {
  /** Environment steps so far; those of all environments count together. */
  readonly step: number;
  /** [environments], those taken. */
  readonly actions: Int32Array;
  /** Probability of a random action. */
  readonly epsilon: number;
  /** What the environments answered. */
  readonly result: VectorStep<Observation>;
}

export interface EpisodeReport {
  readonly step: number;
  /** Number of the environment that played it. */
  readonly environment: number;
  /** Undiscounted, unclipped return, of the whole game where episodes are parts of one (`WholeGame`). */
  readonly reward: number;
  /** Its length. */
  readonly steps: number;
  /** Episodes so far, this one included. */
  readonly episodes: number;
}

export interface UpdateReport {
  readonly step: number;
  /** Of the batch, before the update. */
  readonly loss: number;
  readonly meanQ: number;
}

export interface EvaluationReport {
  readonly step: number;
  /** Undiscounted, unclipped returns of the episodes played. */
  readonly returns: readonly number[];
  /** Mean length of the episodes. */
  readonly meanSteps: number;
  /** Whether its mean return is the best so far. */
  readonly isBest: boolean;
}

export interface ExportedModel {
  /** `best.onnx` for a network, `best-table.json` for a table. */
  readonly fileName: string;
  readonly content: Uint8Array | string;
}

/**
 * Learning as a sequence of small units, each of which leaves a state that can be saved: an iteration of a tabular
 * method, an environment step of DQN. Saved, restored and continued it is bit for bit the training that never stopped.
 */
export interface Training extends Restorable {
  /** Units done so far; logs and checkpoints are keyed by it. */
  readonly step: number;
  /** Units after which training gives up. */
  readonly maxSteps: number;
  /** Set when there is nothing left to do. */
  readonly end: TrainingEnd | undefined;
  /** The network that learns; undefined where none does. */
  readonly network?: DescribedNetwork | undefined;
  /** The table that learns; undefined where none does. */
  readonly table?: { readonly nStates: number; readonly nActions: number } | undefined;
  /** What a progress bar shows after the count, such as `reward -19.50  eps 0.02`. */
  status(): string;
  /** The agent as it is now, in the form that is kept and played. */
  exportModel(): ExportedModel;
  /** Logs what there is, when a training stops before its first episode's end has logged anything. */
  reportUnfinished?(observer: TrainingObserver): void;
  /** Takes back an end before the last step: the bound is another one. */
  reopen?(): void;
  /**
   * Values of the actions in what the environments show now, a row for each; undefined where there are none. Draws nothing: the
   * training goes on with the same bits. To be called between units.
   * @returns the caller's own.
   */
  presentValues?(): Promise<Float32Array | Float64Array | undefined>;
  /** How far its replay is filled, in transitions; undefined without one. */
  readonly stored?: { readonly size: number; readonly capacity: number } | undefined;
  /** Names of the settings that may change while it learns; none where it is missing. */
  readonly changeable?: readonly string[];
  /** Changes some of those from the next unit on; whoever calls it has checked them by the algorithm's `parse`. */
  change?(settings: Readonly<Record<string, unknown>>): void;
  /** Whether an `advance` that failed left all as it was, so that it can still be saved: who plays for it is gone, say. */
  readonly untouched?: boolean | undefined;
  /** Does one unit of work. */
  advance(observer: TrainingObserver): Promise<void> | void;
  /** Frees what it holds; the training cannot go on afterwards. */
  close(): Promise<void>;
}

export interface TrainOptions {
  readonly observer: TrainingObserver;
  /** Called after every unit; the training waits for a promise. */
  readonly afterUnit?: () => Promise<void> | undefined;
  /** Asked after every unit; true ends `train` with the training unfinished. */
  readonly shouldStop?: () => boolean;
  /** Saves the training. */
  readonly checkpoint?: () => void;
  /** Milliseconds between checkpoints. */
  readonly checkpointEveryMs?: number;
  /** Called every `yieldEveryMs`, for a progress bar. */
  readonly progress?: () => void;
  /** Milliseconds from any fixed moment. */
  readonly now: () => number;
  /** Lets signals and timers be handled; called every `yieldEveryMs`. */
  readonly yieldToEvents: () => Promise<void>;
  /** Default 100. In the thread of a page that draws itself, 10 is smoother. */
  readonly yieldEveryMs?: number;
}

const OPTIONS: OptionNames<TrainOptions> = {
  ...{ observer: true, afterUnit: true, shouldStop: true, checkpoint: true },
  ...{ checkpointEveryMs: true, progress: true, now: true, yieldToEvents: true },
  ...{ yieldEveryMs: true },
};

/** Runs a training until it ends or `shouldStop`. Never saves by itself at the end: the caller knows what it wants kept. */
export async function train(training: Training, options: TrainOptions): Promise<void> {
  checkOptionNames(options, OPTIONS);
  const { observer, now, yieldEveryMs = 100 } = options;
  let nextYield = now() + yieldEveryMs;
  const every = options.checkpointEveryMs ?? Number.POSITIVE_INFINITY;
  let nextCheckpoint = now() + every;
  while (training.end === undefined && !options.shouldStop?.()) {
    const work = training.advance(observer);
    if (work !== undefined) await work;
    const after = options.afterUnit?.();
    if (after !== undefined) await after;
    const time = now();
    if (time < nextYield) continue;
    options.progress?.();
    if (time >= nextCheckpoint) {
      options.checkpoint?.();
      nextCheckpoint = now() + every;
    }
    await options.yieldToEvents();
    nextYield = now() + yieldEveryMs;
  }
}
