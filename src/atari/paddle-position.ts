import { type Console, JOYSTICK } from './console/index.ts';

/** Resistances in ohms, as in ALE: the ends of the paddle, and how far a frame turns it. */
const LOWEST = 27_450;
const HIGHEST = 790_196;
const TURN = 23_000;

/** Where the player's paddle stands: RIGHT lowers its resistance, LEFT raises it. The second paddle stays in the middle. */
export class PaddlePosition {
  private readonly highest: number;
  private readonly middle: number;
  private resistance: number;

  constructor(highest = HIGHEST) {
    this.highest = highest;
    this.middle = Math.trunc((LOWEST + highest) / 2);
    this.resistance = this.middle;
  }

  centre(console: Console): void {
    this.resistance = this.middle;
    this.put(console, false);
  }

  /** Moves by one frame of an action.
   * @param pressed bits of JOYSTICK.
   * @param strength how far it turns, 0 to 1. */
  turn(console: Console, pressed: number, strength: number): void {
    const step = Math.trunc(TURN * Math.fround(strength));
    if ((pressed & JOYSTICK.right) !== 0) this.resistance -= step;
    else if ((pressed & JOYSTICK.left) !== 0) this.resistance += step;
    this.resistance = Math.min(this.highest, Math.max(LOWEST, this.resistance));
    this.put(console, (pressed & JOYSTICK.fire) !== 0);
  }

  /** Lets go of the button. */
  release(console: Console): void {
    this.put(console, false);
  }

  private put(console: Console, fire: boolean): void {
    console.setPaddle(0, this.resistance, fire);
    console.setPaddle(1, this.middle, false);
  }

  save(): number {
    return this.resistance;
  }

  restore(resistance: number): void {
    this.resistance = resistance;
  }
}
