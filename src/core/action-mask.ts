import type { Info } from './env.ts';
import { ActionMaskError, MismatchError } from './errors.ts';

/** Gymnasium's key of the mask in an environment's `info`. */
const KEY = 'action_mask';

/** Whether an environment's `info` says which actions are allowed. */
export function hasActionMask(info: Info): boolean {
  return info[KEY] !== undefined;
}

/** For an environment without masks where they are asked for. */
export function noActionMask(): MismatchError {
  return new MismatchError(
    'actionMasks: true needs an environment that gives info.action_mask, as Taxi does; this one gives none.',
  );
}

/**
 * Checks that masks allow something.
 * @param masks [n, actions] row-major.
 * @param rows [n] 1 for each row that counts; undefined for all.
 * @throws ActionMaskError for one that forbids everything.
 */
export function checkActionMasks(masks: Uint8Array, actions: number, rows?: Uint8Array): void {
  for (let from = 0; from < masks.length; from += actions) {
    if (rows !== undefined && rows[from / actions] === 0) continue;
    let action = 0;
    while (action < actions && masks[from + action] === 0) action++;
    if (action === actions) throw new ActionMaskError(masks.slice(from, from + actions), actions);
  }
}

/**
 * Reads `info.action_mask`, which says of each action whether it is allowed in the state that the info came with.
 * @param info of a reset or a step that did not terminate: after a terminal state no action follows.
 * @param mask [actions], overwritten with 1 for allowed and 0 for forbidden. Left alone when this throws.
 * @throws MismatchError without a mask; ActionMaskError when it does not have one entry of 0 or 1 (or false or true) for
 * each action, or forbids them all.
 */
export function readActionMask(info: Info, mask: Int8Array | Uint8Array): void {
  const given = info[KEY] as ArrayLike<unknown> | undefined;
  if (given === undefined) throw noActionMask();
  const { length } = mask;
  if (given?.length !== length) throw new ActionMaskError(given, length);
  let allowed = 0;
  for (let i = 0; i < length; i++) {
    const entry = Number(given[i]);
    if (entry !== 0 && entry !== 1) throw new ActionMaskError(given, length);
    allowed += entry;
  }
  if (allowed === 0) throw new ActionMaskError(given, length);
  for (let i = 0; i < length; i++) mask[i] = Number(given[i]);
}
