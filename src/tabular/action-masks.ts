import { readActionMask } from '../core/action-mask.ts';
import type { Info } from '../core/env.ts';
import { ActionMaskError } from '../core/errors.ts';
import { restoreArray } from '../core/saved-state.ts';
import type { Restorable, Snapshot } from '../core/snapshot.ts';

/**
 * Which actions are allowed in each state: the environment's `info.action_mask` as it was last seen there. In a state that
 * was never seen all are. The same state is taken to have the same mask always.
 */
export class ActionMasks implements Restorable {
  /** [nStates, nActions] row-major, 1 for allowed. */
  private readonly all: Int8Array;
  private readonly nActions: number;
  /** Views of the rows of `all`, each made when first asked for. */
  private readonly rows: (Int8Array | undefined)[];
  private readonly given: Int8Array;

  constructor(nStates: number, nActions: number) {
    this.all = new Int8Array(nStates * nActions).fill(1);
    this.nActions = nActions;
    this.rows = new Array<Int8Array | undefined>(nStates);
    this.given = new Int8Array(nActions);
  }

  /** The mask of a state.
   * @param info that came with the state; its own mask is taken in place of the recorded one, and not recorded.
   * @returns [nActions], read only; with `info` valid until the next call.
   * @throws MismatchError, ActionMaskError as `readActionMask`. */
  of(state: number, info?: Info): Int8Array {
    if (info === undefined) return this.row(state);
    readActionMask(info, this.given);
    return this.given;
  }

  /** Records the mask of a state. @throws MismatchError, ActionMaskError as `readActionMask`. */
  record(state: number, info: Info): void {
    readActionMask(info, this.row(state));
  }

  private row(state: number): Int8Array {
    let row = this.rows[state];
    if (row === undefined) {
      row = this.all.subarray(state * this.nActions, (state + 1) * this.nActions);
      this.rows[state] = row;
    }
    return row;
  }

  /** @returns [nStates, nActions] row-major, fresh. */
  toArray(): Int8Array {
    return this.all.slice();
  }
  saveState(): Snapshot {
    return this.all.slice();
  }
  restoreState(state: Snapshot): void {
    const saved = this.all.slice();
    restoreArray(state, 'action masks', saved);
    for (let at = 0; at < saved.length; at += this.nActions) {
      const row = saved.subarray(at, at + this.nActions);
      if (!row.includes(1) || row.some((bit) => bit !== 0 && bit !== 1)) throw new ActionMaskError(row, this.nActions);
    }
    this.all.set(saved);
  }
}
