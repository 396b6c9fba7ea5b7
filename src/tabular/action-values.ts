/**
 * Reading a table of action values: `q` is [nStates, nActions] row-major. Ties go to the lowest action everywhere, as in
 * the textbooks' programs and NumPy's `argmax`. A mask is [nActions], 1 for each action that counts, at least one of them.
 */

/** The action with the largest value in a state, among those of the mask. */
export function bestAction(q: Float64Array, nActions: number, state: number, mask?: Int8Array): number {
  const start = state * nActions;
  return bestPair(q, nActions, start, mask) - start;
}

/** The largest value in a state: V(s) = max over a of Q(s, a), a among the actions of the mask. */
export function bestValue(q: Float64Array, nActions: number, state: number, mask?: Int8Array): number {
  return q[bestPair(q, nActions, state * nActions, mask)];
}

/** Index of the largest value in the row that begins at `start`. */
function bestPair(q: Float64Array, nActions: number, start: number, mask: Int8Array | undefined): number {
  let best = start;
  if (mask === undefined) {
    for (let i = start + 1; i < start + nActions; i++) if (q[i] > q[best]) best = i;
    return best;
  }
  while (mask[best - start] === 0) best++;
  for (let i = best + 1; i < start + nActions; i++) if (mask[i - start] === 1 && q[i] > q[best]) best = i;
  return best;
}

/** The greedy action of every state.
 * @param masks [nStates, nActions] row-major; undefined where every action counts.
 * @returns [nStates], fresh. */
export function greedyActions(q: Float64Array, nActions: number, masks?: Int8Array): Int32Array {
  return Int32Array.from({ length: q.length / nActions }, (_, state) =>
    bestAction(q, nActions, state, masks?.subarray(state * nActions, (state + 1) * nActions)),
  );
}

/** The largest value of every state.
 * @param masks [nStates, nActions] row-major; undefined where every action counts.
 * @returns [nStates], fresh. */
export function stateValuesOf(q: Float64Array, nActions: number, masks?: Int8Array): Float64Array {
  return Float64Array.from({ length: q.length / nActions }, (_, state) =>
    bestValue(q, nActions, state, masks?.subarray(state * nActions, (state + 1) * nActions)),
  );
}

/**
 * Moves Q(s, a) towards a target: Q = (1 - alpha) Q + alpha target, which is Sutton & Barto's
 * Q + alpha [target - Q] in the form of Lapan's programs.
 * @param q [nStates, nActions] row-major, updated.
 * @param pair `state * nActions + action`.
 */
export function blend(q: Float64Array, pair: number, target: number, alpha: number): void {
  q[pair] = q[pair] * (1 - alpha) + target * alpha;
}
