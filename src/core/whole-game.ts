import type { Info } from './env.ts';

/**
 * Scores are of whole games, even where an episode is a part of one: with `EpisodicLife` a life is what is learned from as an
 * episode, and what a player has reached is known when the game is over. (Stable-Baselines3 has its `Monitor` below the
 * wrapper for that, CleanRL looks at the lives that EnvPool tells.)
 *
 * An environment whose episodes are parts of games says so in `info.whole_game`: with each episode's last step, and with a
 * reset during which a game ended.
 */
export interface WholeGame {
  /** Whether the game has ended with the episode, so that the next reset starts a new one. */
  readonly over: boolean;
  /** Sum of rewards since the game's start, unclipped, those of steps within resets included. */
  readonly reward: number;
}

/** What an info says of the game; undefined where an episode is one. */
export function wholeGameOf(info: Info): WholeGame | undefined {
  return info['whole_game'] as WholeGame | undefined;
}
