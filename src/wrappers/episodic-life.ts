import type { Env, ResetOptions, ResetResult, StepResult } from '../core/env.ts';
import { EPISODE_PHASES, type EpisodePhase, notRunning } from '../core/episode-phase.ts';
import { SavedState } from '../core/saved-state.ts';
import type { Snapshot } from '../core/snapshot.ts';
import type { WholeGame } from '../core/whole-game.ts';
import { Wrapper } from '../core/wrapper.ts';
import { type AtariLike, atariSide } from './atari-like.ts';

/**
 * Ends the episode when a life is lost; the game goes on at the next reset, with one no-op, and starts anew only when it
 * was over (OpenAI Baselines' `EpisodicLifeEnv`). Does nothing in games without lives, such as Pong.
 *
 * That is for learning; scores are of whole games. `info.whole_game` has what the game has earned so far, and whether it is
 * over (`WholeGame`).
 *
 * A reset with a seed always starts a new game.
 */
export class EpisodicLife<O = unknown> extends Wrapper<O, number> {
  private readonly game: AtariLike;
  private lives = 0;
  /** Rewards since the game's start. */
  private total = 0;
  private gameOver = true;
  private phase: EpisodePhase = 'new';

  /** @throws MismatchError unless this is an Atari environment. */
  constructor(env: Env<O, number>) {
    super(env);
    this.game = atariSide(env, 'EpisodicLife');
  }

  override reset(options?: ResetOptions): ResetResult<O> {
    let result: ResetResult<O>;
    if (!this.gameOver && options?.seed === undefined && this.phase === 'over') {
      const { observation, reward, info, terminated, truncated } = this.env.step(0);
      this.total += reward;
      if (!terminated && !truncated) {
        result = { observation, info };
      } else {
        result = this.env.reset(options);
        result.info['whole_game'] = this.endGame();
      }
    } else {
      result = this.env.reset(options);
      this.total = 0;
    }
    this.gameOver = false;
    this.phase = 'running';
    this.lives = this.game.lives();
    return result;
  }

  override step(action: number): StepResult<O> {
    if (this.phase !== 'running') throw notRunning(this.phase);
    const result = this.env.step(action);
    this.total += result.reward;
    this.gameOver = result.terminated || result.truncated;
    const lives = this.game.lives();
    // Some games show 0 lives for a few frames before they are over; the wrapper waits for the game's own end.
    if (lives > 0 && lives < this.lives) result.terminated = true;
    this.lives = lives;
    if (result.terminated || result.truncated) {
      this.phase = 'over';
      const part: WholeGame = { over: false, reward: this.total };
      result.info['whole_game'] = this.gameOver ? this.endGame() : part;
    }
    return result;
  }

  private endGame(): WholeGame {
    const reward = this.total;
    this.total = 0;
    return { over: true, reward };
  }

  protected override saveOwnState(): Snapshot {
    return { lives: this.lives, gameOver: this.gameOver, phase: this.phase, total: this.total };
  }

  protected override restoreOwnState(state: Snapshot): void {
    // States of version 0.1 are without the total.
    const saved = new SavedState(state, 'episodic life');
    this.lives = saved.whole('lives');
    this.gameOver = saved.flag('gameOver');
    this.phase = saved.oneOf('phase', EPISODE_PHASES);
    this.total = saved.has('total') ? saved.finite('total') : 0;
  }
}
