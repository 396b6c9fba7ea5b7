import { JOYSTICK } from '../../../atari/console/console.ts';

/** Keys that move the stick, by their places on the keyboard. */
const KEYS: Readonly<Record<string, number>> = {
  ArrowUp: JOYSTICK.up,
  KeyW: JOYSTICK.up,
  ArrowDown: JOYSTICK.down,
  KeyS: JOYSTICK.down,
  ArrowLeft: JOYSTICK.left,
  KeyA: JOYSTICK.left,
  ArrowRight: JOYSTICK.right,
  KeyD: JOYSTICK.right,
  Space: JOYSTICK.fire,
  Enter: JOYSTICK.fire,
};

/** How far a stick of a gamepad leans before it counts, and how far a finger moves on the pad, as a share of its size. */
const LEAN = 0.4;
const REACH = 0.14;

/** A joystick held by keys, fingers and a gamepad at once: bits of JOYSTICK. */
export class Joystick {
  readonly #keys = new Set<string>();
  #pad = 0;
  #button = 0;

  /** @returns whether the key is one of the stick's. */
  press(code: string, down: boolean): boolean {
    if (!Object.hasOwn(KEYS, code)) return false;
    if (down) this.#keys.add(code);
    else this.#keys.delete(code);
    return true;
  }

  /** A finger on the pad. @param x from its left edge 0 to its right 1. @param y from the top. */
  lean(x: number, y: number): void {
    this.#pad =
      (y < 0.5 - REACH ? JOYSTICK.up : 0) |
      (y > 0.5 + REACH ? JOYSTICK.down : 0) |
      (x < 0.5 - REACH ? JOYSTICK.left : 0) |
      (x > 0.5 + REACH ? JOYSTICK.right : 0);
  }
  release(): void {
    this.#pad = 0;
  }
  set fire(down: boolean) {
    this.#button = down ? JOYSTICK.fire : 0;
  }

  /** Nothing is held any more: the keys went to another window. */
  letGo(): void {
    this.#keys.clear();
    this.#pad = 0;
    this.#button = 0;
  }

  /** What is pressed now. @param gamepads as the browser lists them. */
  pressed(gamepads: readonly (Pick<Gamepad, 'axes' | 'buttons'> | null)[] = []): number {
    let bits = this.#pad | this.#button;
    for (const code of this.#keys) bits |= KEYS[code];
    for (const gamepad of gamepads) {
      if (gamepad === null) continue;
      const { axes, buttons } = gamepad;
      const on = (button: number): boolean => buttons[button]?.pressed === true;
      // The standard layout: buttons 12 to 15 are the cross, 0 to 3 those of the right hand.
      if (axes[1] < -LEAN || on(12)) bits |= JOYSTICK.up;
      if (axes[1] > LEAN || on(13)) bits |= JOYSTICK.down;
      if (axes[0] < -LEAN || on(14)) bits |= JOYSTICK.left;
      if (axes[0] > LEAN || on(15)) bits |= JOYSTICK.right;
      if (on(0) || on(1) || on(2) || on(3)) bits |= JOYSTICK.fire;
    }
    return bits;
  }
}
