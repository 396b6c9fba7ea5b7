import { beforeAll, describe, expect, it } from 'vitest';
import { aleCartridge, useAleCartridges } from '../../test/support/ale-cartridges.ts';
import { ActionError, OptionError } from '../core/errors.ts';
import { makeFromKwargs } from '../envs/index.ts';
import { Ale, CartridgeError, gameNamed, JammedProcessorError } from './index.ts';

beforeAll(useAleCartridges);

describe('Ale', () => {
  const pong = aleCartridge('pong');

  it.each<[string, () => Uint8Array, RegExp]>([
    ['empty', () => new Uint8Array(0), /0 bytes, MD5 .* is none of the 104 cartridges/],
    ['truncated', () => pong.slice(0, 1500), /1500 bytes.*truncated, padded or something else/],
    ['truncated to another size', () => aleCartridge('qbert').slice(0, 2048), /other versions, PAL ones among them/],
    ['padded', () => Uint8Array.of(...pong, ...new Uint8Array(6)), /is Pong with 6 bytes more/],
    ['doubled', () => Uint8Array.of(...pong, ...pong), /is Pong with 2048 bytes more/],
    ['changed by one bit', () => pong.with(7, pong[7] ^ 1), /is none of the 104 cartridges/],
    ['of another game', () => aleCartridge('breakout'), /is that of Breakout, wanted is Pong/],
  ])('refuses a cartridge that is %s in one line', (_, bytes, message) => {
    const create = (): Ale => new Ale(bytes(), { game: gameNamed('pong') });
    expect(create).toThrow(CartridgeError);
    expect(create).toThrow(message);
    expect(create).toThrow(/^[^\n]*$/);
  });

  it.each([
    '0',
    [0],
    0n,
    Int32Array.of(0),
    Symbol('0'),
    {},
    null,
    undefined,
    true,
    1.5,
    -1,
    6,
  ])('is refused the action %s by its environment', (action) => {
    const env = makeFromKwargs('PongNoFrameskip-v4');
    env.reset({ seed: 0 });
    expect(() => env.step(action)).toThrow(ActionError);
  });

  it('refuses modes and difficulties that the game lacks', () => {
    const ale = new Ale(pong);
    expect(() => ale.setMode(7)).toThrow(new OptionError('mode', 7, 'one of 0, 1 in Pong'));
    expect(() => ale.setDifficulty(9)).toThrow(/^difficulty: got 9, allowed is one of 0, 1, 2, 3 in Pong\.$/);
    expect(() => makeFromKwargs('ALE/Pong-v5', { mode: 7 })).toThrow(OptionError);
    ale.setMode(1);
    expect(ale.mode).toBe(1);
  });

  it('says so when the processor is jammed', () => {
    const ale = new Ale(pong);
    ale.act(0);
    // No known game comes there by itself; a damaged state could.
    Object.defineProperty(ale.console, 'jammed', { get: () => true });
    expect(() => ale.act(0)).toThrow(JammedProcessorError);
    expect(() => ale.act(0)).toThrow('The processor is jammed in Pong: its memory or a restored state is damaged.');
  });
});
