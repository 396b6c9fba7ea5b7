import { type ChildEnd, failureOf, printedObject, wasInterrupted, workWithChildren } from './child-programs.ts';
import type { StopSignal } from './stop-requests.ts';

/** What one seed's training came to. */
export interface SeedOutcome {
  readonly seed: number;
  /** The run's folder; undefined when there is none. */
  readonly run: string | undefined;
  /** Units of training done. */
  readonly step: number | undefined;
  /** Null where there was no bound to reach. */
  readonly solved: boolean | null;
  /** Best mean reward; null before the first. */
  readonly score: number | null;
  readonly seconds: number | undefined;
  /** The training's last line, or why it failed. */
  readonly message: string;
  /** Stopped by a signal, with a checkpoint. */
  readonly interrupted: boolean;
  /** Stopped by `--stop-after`, with a checkpoint. */
  readonly stopped: boolean;
  /** The program ended with an error. */
  readonly failed: boolean;
}

export interface TrainSeedsOptions {
  readonly seeds: readonly number[];
  /** Trainings at the same time. */
  readonly jobs: number;
  /** Arguments of `bellman` for a seed; the program must end with one JSON object, as `train --json` does. */
  readonly argumentsFor: (seed: number) => readonly string[];
  /** Called as each seed ends, in the order in which they end. */
  readonly onOutcome: (outcome: SeedOutcome) => void;
  /** Asks to stop, as a signal to the process does. */
  readonly stop?: AbortSignal | undefined;
}

/** What `train --json` prints. */
interface PrintedSummary {
  readonly run: string;
  readonly step: number;
  readonly solved: boolean | null;
  readonly score: number | null;
  readonly seconds: number;
  readonly message: string | null;
}

/**
 * Trains several seeds in processes of their own, `jobs` at a time. A request to stop is handed to each running one, which
 * saves and ends, and no more are started; a second one is handed on too and ends them at once.
 * @returns an outcome for each seed that was started, in the order of `seeds`, and the signal that stopped them, if one did.
 */
export async function trainSeeds(options: TrainSeedsOptions): Promise<{
  readonly outcomes: SeedOutcome[];
  readonly stoppedBy: StopSignal | undefined;
}> {
  const { seeds, jobs, argumentsFor, onOutcome, stop } = options;
  const outcomes = new Map<number, SeedOutcome>();
  const stoppedBy = await workWithChildren({
    items: seeds,
    jobs,
    work: async (seed, run) => {
      const outcome = outcomeOf(seed, await run(argumentsFor(seed)));
      outcomes.set(seed, outcome);
      onOutcome(outcome);
    },
    stop,
  });
  return { outcomes: seeds.flatMap((seed) => outcomes.get(seed) ?? []), stoppedBy };
}

/** What a child that ran `train --json` came to. */
export function outcomeOf(seed: number, end: ChildEnd): SeedOutcome {
  const summary = printedObject<PrintedSummary>(end);
  // Asked to stop before it listened for that, it has no folder, or none that it told of.
  const interrupted = wasInterrupted(end, summary !== undefined);
  const failed = !interrupted && (summary === undefined || end.problem !== undefined);
  return {
    seed,
    run: summary?.run,
    step: summary?.step,
    solved: summary?.solved ?? null,
    score: summary?.score ?? null,
    seconds: summary?.seconds,
    message: failed ? failureOf(end) : (summary?.message ?? `Stopped at ${summary?.step}.`),
    interrupted,
    stopped: !failed && !interrupted && summary?.message === null,
    failed,
  };
}
