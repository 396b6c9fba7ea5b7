import type { PongHand } from './pong-match.ts';

const KEYS = ['ArrowUp', 'ArrowDown', 'w', 's', ' '];
const SCREEN_ROWS = 210;
/** Half of the paddle's rows. */
const HALF_PADDLE = 8;

/** The person's paddle, by keys, mouse, or fingers. */
export class PaddleControl {
  readonly #hand: () => PongHand | undefined;
  readonly #keys = new Set<string>();
  readonly #pointers = new Set<number>();

  /** @param hand what is steered now; undefined while there is no match. */
  constructor(hand: () => PongHand | undefined) {
    this.#hand = hand;
  }

  /** @param key the event's, a letter in lower case. @returns whether it steers. */
  press(key: string, down: boolean): boolean {
    if (!KEYS.includes(key)) return false;
    if (down) this.#keys.add(key);
    else this.#keys.delete(key);
    this.#steer();
    return true;
  }

  /** Lets go of all keys. */
  release(): void {
    this.#keys.clear();
    this.#steer();
  }

  /** A pointer that goes down, up, away or moves. @param playing whether it may move the paddle. */
  point(event: PointerEvent, playing: boolean): void {
    const stage = event.currentTarget as HTMLElement;
    if (event.type === 'pointerdown') {
      this.#pointers.add(event.pointerId);
      stage.setPointerCapture(event.pointerId);
      stage.focus({ preventScroll: true });
    } else if (event.type !== 'pointermove') this.#pointers.delete(event.pointerId);
    const hand = this.#hand();
    if (hand === undefined || !playing) return;
    const { top, height } = stage.getBoundingClientRect();
    // The paddle's middle goes where the pointer is.
    if (event.type !== 'pointerup') hand.row = ((event.clientY - top) / height) * SCREEN_ROWS - HALF_PADDLE;
    // A mouse fires with its button, touch with a second finger.
    hand.fire = event.pointerType === 'mouse' ? event.buttons > 0 : this.#pointers.size > 1;
  }

  #steer(): void {
    const hand = this.#hand();
    if (hand === undefined) return;
    const has = (...keys: string[]): number => Number(keys.some((key) => this.#keys.has(key)));
    hand.direction = (has('ArrowDown', 's') - has('ArrowUp', 'w')) as -1 | 0 | 1;
    hand.fire = has(' ') === 1 || this.#pointers.size > 1;
    if (hand.direction !== 0) hand.row = undefined;
  }
}
