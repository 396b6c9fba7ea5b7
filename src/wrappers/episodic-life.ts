import type { Env, ResetOptions, ResetResult, StepResult } from '../core/env.ts';
import { type EpisodePhase, notRunning } from '../core/episode-phase.ts';
import type { Snapshot } from '../core/snapshot.ts';
import { Wrapper } from '../core/wrapper.ts';
import { type AtariLike, atariSide } from './atari-like.ts';

/**
 * Ends the episode when a life is lost; the game goes on at the next reset, with one no-op, and starts anew only when it
 * was over (OpenAI Baselines' `EpisodicLifeEnv`). Does nothing in games without lives, such as Pong.
 *
 * A reset with a seed always starts a new game.
 */
export class EpisodicLife<O = unknown> extends Wrapper<O, number> {
  private readonly game: AtariLike;
  private lives = 0;
  private gameOver = true;
  private phase: EpisodePhase = 'new';

  /** @throws MismatchError unless this is an Atari environment. */
  constructor(env: Env<O, number>) {
    super(env);
    this.game = atariSide(env, 'EpisodicLife');
  }

  override reset(options?: ResetOptions): ResetResult<O> {
    let result: ResetResult<O> | undefined;
    if (!this.gameOver && options?.seed === undefined && this.phase === 'over') {
      const { observation, info, terminated, truncated } = this.env.step(0);
      if (!terminated && !truncated) result = { observation, info };
    }
    result ??= this.env.reset(options);
    this.gameOver = false;
    this.phase = 'running';
    this.lives = this.game.lives();
    return result;
  }

  override step(action: number): StepResult<O> {
    if (this.phase !== 'running') throw notRunning(this.phase);
    const result = this.env.step(action);
    this.gameOver = result.terminated || result.truncated;
    const lives = this.game.lives();
    // Some games show 0 lives for a few frames before they are over; the wrapper waits for the game's own end.
    if (lives > 0 && lives < this.lives) result.terminated = true;
    this.lives = lives;
    if (result.terminated || result.truncated) this.phase = 'over';
    return result;
  }

  protected override saveOwnState(): Snapshot {
    return { lives: this.lives, gameOver: this.gameOver, phase: this.phase };
  }

  protected override restoreOwnState(state: Snapshot): void {
    const saved = state as { lives: number; gameOver: boolean; phase: EpisodePhase };
    this.lives = saved.lives;
    this.gameOver = saved.gameOver;
    this.phase = saved.phase;
  }
}
