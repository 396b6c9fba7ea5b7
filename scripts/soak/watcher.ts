/** Watches trainings that others begin and end: the run below a folder that is at it now. */
import { findRuns } from '../../src/node/runs/list-runs.ts';
import { readStatus, stateOf } from '../../src/node/runs/run-status.ts';
import { lastStep, readProcess, readRunFolder, type Sample } from './sample.ts';

export interface WatcherOptions {
  readonly name: string;
  /** A run, or a folder of runs. */
  readonly folder: string;
  readonly firstPiece: number;
  /** Time watched, in seconds. */
  readonly clock: () => number;
  readonly onSample: (sample: Sample) => void;
}

export class Watcher {
  readonly #options: WatcherOptions;
  #piece: number;
  #pid: number | undefined;
  #began = 0;

  constructor(options: WatcherOptions) {
    this.#options = options;
    this.#piece = options.firstPiece - 1;
  }

  /** Takes a sample of the training that is under way; of none, nothing. A process is a piece. */
  sample(): void {
    const { folder, name, clock, onSample } = this.#options;
    const run = findRuns(folder).find((path) => stateOf(path) === 'running');
    const pid = run === undefined ? undefined : readStatus(run)?.pid;
    const use = pid === undefined ? undefined : readProcess(pid);
    if (run === undefined || use === undefined) return;
    const time = clock();
    if (pid !== this.#pid) {
      this.#piece += 1;
      this.#began = time;
      this.#pid = pid;
    }
    // Whoever trains here keeps the files that he asked for.
    const onDisk = { ...readRunFolder(run), checkpoints: 0, strange: [], temporary: 0, temporaryFiles: 0 };
    onSample({
      training: name,
      piece: this.#piece,
      time,
      age: time - this.#began,
      step: lastStep(run),
      ...use,
      ...onDisk,
      watched: true,
    });
  }
}
