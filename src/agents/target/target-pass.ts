import { sizeOf } from '../../core/shape.ts';
import type { BackgroundRunner } from '../../graph/background-runner.ts';
import type { GraphRunner } from '../../graph/index.ts';

/** Observations on their way through the target network, and where they come from. */
export class TargetRows {
  /** [rows, ...observation] */
  readonly observations: Uint8Array | Float32Array;
  /** [rows] slots of the replay. */
  readonly slots: Int32Array;
  /** How many rows are taken. */
  count = 0;

  constructor(observations: Uint8Array | Float32Array, rows: number) {
    this.observations = observations;
    this.slots = new Int32Array(rows);
  }
}

/** The target network on the caller's threads. A pass takes as long for one row as for all. */
export interface DirectPass {
  readonly rows: TargetRows;
  /** Numbers that come out for each row: actions. */
  readonly width: number;
  /** The weights changed; counts from the next `run` on. */
  renew(): void;
  /** @returns [rows, width], overwritten by the next run. */
  run(): Promise<Float32Array>;
  close(): Promise<void>;
}

/** @param create makes a runner of the network with its present weights: input `observations`, output `q` [rows, width]. */
export async function createDirectPass(create: () => Promise<GraphRunner>): Promise<DirectPass> {
  let runner = await create();
  const [count, width] = runner.outputs['q'].shape;
  const { shape, dtype } = runner.inputs['observations'];
  const length = sizeOf(shape);
  const observations = dtype === 'uint8' ? new Uint8Array(length) : new Float32Array(length);
  const feeds = { observations };
  let outdated = false;
  return {
    rows: new TargetRows(observations, count),
    width,
    renew() {
      outdated = true;
    },
    async run() {
      if (outdated) {
        await runner.release();
        runner = await create();
        outdated = false;
      }
      return (await runner.run(feeds))['q'] as Float32Array;
    },
    close: () => runner.release(),
  };
}

/** The target network in a background thread. */
export interface BackgroundPass {
  readonly rows: TargetRows;
  /** The weights changed; counts from the next `start` on. */
  renew(): void;
  /** Starts on the rows that are taken and returns at once; they must be left alone until `finish`. */
  start(): void;
  /** Waits. @returns [rows, width], overwritten by the next run. */
  finish(): Float32Array;
  close(): Promise<void>;
}

/**
 * @param runner of a model with input `observations` and output `q`.
 * @param weights the present ones, by name.
 */
export function createBackgroundPass(
  runner: BackgroundRunner,
  weights: () => Readonly<Record<string, Float32Array>>,
): BackgroundPass {
  const rows = new TargetRows(runner.inputs['observations'] as Uint8Array | Float32Array, runner.rows);
  let outdated = false;
  return {
    rows,
    renew() {
      outdated = true;
    },
    start() {
      if (outdated) runner.setConstants(weights());
      outdated = false;
      runner.start(rows.count);
    },
    finish() {
      runner.finish();
      return runner.outputs['q'] as Float32Array;
    },
    close: () => runner.release(),
  };
}
