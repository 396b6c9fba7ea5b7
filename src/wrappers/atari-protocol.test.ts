import { describe, expect, it } from 'vitest';
import {
  ATARI_PROTOCOL_NAMES,
  ATARI_PROTOCOLS,
  atariProtocol,
  describeProtocol,
  protocolWith,
} from './atari-protocol.ts';

describe('protocols of Atari games', () => {
  it("are those of the field's tables", () => {
    const values = ATARI_PROTOCOL_NAMES.map((name) => {
      const { stickyActions, noopMax, fireReset, frameSkip, maxFrames } = ATARI_PROTOCOLS[name];
      return [name, stickyActions, noopMax, fireReset, frameSkip, maxFrames];
    });
    expect(values).toEqual([
      ['no-ops', 0, 30, true, 4, 108_000],
      ['sticky', 0.25, 0, false, 4, 108_000],
      ['sticky-no-ops', 0.25, 30, false, 4, 108_000],
    ]);
  });

  it('are found by their values, all of them', () => {
    for (const name of ATARI_PROTOCOL_NAMES) expect(protocolWith(atariProtocol(name))).toBe(name);
    const { sticky } = ATARI_PROTOCOLS;
    for (const change of [{ stickyActions: 0.2 }, { noopMax: 1 }, { fireReset: true }, { frameSkip: 3 }])
      expect(protocolWith({ ...sticky, ...change })).toBeUndefined();
    expect(protocolWith({ ...sticky, stickyActions: null })).toBeUndefined();
  });

  it('are said in one line', () => {
    expect(describeProtocol(ATARI_PROTOCOLS['no-ops'])).toBe(
      'no-ops: no sticky actions, up to 30 no-ops, FIRE at the start, 4 frames an action',
    );
    expect(describeProtocol({ stickyActions: null, noopMax: 0, fireReset: false, frameSkip: 1 })).toBe(
      "its own: sticky actions of the environment's id, no no-ops, no FIRE at the start, 1 frame an action",
    );
  });

  it.each([
    ['stiky', 'Unknown protocol "stiky". Did you mean "sticky"? Known: no-ops, sticky, sticky-no-ops.'],
    ['toString', 'Unknown protocol "toString". There are no-ops, sticky, sticky-no-ops.'],
    [30, 'Unknown protocol "30".'],
  ])('refuses %s', (name, message) => {
    expect(() => atariProtocol(name)).toThrow(message);
  });
});
