import { checkReset, checkStep } from '../core/check-result.ts';
import type { Env, Info } from '../core/env.ts';
import { explores } from '../core/epsilon-greedy.ts';
import { OptionError } from '../core/errors.ts';
import { checkOptionNames, type OptionNames, probabilityOption } from '../core/options.ts';
import { Generator } from '../core/random/index.ts';
import { wholeGameOf } from '../core/whole-game.ts';
import { discountedReturn } from '../stats/discounted-return.ts';

/** Chooses an action for an observation and the info that came with it. */
export type Act<O> = (observation: O, info: Info) => number | Promise<number>;

export interface EpisodeRecord {
  /** Undiscounted sum of rewards, of the whole game where episodes are parts of one. */
  readonly totalReward: number;
  /** Discounted by `gamma` for each of the player's steps, where that is given. */
  readonly discountedReward?: number | undefined;
  /** Environment steps, of the player's own. */
  readonly steps: number;
  /** Whether `maxSteps` ended it, not the environment. */
  readonly cut: boolean;
}

/** Longer than any game here lasts: what ends an episode that no time limit and no policy would. */
export const LONGEST_GAME = 100_000;

export interface PlayOptions {
  /** Builds the environment's generator anew; undefined goes on with the present one. */
  readonly seed?: number | undefined;
  /** Steps after which the episode is given up. Default `LONGEST_GAME`. */
  readonly maxSteps?: number | undefined;
  /** For the discounted return as well. */
  readonly gamma?: number | undefined;
  /** After each reset and after every step; for drawing. */
  readonly onState?: () => void | Promise<void>;
  readonly onAction?: (action: number) => void;
  /** Before `onState`. */
  readonly onReward?: (reward: number) => void;
}

const PLAY_OPTIONS: OptionNames<PlayOptions> = {
  ...{ seed: true, maxSteps: true, gamma: true, onState: true, onAction: true, onReward: true },
};

/** Plays one episode to its end, or until `maxSteps` are over: a whole game, where episodes are parts of one (`WholeGame`). */
export async function playEpisode<O>(
  env: Env<O, number>,
  act: Act<O>,
  options: PlayOptions = {},
): Promise<EpisodeRecord> {
  checkOptionNames(options, PLAY_OPTIONS);
  const { seed, maxSteps = LONGEST_GAME, gamma, onState, onAction, onReward } = options;
  let { observation, info } = checkReset(env.reset({ seed }));
  await onState?.();
  let totalReward = 0;
  const rewards: number[] = [];
  const record = (reward: number, steps: number, cut: boolean): EpisodeRecord => ({
    ...{ totalReward: reward, steps, cut },
    ...(gamma === undefined ? {} : { discountedReward: discountedReturn(rewards, gamma) }),
  });
  for (let steps = 1; ; steps++) {
    const choice = act(observation, info);
    const action = typeof choice === 'number' ? choice : await choice;
    onAction?.(action);
    const result = checkStep(env.step(action));
    observation = result.observation;
    info = result.info;
    totalReward += result.reward;
    onReward?.(result.reward);
    if (gamma !== undefined) rewards.push(result.reward);
    if (onState !== undefined) await onState();
    if (result.terminated || result.truncated) {
      let game = wholeGameOf(info);
      if (game !== undefined) totalReward = game.reward;
      if (game === undefined || game.over) return record(totalReward, steps, false);
      ({ observation, info } = checkReset(env.reset()));
      game = wholeGameOf(info);
      // A game may end while the next part of it is prepared.
      if (game !== undefined) return record(game.reward, steps, false);
      await onState?.();
    }
    // Within an episode always: the next reset starts a new game.
    if (steps >= maxSteps) return record(totalReward, steps, true);
  }
}

/** An agent and the environment that it plays in. */
export interface Player<O = unknown> {
  readonly env: Env<O, number>;
  readonly act: Act<O>;
  /** A random action, each allowed one with the same probability.
   * @param info that came with the present observation. */
  readonly randomAction: (info: Info) => number;
}

export interface EvaluateOptions {
  readonly episodes: number;
  /** Probability of a random action. Default 0. */
  readonly epsilon?: number;
  /** Of the environment, and of the random actions. */
  readonly seed: number;
  /** Steps after which an episode is given up. Default `LONGEST_GAME`. */
  readonly maxSteps?: number | undefined;
  /** For discounted returns as well. */
  readonly gamma?: number | undefined;
}

const EVALUATE_OPTIONS: OptionNames<EvaluateOptions> = {
  ...{ episodes: true, epsilon: true, seed: true, maxSteps: true, gamma: true },
};

/** Plays episodes with an agent that does not learn from them, epsilon-greedily. @returns them in order. */
export async function evaluate<O>(player: Player<O>, options: EvaluateOptions): Promise<EpisodeRecord[]> {
  checkOptionNames(options, EVALUATE_OPTIONS);
  const { env, act, randomAction } = player;
  const { episodes, seed, maxSteps, gamma } = options;
  if (!(Number.isSafeInteger(episodes) && episodes >= 0)) {
    throw new OptionError('episodes', episodes, 'a whole number from 0 up');
  }
  const epsilon = probabilityOption('epsilon', options.epsilon, 0);
  // The agent's own chances must not depend on the environment's: two generators from one seed.
  const [coins] = new Generator(seed).spawn(1);
  env.actionSpace.seed(seed);
  const choose: Act<O> = (observation, info) =>
    explores(epsilon, coins) ? randomAction(info) : act(observation, info);
  const records: EpisodeRecord[] = [];
  for (let i = 0; i < episodes; i++) {
    records.push(await playEpisode(env, choose, { seed: i === 0 ? seed : undefined, maxSteps, gamma }));
  }
  return records;
}
