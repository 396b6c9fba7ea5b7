import { SavedState } from '../core/saved-state.ts';
import type { Snapshot } from '../core/snapshot.ts';
import { joinBatches, rowsOf, type VectorBatch } from '../spaces/vector-batch.ts';

/** The state of a vector, the same for every way to step its environments. */
export type SavedVector = {
  readonly envs: readonly Snapshot[];
  /** A batch. */
  readonly observations: Snapshot;
  readonly terminations: Uint8Array;
  readonly truncations: Uint8Array;
  /** Null while no environment has given a mask. */
  readonly actionMasks: Uint8Array | null;
  readonly started: boolean;
  readonly actionSpace: Snapshot;
};

/** What earlier versions saved: a group of a training had only the first two. */
type SavedBefore = Pick<SavedVector, 'envs' | 'observations'> & Partial<SavedVector>;

/** The state of `n` environments, brought to the present form. A vector in threads once saved a state of each share.
 * @throws MismatchError for a state of another number of environments. */
export function savedVector(state: Snapshot, n: number): SavedVector {
  const given = new SavedState(state, 'vector');
  if (given.has('shares')) {
    const counts = given.list('shares').map((share) => new SavedState(share, 'vector').list('envs').length);
    const shares = given.list('shares').map((share, k) => savedVector(share, counts[k]));
    return savedVector({ ...joinStates(shares), actionSpace: given.part('actionSpace') }, n);
  }
  given.list('envs', n);
  const before = state as unknown as SavedBefore;
  const nobody = new Uint8Array(n);
  const { terminations = nobody, truncations = nobody, actionMasks = null, actionSpace = null } = before;
  const { envs, observations, started = true } = before;
  return { envs, observations, terminations, truncations, actionMasks, started, actionSpace };
}

/** The state of all environments from those of shares, in order. Each share starts with the others, and the draws of
 * actions are not theirs. */
export function joinStates(shares: readonly SavedVector[]): SavedVector {
  const [{ started, actionSpace }] = shares;
  const masks = shares.map(({ actionMasks }) => actionMasks);
  const actions = masks.reduce((most, mask, k) => Math.max(most, (mask?.length ?? 0) / shares[k].envs.length), 0);
  const masksOf = (mask: Uint8Array | null, k: number): Uint8Array =>
    mask ?? new Uint8Array(shares[k].envs.length * actions).fill(1);
  return {
    envs: shares.flatMap(({ envs }) => envs),
    observations: joinBatches(shares.map(({ observations }) => observations as VectorBatch)) as Snapshot,
    terminations: joinBatches(shares.map(({ terminations }) => terminations)),
    truncations: joinBatches(shares.map(({ truncations }) => truncations)),
    actionMasks: actions === 0 ? null : joinBatches(masks.map(masksOf)),
    started,
    actionSpace,
  };
}

/** The state of environments `from` to `to`. Views. */
export function shareOfState(state: SavedVector, from: number, to: number): SavedVector {
  const n = state.envs.length;
  const { observations, terminations, truncations, actionMasks, started } = state;
  return {
    envs: state.envs.slice(from, to),
    observations: rowsOf(observations as VectorBatch, n, from, to) as Snapshot,
    terminations: rowsOf(terminations, n, from, to),
    truncations: rowsOf(truncations, n, from, to),
    actionMasks: actionMasks === null ? null : rowsOf(actionMasks, n, from, to),
    started,
    actionSpace: null,
  };
}
