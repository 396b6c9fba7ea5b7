import type { Env, ResetOptions, ResetResult, StepResult } from '../core/env.ts';
import { MismatchError } from '../core/errors.ts';
import { wholeGameOf } from '../core/whole-game.ts';
import { Wrapper } from '../core/wrapper.ts';
import { actionNamed, atariSide } from './atari-like.ts';

/**
 * Starts each episode with FIRE and then action 2, for games that stand still until the button is pressed (OpenAI
 * Baselines' and Lapan's `FireResetEnv`). If the game ends meanwhile it is reset again.
 */
export class FireReset<O = unknown> extends Wrapper<O, number> {
  private readonly fire: number;

  /** @throws MismatchError unless action 1 is FIRE and there are at least three actions. */
  constructor(env: Env<O, number>) {
    super(env);
    this.fire = actionNamed(env, 'FIRE', 1, 'FireReset');
    const actions = atariSide(env, 'FireReset').getActionMeanings().length;
    if (actions < 3) throw new MismatchError(`FireReset needs a game with at least 3 actions, got ${actions}.`);
  }

  override reset(options?: ResetOptions): ResetResult<O> {
    let result = this.env.reset(options);
    let ended = wholeGameOf(result.info);
    for (const action of [this.fire, this.fire + 1]) {
      const { observation, info, terminated, truncated } = this.env.step(action);
      if (wholeGameOf(info)?.over) ended = wholeGameOf(info);
      result = terminated || truncated ? this.env.reset({ ...options, seed: undefined }) : { observation, info };
      ended = wholeGameOf(result.info) ?? ended;
    }
    // A game that ended meanwhile has a score too.
    if (ended !== undefined) result.info['whole_game'] = ended;
    return result;
  }

  override step(action: number): StepResult<O> {
    return this.env.step(action);
  }
}
