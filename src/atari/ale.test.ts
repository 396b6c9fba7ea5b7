import { decode } from 'fast-png';
import { zipSync } from 'fflate';
import { beforeAll, describe, expect, it } from 'vitest';
import { aleCartridge, useAleCartridges } from '../../test/support/ale-cartridges.ts';
import { ActionError, FileFormatError, OptionError, UnavailableError } from '../core/errors.ts';
import { makeFromKwargs } from '../envs/index.ts';
import {
  Ale,
  type AtariEnv,
  addCartridges,
  CartridgeError,
  cartridgesIn,
  gameNamed,
  JammedProcessorError,
  MissingCartridgeError,
  screenPng,
  setCartridgeProvider,
} from './index.ts';

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

  it('finds cartridges that were handed over in an archive', () => {
    setCartridgeProvider(undefined);
    try {
      expect(() => makeFromKwargs('SurroundNoFrameskip-v4')).toThrow(/Hand over its bytes with addCartridge\(\)/);
      const surround = aleCartridge('surround');
      const wheel = zipSync({
        'ale_py/roms/surround.bin': surround,
        'ale_py/roms/pal.bin': surround.with(9, surround[9] ^ 1),
        'ale_py/roms/.hidden.bin': aleCartridge('tennis'),
        'ale_py/readme.txt': Uint8Array.of(1),
      });
      expect(addCartridges(wheel)).toEqual(['surround']);
      makeFromKwargs('SurroundNoFrameskip-v4').reset({ seed: 1 });
      expect(() => makeFromKwargs('TennisNoFrameskip-v4')).toThrow(MissingCartridgeError);
    } finally {
      useAleCartridges();
    }
    expect(() => addCartridges(zipSync({ 'a.bin': Uint8Array.of(1) }))).toThrow(CartridgeError);
    expect(() => addCartridges(Uint8Array.of(1, 2, 3))).toThrow(/3 bytes, MD5 5289df737df57326fcdd22597afb1fac/);
    const cut = zipSync({ 'a.bin': aleCartridge('tennis') }).subarray(0, 500);
    expect(() => addCartridges(cut)).toThrow(FileFormatError);
  });

  it('takes cartridges out of any file, and tells of those it does not know', () => {
    const tennis = aleCartridge('tennis');
    expect(cartridgesIn(tennis)).toEqual({ cartridges: [{ game: 'tennis', bytes: tennis }], refused: [] });
    const other = tennis.with(9, tennis[9] ^ 1);
    const { cartridges, refused } = cartridgesIn(
      zipSync({ 'tennis.bin': tennis, 'other.a26': other, 'again.rom': tennis }),
    );
    expect(cartridges.map(({ game, bytes }) => [game, bytes.length])).toEqual([['tennis', 2048]]);
    expect(refused).toEqual([expect.stringMatching(/^other\.a26: 2048 bytes, MD5 [0-9a-f]{32}, is none of/)]);
    expect(cartridgesIn(zipSync({}))).toEqual({ cartridges: [], refused: [] });
    expect(addCartridges(tennis)).toEqual(['tennis']);
  });

  it('draws its screen as a PNG, pixels twice as wide as high', () => {
    const ale = new Ale(pong);
    for (let frame = 0; frame < 100; frame++) ale.act(0);
    const { width, height, channels, data } = decode(screenPng(ale));
    expect([width, height, channels]).toEqual([320, 210, 3]);
    const rgb = ale.screenRgb();
    const differing = Array.from({ length: width * height }, (_, at) => {
      const [from, narrow] = [3 * at, 3 * (((at >> 1) % 160) + 160 * Math.floor(at / width))];
      return [0, 1, 2].some((k) => data[from + k] !== rgb[narrow + k]);
    });
    expect(differing).not.toContain(true);
    expect(new Set(data).size).toBeGreaterThan(3);
  });

  // As ale-py 0.12.1 has them, its tuples of keys joined.
  it.each([
    ['PongNoFrameskip-v4', {}, ['e', ' ', 'd', 'a', 'd ', 'a ']],
    [
      'ALE/Pong-v5',
      { full_action_space: true },
      ['e', ' ', 'w', 'd', 'a', 's', 'wd', 'wa', 'sd', 'sa', 'w ', 'd ', 'a ', 's ', 'wd ', 'wa ', 'sd ', 'sa '],
    ],
  ])('names the keys of the actions of %s', (id, kwargs, keys) => {
    const env = makeFromKwargs(id, kwargs).unwrapped as unknown as AtariEnv;
    expect([...env.getKeysToAction()]).toEqual(keys.map((key, action) => [key, action]));
    const stick = makeFromKwargs('ALE/Pong-v5', { continuous: true }).unwrapped as unknown as AtariEnv;
    expect(() => stick.getKeysToAction()).toThrow(UnavailableError);
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
