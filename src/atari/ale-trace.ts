import type { Ale } from './ale.ts';

export interface AleTraceOptions {
  readonly frames: number;
  /** Of the generator that draws the actions; the environment's own should be made with the same. */
  readonly seed: number;
  /** Hash of bytes in hexadecimal; SHA-1 in traces that are compared with Python's. */
  readonly hash: (bytes: Uint8Array) => string;
}

/** Frames for which a drawn action is held. */
const HOLD = 8;
/** Every so many lines the RGB and gray pictures are hashed too. */
const PICTURES_EVERY = 60;

/**
 * Plays random minimal actions and yields a line of JSON for the start and for each frame: action, reward, lives, end, and
 * hashes of RAM and screen. The same loop over ale-py gives the same text. Actions come from the linear congruential
 * generator x = 1103515245 x + 12345 mod 2^31 that starts at the seed: number (x >> 16) mod n of the minimal set.
 * After an end the game is reset.
 */
export function* traceAle(ale: Ale, { frames, seed, hash }: AleTraceOptions): IterableIterator<string> {
  const actions = ale.minimalActions;
  const memory = (): string => `"ram": "${hash(ale.ram)}", "screen": "${hash(ale.screen())}"`;
  yield `{"t": 0, "actions": [${actions.join(', ')}], "lives": ${ale.lives()}, ${memory()}}`;
  let x = Number(BigInt.asUintN(31, BigInt(seed)));
  let action: number = actions[0];
  for (let t = 1; t <= frames; t++) {
    if (t % HOLD === 1) {
      x = (Math.imul(1_103_515_245, x) + 12_345) & 0x7fffffff;
      action = actions[(x >> 16) % actions.length];
    }
    const reward = ale.act(action);
    const over = ale.gameOver || ale.truncated;
    const pictures =
      t % PICTURES_EVERY === 0 ? `, "rgb": "${hash(ale.screenRgb())}", "gray": "${hash(ale.screenGray())}"` : '';
    const outcome = `"action": ${action}, "reward": ${reward}, "lives": ${ale.lives()}, "over": ${over}`;
    yield `{"t": ${t}, ${outcome}, ${memory()}${pictures}}`;
    if (over) ale.reset();
  }
}
