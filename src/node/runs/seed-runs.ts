import { type ChildProcess, spawn } from 'node:child_process';
import { isStopCode, StopRequests, type StopSignal } from './stop-requests.ts';

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
  const running = new Set<ChildProcess>();
  const toAll = () => {
    for (const child of running) child.kill('SIGINT');
  };
  const requests = new StopRequests({ onStop: toAll, onGiveUp: toAll, abort: stop });
  const outcomes = new Map<number, SeedOutcome>();
  const queue = [...seeds];
  const work = async () => {
    for (let seed = queue.shift(); seed !== undefined && requests.signal === undefined; seed = queue.shift()) {
      const outcome = await trainSeed(seed, argumentsFor(seed), running);
      outcomes.set(seed, outcome);
      onOutcome(outcome);
    }
  };
  try {
    await Promise.all(Array.from({ length: Math.min(jobs, seeds.length) }, work));
  } finally {
    requests.close();
  }
  return { outcomes: seeds.flatMap((seed) => outcomes.get(seed) ?? []), stoppedBy: requests.signal };
}

function trainSeed(seed: number, args: readonly string[], running: Set<ChildProcess>): Promise<SeedOutcome> {
  return new Promise((resolve) => {
    // A group of its own: a terminal's Ctrl-C goes to this program alone, which passes on one signal, not two. The channel
    // tells the child when this program is gone.
    const child = spawn(process.execPath, [...process.execArgv, process.argv[1]!, ...args], {
      stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
      detached: true,
    });
    running.add(child);
    let stdout = '';
    let stderr = '';
    child.stdout?.setEncoding('utf8').on('data', (text: string) => {
      stdout += text;
    });
    child.stderr?.setEncoding('utf8').on('data', (text: string) => {
      stderr += text;
    });
    const end = (code: number | null, signal: NodeJS.Signals | null, problem?: string) => {
      running.delete(child);
      const summary = readSummary(stdout);
      // Asked to stop before it listened for that, it has no folder, or none that it told of.
      const interrupted = isStopCode(code) || (summary === undefined && (signal === 'SIGINT' || signal === 'SIGTERM'));
      const failed = !interrupted && (summary === undefined || problem !== undefined);
      const reason =
        problem ??
        stderr
          .trim()
          .split('\n')
          .at(-1)
          ?.replace(/^bellman: /, '') ??
        '';
      resolve({
        seed,
        run: summary?.run,
        step: summary?.step,
        solved: summary?.solved ?? null,
        score: summary?.score ?? null,
        seconds: summary?.seconds,
        message: failed
          ? reason || `ended with exit code ${code}`
          : (summary?.message ?? `Stopped at ${summary?.step}.`),
        interrupted,
        stopped: !failed && !interrupted && summary?.message === null,
        failed,
      });
    };
    child.once('error', (error) => end(null, null, error.message));
    child.once('close', (code, signal) => end(code, signal, signal === null ? undefined : `killed by ${signal}`));
  });
}

function readSummary(stdout: string): PrintedSummary | undefined {
  const last = stdout.trim().split('\n').at(-1) ?? '';
  try {
    return JSON.parse(last) as PrintedSummary;
  } catch {
    return undefined;
  }
}
