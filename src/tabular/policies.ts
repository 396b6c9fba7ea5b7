import { checkReset, checkStep } from '../core/check-result.ts';
import type { Env, Info } from '../core/env.ts';
import { OptionError } from '../core/errors.ts';
import type { Generator } from '../core/random/index.ts';
import type { Space } from '../core/space.ts';

/** Chooses an action from an observation and the info that came with it. */
export type Policy<O = number> = (observation: O, info: Info) => number;

/** Draws from the action space, whose own generator decides: seed it to repeat a run. */
export function randomPolicy(actionSpace: Space<number>): Policy<unknown> {
  return () => actionSpace.sample();
}

/** One action, whatever is observed: `constantPolicy(lakeActions.left)` always goes left. */
export function constantPolicy(action: number): Policy<unknown> {
  return () => action;
}

/** Each action with its own probability, whatever is observed: `mixedPolicy([[left, 0.5], [right, 0.5]], generator)`.
 * @param choices pairs of action and probability; the probabilities sum to 1.
 * @throws OptionError when they do not. */
export function mixedPolicy(
  choices: readonly (readonly [action: number, probability: number])[],
  generator: Generator,
): Policy<unknown> {
  const sum = choices.reduce((total, [, probability]) => total + probability, 0);
  if (choices.some(([, p]) => !(p >= 0)) || Math.abs(sum - 1) > 1e-9) {
    throw new OptionError(
      'choices',
      choices.map(([, p]) => p),
      'probabilities that sum to 1',
    );
  }
  return () => {
    let left = generator.random();
    for (const [action, probability] of choices) {
      left -= probability;
      if (left < 0) return action;
    }
    return choices[choices.length - 1][0];
  };
}

/** Looks the action up.
 * @param actions [nStates], read at every call, so that a policy follows a table that changes. */
export function tablePolicy(actions: Int32Array): Policy {
  return (state) => actions[state];
}

/** Called after each step of an episode. */
export type OnStep<O> = (
  observation: O,
  action: number,
  reward: number,
  nextObservation: O,
  terminated: boolean,
  /** That came with the next observation. */
  info: Info,
) => void;

/** What stops an episode in an environment without a time limit, where some policies would run for ever. */
export const LONGEST_EPISODE = 10_000;

export interface EpisodeResult {
  /** Undiscounted sum of rewards. */
  readonly return: number;
  /** Steps taken. */
  readonly length: number;
  /** Whether it was given up after `LONGEST_EPISODE` steps. */
  readonly cut: boolean;
}

/** Resets an environment and plays until it terminates, is truncated, or `LONGEST_EPISODE` steps are over.
 * @param seed for the reset; without it the environment's generator goes on. */
export function runEpisode<O>(
  env: Env<O, number>,
  policy: Policy<O>,
  onStep?: OnStep<O>,
  seed?: number,
): EpisodeResult {
  let { observation, info } = checkReset(env.reset(seed === undefined ? undefined : { seed }));
  let sum = 0;
  let length = 0;
  for (;;) {
    const action = policy(observation, info);
    const step = checkStep(env.step(action));
    length++;
    sum += step.reward;
    onStep?.(observation, action, step.reward, step.observation, step.terminated, step.info);
    const ended = step.terminated || step.truncated;
    if (ended || length >= LONGEST_EPISODE) return { return: sum, length, cut: !ended };
    observation = step.observation;
    info = step.info;
  }
}

export interface PolicyRun {
  /** [episodes] undiscounted return of each. */
  readonly returns: Float64Array;
  /** [episodes] steps of each. */
  readonly lengths: Int32Array;
  readonly meanReturn: number;
  readonly meanLength: number;
}

/** Plays whole episodes and keeps score.
 * @param seed for the first reset; without it the environment's generator goes on.
 * @throws OptionError when `episodes` is not a positive integer. */
export function runPolicy<O>(env: Env<O, number>, policy: Policy<O>, episodes: number, seed?: number): PolicyRun {
  if (!Number.isInteger(episodes) || episodes < 1)
    throw new OptionError('episodes', episodes, 'an integer of at least 1');
  const returns = new Float64Array(episodes);
  const lengths = new Int32Array(episodes);
  for (let i = 0; i < episodes; i++) {
    const episode = runEpisode(env, policy, undefined, i === 0 ? seed : undefined);
    returns[i] = episode.return;
    lengths[i] = episode.length;
  }
  const mean = (values: ArrayLike<number>): number =>
    Array.from(values).reduce((total, value) => total + value, 0) / episodes;
  return { returns, lengths, meanReturn: mean(returns), meanLength: mean(lengths) };
}
