import type { Info } from './env.ts';
import { ActionMaskError, MismatchError } from './errors.ts';

/** Gymnasium's key of the mask in an environment's `info`. */
const KEY = 'action_mask';

/** Whether an environment's `info` says which actions are allowed. */
export function hasActionMask(info: Info): boolean {
  return info[KEY] !== undefined;
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
  if (given === undefined) {
    throw new MismatchError(
      'actionMasks: true needs an environment that gives info.action_mask, as Taxi does; this one gives none.',
    );
  }
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
