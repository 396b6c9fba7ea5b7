/**
 * Lapan's linear decay: `start - step / decaySteps`, never below `final`
 * (Lapan, Deep Reinforcement Learning Hands-On, chapter 6). With start 1 it falls by 1 over `decaySteps`, so `final`
 * is reached a little before `decaySteps`; with `decaySteps` 0 it holds from the first step on.
 * @param step environment steps so far, counted from 1.
 */
export function linearDecay(start: number, final: number, decaySteps: number, step: number): number {
  if (decaySteps <= 0) return final;
  return start >= final ? Math.max(final, start - step / decaySteps) : Math.min(final, start + step / decaySteps);
}

/** A straight line from `start` at step 0 to `final` at `decaySteps`, constant afterwards; `final` from the first step on when decaySteps is 0. */
export function interpolate(start: number, final: number, decaySteps: number, step: number): number {
  if (decaySteps <= 0) return final;
  return start + (final - start) * Math.min(1, step / decaySteps);
}

/** How often a behaviour policy acts at random, from its first step on. */
export interface EpsilonSchedule {
  readonly epsilonStart: number;
  readonly epsilonFinal: number;
  readonly epsilonDecaySteps: number;
}

/** @param step environment steps so far, counted from 1. */
export function epsilonAt({ epsilonStart, epsilonFinal, epsilonDecaySteps }: EpsilonSchedule, step: number): number {
  return linearDecay(epsilonStart, epsilonFinal, epsilonDecaySteps, step);
}

/**
 * Epsilon of one of many environments that play at the same time, from greedy to curious: epsilon^(1 + spread i / (N - 1))
 * (Horgan et al. 2018, section 4, where `spread` is alpha). A spread of 0 gives all the same.
 * @param i from 0 to N - 1.
 */
export function spreadEpsilon(epsilon: number, spread: number, i: number, count: number): number {
  return spread === 0 || count === 1 ? epsilon : epsilon ** (1 + (spread * i) / (count - 1));
}

/** How far an optimizer goes, from the first environment step on. */
export interface LearningRateSchedule {
  readonly learningRate: number;
  readonly learningRateFinal: number;
  readonly learningRateDecaySteps: number;
}

/** @param step environment steps so far. */
export function learningRateAt(schedule: LearningRateSchedule, step: number): number {
  return interpolate(schedule.learningRate, schedule.learningRateFinal, schedule.learningRateDecaySteps, step);
}
