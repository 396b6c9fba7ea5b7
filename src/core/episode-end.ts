/** How a step left its episode. */
export const RUNNING = 0;
/** The task ended: the next state is worth nothing. */
export const TERMINATED = 1;
/** Ended from outside, by a time limit say: the last observation still has a value. */
export const TRUNCATED = 2;

/** How a step that said so left its episode; a terminal state has no value, truncated or not. */
export function endOf(terminated: boolean | number, truncated: boolean | number): number {
  return terminated ? TERMINATED : truncated ? TRUNCATED : RUNNING;
}
