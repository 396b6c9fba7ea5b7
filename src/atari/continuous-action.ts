import { type Action, ALL_ACTIONS, PRESSED } from './actions.ts';
import { JOYSTICK } from './console/index.ts';

/**
 * The action nearest to a stick that leans (Farebrother and Castro 2024, CALE): a direction counts from the threshold on.
 * @param stick [3]: radius, angle in radians, fire.
 */
export function continuousAction(stick: Float32Array, threshold: number): Action {
  const [radius, angle, fire] = stick;
  const x = Math.fround(radius * Math.fround(Math.cos(angle)));
  const y = Math.fround(radius * Math.fround(Math.sin(angle)));
  const pressed =
    (x < -threshold ? JOYSTICK.left : x > threshold ? JOYSTICK.right : 0) |
    (y < -threshold ? JOYSTICK.down : y > threshold ? JOYSTICK.up : 0) |
    (fire > threshold ? JOYSTICK.fire : 0);
  return BY_PRESSED[pressed];
}

/** The action that presses these bits. */
const BY_PRESSED: readonly Action[] = (() => {
  const table: Action[] = [];
  for (const action of ALL_ACTIONS) table[PRESSED[action]] = action;
  return table;
})();
