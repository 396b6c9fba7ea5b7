/** Lengths in environment steps; steps of all environments count together. */
export interface UpdateIntervals {
  readonly environments: number;
  readonly trainInterval: number;
  /** Updates done each time. */
  readonly gradientSteps: number;
  readonly targetUpdateInterval: number;
}

/** When DQN learns and when it syncs its target network. */
export class UpdateSchedule {
  readonly #intervals: UpdateIntervals;

  constructor(intervals: UpdateIntervals) {
    this.#intervals = intervals;
  }

  /** Updates that are due after the steps from `before`, exclusive, to `step`. */
  updates(before: number, step: number): number {
    return multiples(this.#intervals.trainInterval, before, step) * this.#intervals.gradientSteps;
  }

  /** Whether a target sync is due then. */
  syncs(before: number, step: number): boolean {
    return multiples(this.#intervals.targetUpdateInterval, before, step) > 0;
  }

  /** Steps of every environment from `step` until one after which an update is due. */
  actingsToUpdate(step: number): number {
    const { trainInterval, environments } = this.#intervals;
    return Math.ceil((trainInterval - (step % trainInterval)) / environments);
  }
}

/** How many multiples of an interval lie above `before` and at most at `step`. */
export function multiples(interval: number, before: number, step: number): number {
  return Math.floor(step / interval) - Math.floor(before / interval);
}
