import { SpeedMeter } from './speed-meter.ts';

export interface TimeLeftOptions {
  /** What trainings of this kind usually take, as measured somewhere; undefined where nobody has. */
  readonly usual?: { readonly steps: number; readonly minutes: number } | undefined;
  /** Units after which the training gives up. */
  readonly maxSteps: number;
  /** Mean reward that ends it; null where it goes on to `maxSteps`. */
  readonly bound: number | null;
  /** Units done before, by other processes. */
  readonly first: number;
  /** Milliseconds from any fixed moment. */
  readonly now: () => number;
}

export interface Estimate {
  /** Units at which the end is expected. */
  readonly total: number;
  /** Undefined while too little is known. */
  readonly seconds: number | undefined;
  /** Nothing but the limit is known: it may end long before. */
  readonly atMost: boolean;
}

/** Share of the usual steps after which this machine's own speed counts alone. */
const TRUST_AFTER = 0.05;
/** Milliseconds without which a speed says nothing of later. */
const SHORTEST = 5000;
/** Milliseconds over which speed is measured here: steadier than what reports show. */
const WINDOW = 60_000;
/** A training that has not ended is expected to take at least this share of its steps more. */
const MORE = 0.15;
/** Share of the way to the bound from which the curve says when it will be reached. */
const CURVE_FROM = 0.5;
/** Of the steps so far, those whose rewards tell how fast it climbs. */
const RECENT = 0.3;
/** Milliseconds in which the expected end follows a new estimate, so that it does not jump. */
const SMOOTHING = 5000;
const MOST_MARKS = 200;

/**
 * When a training will end: at first from what it usually takes, later from how its rewards climb towards the bound; a
 * straight line through the recent ones, which is all that a curve tells. Of one process alone: no part of a saved state.
 */
export class TimeLeft {
  readonly #options: TimeLeftOptions;
  readonly #speed: SpeedMeter;
  readonly #started: number;
  /** Rewards at steps, evenly thinned out, oldest first. */
  #marks: { readonly step: number; readonly reward: number }[] = [];
  #lowest = Number.POSITIVE_INFINITY;
  #total: number | undefined;
  #asked: number;

  constructor(options: TimeLeftOptions) {
    this.#options = options;
    this.#speed = new SpeedMeter(options.now, WINDOW);
    this.#speed.restart(options.first);
    this.#started = this.#asked = options.now();
  }

  /** Notes the reward that the bound is for, at a step. */
  addReward(step: number, reward: number): void {
    const last = this.#marks.at(-1)?.step ?? -1;
    this.#lowest = Math.min(this.#lowest, reward);
    // At least a hundredth apart: tests of every step tell no more.
    if (step - last < step / 100) return;
    this.#marks.push({ step, reward });
    if (this.#marks.length > MOST_MARKS) this.#marks = this.#marks.filter((_, i) => i % 2 === 1);
  }

  /** @param step units done. */
  estimate(step: number): Estimate {
    const { maxSteps, bound } = this.#options;
    const now = this.#options.now();
    const wanted = bound === null ? maxSteps : this.#expected(step);
    if (this.#total === undefined || wanted === undefined) this.#total = wanted;
    else this.#total += (wanted - this.#total) * Math.min(1, (now - this.#asked) / SMOOTHING);
    this.#asked = now;
    const total = Math.min(maxSteps, Math.max(step, this.#total ?? maxSteps));
    const pace = this.#secondsPerStep(step, now);
    return {
      total,
      seconds: pace === undefined ? undefined : (total - step) * pace,
      atMost: this.#total === undefined && bound !== null,
    };
  }

  /** Units at which the bound is expected to be reached; undefined when nothing tells. */
  #expected(step: number): number | undefined {
    const { usual, maxSteps, bound } = this.#options;
    // Long after the usual end it tells nothing any more.
    const byHabit =
      usual === undefined || step > 2 * usual.steps ? undefined : Math.max(usual.steps, step * (1 + MORE));
    const curve = bound === null ? undefined : this.#byCurve(step, bound);
    if (curve === undefined) return byHabit;
    const weight = byHabit === undefined ? 1 : Math.min(1, (curve.way - CURVE_FROM) / (1 - CURVE_FROM) + 0.2);
    return Math.min(maxSteps, weight * curve.total + (1 - weight) * (byHabit ?? 0));
  }

  /** The end by the recent rewards' slope; undefined before half of the way, and where they do not climb. */
  #byCurve(step: number, bound: number): { readonly total: number; readonly way: number } | undefined {
    const recent = this.#marks.filter((mark) => mark.step >= (1 - RECENT) * step);
    const last = recent.at(-1);
    if (last === undefined || recent.length < 5) return undefined;
    const way = (last.reward - this.#lowest) / (bound - this.#lowest);
    const slope = slopeOf(recent);
    if (!(way >= CURVE_FROM) || !(slope > 0)) return undefined;
    return { way: Math.min(1, way), total: last.step + Math.max(0, bound - last.reward) / slope };
  }

  #secondsPerStep(step: number, now: number): number | undefined {
    const { usual, first } = this.#options;
    this.#speed.count(step);
    const speed = now - this.#started < SHORTEST ? undefined : this.#speed.speed(step);
    const own = speed === undefined || speed <= 0 ? undefined : 1 / speed;
    if (usual === undefined) return own;
    const theirs = (usual.minutes * 60) / usual.steps;
    if (own === undefined) return theirs;
    const trust = Math.min(1, (step - first) / (TRUST_AFTER * usual.steps));
    return trust * own + (1 - trust) * theirs;
  }
}

/** Slope of the straight line that fits best. */
function slopeOf(marks: readonly { readonly step: number; readonly reward: number }[]): number {
  const n = marks.length;
  const meanStep = marks.reduce((sum, { step }) => sum + step, 0) / n;
  const meanReward = marks.reduce((sum, { reward }) => sum + reward, 0) / n;
  let [above, below] = [0, 0];
  for (const { step, reward } of marks) {
    above += (step - meanStep) * (reward - meanReward);
    below += (step - meanStep) ** 2;
  }
  return below === 0 ? 0 : above / below;
}
