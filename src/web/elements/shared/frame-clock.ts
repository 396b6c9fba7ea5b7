/** Turns the time between pictures into whole frames of something that has its own rate. */
export class FrameClock {
  /** Frames a second. */
  rate: number;
  #owed = 0;

  constructor(rate: number) {
    this.rate = rate;
  }

  /**
   * Frames to play now. A screen of nearly the same rate gets one each time: what is left over waits until it is a quarter of a
   * frame, so that pictures do not stutter.
   * @param milliseconds since the last call. @param most frames to catch up with; more are forgotten.
   */
  due(milliseconds: number, most = 6): number {
    this.#owed += (milliseconds * this.rate) / 1000;
    const frames = Math.max(0, Math.floor(this.#owed + 0.25));
    if (frames > most) {
      this.#owed = 0;
      return most;
    }
    this.#owed -= frames;
    return frames;
  }
}
