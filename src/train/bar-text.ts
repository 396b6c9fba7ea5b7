import { formatTimeLeft } from '../core/duration.ts';
import { formatCount } from '../core/format-count.ts';
import { SpeedMeter } from './speed-meter.ts';
import { type Estimate, TimeLeft, type TimeLeftOptions } from './time-left.ts';

export interface BarTextOptions extends TimeLeftOptions {
  /** What a unit of the training is called, in the plural. */
  readonly unit: string;
}

/** What stands beside a progress bar: the time left, what matters most, then steps, speed and the training's own words. */
export class BarText {
  /** The last reward that was logged, as the bound is for; undefined before the first. */
  reward: number | undefined;
  readonly #unit: string;
  readonly #left: TimeLeft;
  readonly #speed: SpeedMeter;

  constructor(options: BarTextOptions) {
    this.#unit = options.unit;
    this.#left = new TimeLeft(options);
    this.#speed = new SpeedMeter(options.now);
    this.#speed.restart(options.first);
  }

  /** Takes what a training logs; the reward in it says when the bound will be reached. */
  addScalars(step: number, values: Readonly<Record<string, number>>): void {
    const reward = values['reward_mean'] ?? values['reward'];
    if (reward === undefined) return;
    this.reward = reward;
    this.#left.addReward(step, reward);
  }

  /** Where it ends, by what is known, and units a second; undefined while too little time has passed. */
  facts(step: number): { readonly estimate: Estimate; readonly speed: number | undefined } {
    const estimate = this.#left.estimate(step);
    this.#speed.count(step);
    return { estimate, speed: this.#speed.speed(step) };
  }

  /** @param status of the training. @returns units at the end of the bar, and the text. */
  at(step: number, status: string): { readonly total: number; readonly text: string } {
    const { estimate, speed } = this.facts(step);
    const pace = speed === undefined ? '' : `, ${speed < 10 ? speed.toFixed(1) : Math.round(speed)}/s`;
    const parts = [describeTimeLeft(estimate), `${formatCount(step)} ${this.#unit}${pace}`, status];
    return { total: estimate.total, text: parts.filter((part) => part !== undefined).join(' | ') };
  }
}

/** `about 12 min left`; undefined while nothing is known. */
export function describeTimeLeft({ seconds, atMost }: Estimate): string | undefined {
  return seconds === undefined ? undefined : formatTimeLeft(seconds, atMost);
}
