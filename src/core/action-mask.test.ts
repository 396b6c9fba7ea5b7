import { describe, expect, it } from 'vitest';
import { checkActionMasks, hasActionMask, readActionMask } from './action-mask.ts';
import { ActionMaskError, BellmanError, MismatchError } from './errors.ts';

const read = (action_mask: unknown, actions = 3) => {
  const mask = new Int8Array(actions).fill(7);
  readActionMask({ action_mask }, mask);
  return Array.from(mask);
};

describe('readActionMask', () => {
  it.each([
    [Int8Array.of(0, 1, 1), [0, 1, 1]],
    [Uint8Array.of(1, 0, 0), [1, 0, 0]],
    [
      [1, 1, 1],
      [1, 1, 1],
    ],
    [
      [false, true, false],
      [0, 1, 0],
    ],
  ])('reads %j', (given, expected) => {
    expect(read(given)).toEqual(expected);
  });
  it.each([
    ['that forbids everything', Int8Array.of(0, 0, 0)],
    ['that forbids everything', [false, false, false]],
    ['that is too short', Int8Array.of(1, 1)],
    ['that is too long', Int8Array.of(1, 1, 1, 1)],
    ['with an entry of 2', [0, 1, 2]],
    ['with an entry of NaN', [1, Number.NaN, 0]],
    ['that is null', null],
    ['that is a number', 3],
  ])('refuses a mask %s', (_what, given) => {
    const mask = Int8Array.of(7, 7, 7);
    expect(() => readActionMask({ action_mask: given }, mask)).toThrow(ActionMaskError);
    expect(Array.from(mask)).toEqual([7, 7, 7]);
  });
  it('names what it got and what is allowed, in one line', () => {
    let error: unknown;
    try {
      read(Int8Array.of(0, 0, 0));
    } catch (caught) {
      error = caught;
    }
    expect(error).toBeInstanceOf(BellmanError);
    expect((error as BellmanError).code).toBe('BAD_ACTION_MASK');
    expect((error as BellmanError).message).toBe(
      'action_mask: got Int8Array(3) [0, 0, 0], allowed is 3 entries of 0 and 1, not all 0.',
    );
  });
  it('says that an environment gives none', () => {
    expect(hasActionMask({ prob: 1 })).toBe(false);
    expect(hasActionMask({ action_mask: [1] })).toBe(true);
    expect(() => readActionMask({ prob: 1 }, new Int8Array(2))).toThrow(MismatchError);
    expect(() => readActionMask({ prob: 1 }, new Int8Array(2))).toThrow(
      /^actionMasks: true needs .* info\.action_mask, .*this one gives none\.$/,
    );
  });
});

describe('checkActionMasks', () => {
  const masks = Uint8Array.of(0, 0, 1, /**/ 0, 0, 0, /**/ 1, 1, 0);
  it('names the row that forbids everything', () => {
    expect(() => checkActionMasks(masks, 3)).toThrow(
      'action_mask: got Uint8Array(3) [0, 0, 0], allowed is 3 entries of 0 and 1, not all 0.',
    );
    expect(() => checkActionMasks(masks, 3, Uint8Array.of(0, 1, 0))).toThrow(ActionMaskError);
  });
  it('passes over rows that do not count', () => {
    expect(() => checkActionMasks(masks, 3, Uint8Array.of(1, 0, 1))).not.toThrow();
    expect(() => checkActionMasks(masks.subarray(0, 3), 3)).not.toThrow();
    expect(() => checkActionMasks(masks.subarray(6), 3)).not.toThrow();
  });
});
