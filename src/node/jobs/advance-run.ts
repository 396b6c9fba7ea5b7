/** Brings a run to its end and plays its final model, with the program started again for each, whatever state it is in. */
import { setTimeout as sleep } from 'node:timers/promises';
import { RunTakenError } from '../../core/errors.ts';
import { type ChildEnd, failureOf, printedObject, type RunChild, wasInterrupted } from '../runs/child-programs.ts';
import { readStatus } from '../runs/run-status.ts';
import { outcomeOf } from '../runs/seed-runs.ts';
import { finalModel, nextOf, notePart, type RunPlace } from './run-place.ts';
import type { FailureCause } from './training-job.ts';

/** What kept a run from its end. */
export type Broken =
  | { readonly kind: 'stopped'; readonly step: number | undefined }
  | {
      readonly kind: 'failed';
      readonly message: string;
      readonly cause: FailureCause | undefined;
    };

export interface RunToEnd {
  readonly place: RunPlace;
  readonly seed: number;
  /** Starts the program again. */
  readonly run: RunChild;
  /** Arguments of `bellman`, which trains with `--keep-last` and ends with one JSON object. */
  readonly trainingArguments: (next: 'begin' | 'resume') => readonly string[];
  /** @param step that it had reached. */
  readonly onTraining?: (next: 'begin' | 'resume', step: number) => void;
  readonly stop: AbortSignal | undefined;
}

/** Trains until the run has its final model. @returns undefined when it has. */
export async function trainToEnd(options: RunToEnd): Promise<Broken | undefined> {
  const { place, seed, run, trainingArguments, onTraining, stop } = options;
  let taken = 0;
  for (let next = nextOf(place); next !== 'score'; next = nextOf(place)) {
    if (next === 'wait') {
      // A program that was killed leaves children, which notice it, save and end.
      const broken = await waited(place, stop);
      if (broken !== undefined) return broken;
      continue;
    }
    const step = readStatus(place.run)?.step ?? 0;
    if (next === 'resume') notePart(place);
    onTraining?.(next, step);
    const end = await run(trainingArguments(next));
    const outcome = outcomeOf(seed, end);
    // A child of a program that was killed may be still on its way to the run, and be quicker.
    if (outcome.failed && end.errorCode === RunTakenError.code && taken++ < MOST_TAKEN) continue;
    if (outcome.failed) return { kind: 'failed', message: outcome.message, cause: causeOf(end) };
    if (outcome.interrupted) return { kind: 'stopped', step: outcome.step };
    const after = nextOf(place);
    if (after === 'begin' || after === 'resume') {
      return { kind: 'failed', message: 'The training ended without a model of its end.', cause: undefined };
    }
  }
  return undefined;
}

/** What `eval --json` prints of what was played. */
export interface PlayedModel {
  readonly returns: readonly number[];
  readonly [more: string]: unknown;
}

/** Plays the final model of a run that `trainToEnd` brought to it. @param playArguments of `bellman eval --json`, by the model. */
export async function playFinalModel(
  place: RunPlace,
  run: RunChild,
  playArguments: (model: string) => readonly string[],
): Promise<Broken | { readonly kind: 'played'; readonly played: PlayedModel }> {
  const end = await run(playArguments(finalModel(place.run)!));
  const played = printedObject<PlayedModel>(end);
  if (wasInterrupted(end, played !== undefined)) return { kind: 'stopped', step: readStatus(place.run)?.step };
  if (end.problem !== undefined || end.code !== 0 || played === undefined) {
    return { kind: 'failed', message: failureOf(end), cause: causeOf(end) };
  }
  return { kind: 'played', played };
}

/** Whether it is the machine's failure; undefined where the program says what is wrong with its work. */
function causeOf({ problem, errorCode }: ChildEnd): FailureCause | undefined {
  if (problem !== undefined) return 'crashed';
  return errorCode === 'CANNOT_WRITE' ? 'unwritable' : undefined;
}

/** How often a run may turn out to be another program's just when a training of it was started. */
const MOST_TAKEN = 10;

/** Seconds that a run's lock of another program is waited for: its children save and end. */
const PATIENCE = 120;

async function waited(place: RunPlace, stop: AbortSignal | undefined): Promise<Broken | undefined> {
  for (let i = 0; i < PATIENCE * 10; i++) {
    if (nextOf(place) !== 'wait') return undefined;
    if (stop?.aborted) return { kind: 'stopped', step: readStatus(place.run)?.step };
    await sleep(100);
  }
  return { kind: 'failed', message: `${place.run} is being written by another program.`, cause: undefined };
}

/** Evaluations of what programs trained have seeds that no training has: this one on. */
export const EVALUATION_SEED = 1_000_000;

/** Keys of configurations for how long is trained, by the algorithms that have them. */
export const LENGTHS = ['maxSteps', 'maxIterations'] as const;
