/**
 * Reading a table of action values: `q` is [nStates, nActions] row-major. Ties go to the lowest action everywhere, as in
 * the texts' programs and NumPy's `argmax`.
 */

/** The action with the largest value in a state. */
export function bestAction(q: Float64Array, nActions: number, state: number): number {
  const start = state * nActions;
  let best = start;
  for (let i = start + 1; i < start + nActions; i++) if (q[i] > q[best]) best = i;
  return best - start;
}

/** The largest value in a state: V(s) = max over a of Q(s, a). */
export function bestValue(q: Float64Array, nActions: number, state: number): number {
  const start = state * nActions;
  let best = q[start];
  for (let i = start + 1; i < start + nActions; i++) if (q[i] > best) best = q[i];
  return best;
}

/** The greedy action of every state.
 * @returns [nStates], fresh. */
export function greedyActions(q: Float64Array, nActions: number): Int32Array {
  return Int32Array.from({ length: q.length / nActions }, (_, state) => bestAction(q, nActions, state));
}

/** The largest value of every state.
 * @returns [nStates], fresh. */
export function stateValuesOf(q: Float64Array, nActions: number): Float64Array {
  return Float64Array.from({ length: q.length / nActions }, (_, state) => bestValue(q, nActions, state));
}

/**
 * Moves Q(s, a) towards a target: Q = (1 - alpha) Q + alpha target, which is Sutton & Barto's
 * Q + alpha [target - Q] in the texts' form.
 * @param q [nStates, nActions] row-major, updated.
 * @param pair `state * nActions + action`.
 */
export function blend(q: Float64Array, pair: number, target: number, alpha: number): void {
  q[pair] = q[pair] * (1 - alpha) + target * alpha;
}
