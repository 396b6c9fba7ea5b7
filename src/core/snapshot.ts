/** A typed array of any element type that a checkpoint can hold. */
export type SnapshotArray =
  | Uint8Array
  | Int8Array
  | Uint16Array
  | Int16Array
  | Uint32Array
  | Int32Array
  | Float32Array
  | Float64Array
  | BigUint64Array
  | BigInt64Array;

/**
 * Saved state of anything that a run must continue bit for bit: plain data and typed arrays, no classes, no functions.
 * It stays valid and unchanged while the object that it was taken from continues, and shares memory with it at most where
 * that holds: nobody writes to its arrays.
 */
export type Snapshot =
  | null
  | boolean
  | number
  | string
  | bigint
  | SnapshotArray
  | readonly Snapshot[]
  | { readonly [key: string]: Snapshot };

/** Something whose whole state can be saved and put back: generators, spaces, environments, wrappers, replay, agents. */
export interface Restorable {
  /** Gives the whole state. */
  saveState(): Snapshot;
  /**
   * Restores a state that `saveState` of an equally configured object returned; the continuation is the same bit for bit.
   * It may keep the state's arrays.
   */
  restoreState(state: Snapshot): void;
}
