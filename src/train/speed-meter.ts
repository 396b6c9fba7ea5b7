/** Time over which speed is measured, in milliseconds. */
const WINDOW = 5000;
/** Shortest time that says something: clocks of browsers have steps of up to 0.1 ms, and episodes end in bursts. */
const SHORTEST = 100;
/** Time between two marks. */
const MARK_EVERY = 250;

/** Steps a second over the last seconds. Of one process alone: no part of a saved state. */
export class SpeedMeter {
  readonly #now: () => number;
  readonly #window: number;
  /** Times and steps, oldest first; the oldest is the last one that is older than the window, or the start. */
  readonly #marks: { readonly time: number; readonly step: number }[] = [];
  #last: number | undefined;

  /** @param now milliseconds from any fixed moment. @param window milliseconds that count as the last ones. */
  constructor(now: () => number, window = WINDOW) {
    this.#now = now;
    this.#window = window;
    this.restart(0);
  }

  /** Begins anew at a step. */
  restart(step: number): void {
    this.#marks.length = 0;
    this.#marks.push({ time: this.#now(), step });
    this.#last = undefined;
  }

  /** To be called at every step or seldom: a mark is set a few times a second. */
  count(step: number): void {
    const marks = this.#marks;
    const time = this.#now();
    if (time - marks[marks.length - 1].time < MARK_EVERY) return;
    marks.push({ time, step });
    while (time - marks[1].time >= this.#window) marks.shift();
  }

  /** Steps a second; undefined while too little time has passed to tell. */
  speed(step: number): number | undefined {
    const [oldest] = this.#marks;
    const elapsed = this.#now() - oldest.time;
    if (elapsed >= SHORTEST) this.#last = ((step - oldest.step) / elapsed) * 1000;
    return this.#last;
  }
}
