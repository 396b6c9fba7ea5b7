import { Generator } from '../core/random/index.ts';
import type { Ale } from './ale.ts';

/** Emulated frames per second. */
export interface AleSpeed {
  /** Acting alone: nobody looks at the screen. */
  readonly act: number;
  /** Acting, and reading the grayscale screen after every frame. */
  readonly actAndGray: number;
}

/** Plays random minimal actions (those that NumPy's generator draws from seed 0) and measures, resets included.
 * @param now milliseconds from any fixed moment. */
export function measureAle(ale: Ale, frames: number, now: () => number): AleSpeed {
  const drawn = new Generator(0).integersArray(0, ale.minimalActions.length, frames);
  const actions = Int32Array.from(drawn, (index) => ale.minimalActions[index]);
  const gray = new Uint8Array(ale.screenWidth * ale.screenHeight);
  const measure = (read: boolean): number => {
    const start = now();
    for (const action of actions) {
      ale.act(action);
      if (read) ale.screenGray(gray);
      if (ale.gameOver) ale.reset();
    }
    return (frames / (now() - start)) * 1000;
  };
  return { act: measure(false), actAndGray: measure(true) };
}
