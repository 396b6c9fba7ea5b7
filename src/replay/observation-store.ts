import type { Restorable } from '../core/snapshot.ts';

/** Element types that observations are kept in: bytes for images, single precision for vectors. */
export type ElementType = 'uint8' | 'float32';

/** The typed array of each element type. Never over shared memory, so batches can be fed to ONNX Runtime as they are. */
export interface ElementArrays {
  uint8: Uint8Array<ArrayBuffer>;
  float32: Float32Array<ArrayBuffer>;
}

/**
 * The observations of one stream, in the order of time. Each gets a number, one more than the one before; the oldest are
 * given up when nobody needs them. Knows nothing of actions and rewards.
 */
export interface ObservationStore<D extends ElementType = ElementType> extends Restorable {
  /** Elements of one observation as `read` writes it. */
  readonly observationLength: number;
  /** Bytes that the observations take now. */
  readonly bytes: number;
  /** Number that the next observation will get. */
  readonly next: number;
  /**
   * Copies an observation in.
   * @param startsEpisode whether what came before belongs to another episode.
   * @throws OptionError when its length or element type is wrong; then nothing is stored.
   */
  append(observation: ArrayLike<number>, startsEpisode: boolean): void;
  /** Whether observation `number` can be read. */
  holds(number: number): boolean;
  /** Writes observation `number` to `out` from index `at` on. It must not have been released. */
  read(number: number, out: ElementArrays[D], at: number): void;
  /** Allows everything to be overwritten that observations from `number` on do not need. */
  release(number: number): void;
}
