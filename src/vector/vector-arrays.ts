import type { Space } from '../core/space.ts';
import type { Discrete } from '../spaces/discrete.ts';
import { type Allocate, createVectorBatch, rowsOf, type VectorBatch } from '../spaces/vector-batch.ts';
import type { AutoresetMode } from './vector-env.ts';

/** The memory of a vector's results: a row or an element for each environment. */
export interface VectorArrays<B extends VectorBatch = VectorBatch> {
  readonly observations: B;
  /** For 'same-step' only. */
  readonly finalObservations: B | undefined;
  readonly rewards: Float64Array;
  readonly terminations: Uint8Array;
  readonly truncations: Uint8Array;
  /** [numEnvs, actions]; empty where actions are not numbered, or are more than a mask is made for. */
  readonly actionMasks: Uint8Array;
  /** The same for the final observations; empty without them. */
  readonly finalActionMasks: Uint8Array;
  /** [numEnvs] 1 for environments that have given a mask so far. */
  readonly masked: Uint8Array;
  /** [numEnvs] 1 for environments whose episodes are parts of games, as far as they have told. */
  readonly inGames: Uint8Array;
  /** [numEnvs] of `WholeGames`. */
  readonly gamesOver: Uint8Array;
  readonly gameReturns: Float64Array;
}

/** Actions from which on nobody gets masks: an array of them would fill the memory. */
const MOST_MASKED_ACTIONS = 1 << 16;

/** Arrays for the results of `n` environments: zeroed, all actions allowed.
 * @param memory for each array. Default: new. */
export function createVectorArrays<B extends VectorBatch = VectorBatch>(
  spaces: { readonly observation: Space; readonly action: Space },
  n: number,
  autoresetMode: AutoresetMode,
  memory: Allocate = (bytes) => new ArrayBuffer(bytes),
): VectorArrays<B> {
  const observations = (): B => createVectorBatch(spaces.observation, n, memory) as B;
  const bytes = (length: number): Uint8Array => new Uint8Array(memory(length));
  const actions = spaces.action.kind === 'discrete' ? (spaces.action as unknown as Discrete).n : 0;
  const masks = actions < MOST_MASKED_ACTIONS ? n * actions : 0;
  const sameStep = autoresetMode === 'same-step';
  return {
    observations: observations(),
    finalObservations: sameStep ? observations() : undefined,
    rewards: new Float64Array(memory(8 * n)),
    terminations: bytes(n),
    truncations: bytes(n),
    actionMasks: bytes(masks).fill(1),
    finalActionMasks: bytes(sameStep ? masks : 0).fill(1),
    masked: bytes(n),
    inGames: bytes(n),
    gamesOver: bytes(n),
    gameReturns: new Float64Array(memory(8 * n)),
  };
}

/** The rows of environments `from` to `to` of `n`. Views. */
export function rowsOfArrays<B extends VectorBatch>(
  arrays: VectorArrays<B>,
  n: number,
  from: number,
  to: number,
): VectorArrays<B> {
  const { finalObservations: final } = arrays;
  const rows = <T extends VectorBatch>(batch: T): T => rowsOf(batch, n, from, to);
  return {
    observations: rows(arrays.observations),
    finalObservations: final === undefined ? undefined : rows(final),
    rewards: rows(arrays.rewards),
    terminations: rows(arrays.terminations),
    truncations: rows(arrays.truncations),
    actionMasks: rows(arrays.actionMasks),
    finalActionMasks: rows(arrays.finalActionMasks),
    masked: rows(arrays.masked),
    inGames: rows(arrays.inGames),
    gamesOver: rows(arrays.gamesOver),
    gameReturns: rows(arrays.gameReturns),
  };
}
