import type { Graph, Tensor } from './graph.ts';
import type { TypedArray } from './tensor-spec.ts';

/**
 * Runs one model in a background thread while the caller works on: fill rows of `inputs`, `start`, work on, `finish`, read
 * rows of `outputs`. The same rows in the same order give the same bits.
 */
export interface BackgroundRunner {
  /** Largest number of rows of a run: those of the graph. */
  readonly rows: number;
  /** [rows, ...] each, by name. To be filled before `start` and left alone until `finish`. */
  readonly inputs: Readonly<Record<string, TypedArray>>;
  /** [rows, ...] each, by name. Overwritten by the next run. */
  readonly outputs: Readonly<Record<string, TypedArray>>;
  /** New elements (copied) for the inputs that are constants; they count from the next `start` on. */
  setConstants(constants: Readonly<Record<string, Float32Array>>): void;
  /** Starts on the first `count` rows and returns at once. @throws OrderError while a run is under way. */
  start(count: number): void;
  /** Waits for the end of the run, where one is under way. @throws UnavailableError when the thread failed. */
  finish(): void;
  /** Ends the thread. Calling it again does nothing. */
  release(): Promise<void>;
}

/**
 * Makes one for a graph whose inputs, all but the constants, and outputs have a row for each of the batch.
 * @param constants elements (copied), by name, of inputs that are the same in every run until `setConstants`.
 */
export type CreateBackgroundRunner = (
  graph: Graph,
  outputs: Readonly<Record<string, Tensor>>,
  constants: Readonly<Record<string, Float32Array>>,
) => Promise<BackgroundRunner>;
