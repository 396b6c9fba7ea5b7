import type { Env, ResetOptions, ResetResult, StepResult } from '../../src/core/env.ts';
import type { Snapshot } from '../../src/core/snapshot.ts';
import type { WholeGame } from '../../src/core/whole-game.ts';
import { Wrapper } from '../../src/core/wrapper.ts';
import type { VectorSource } from '../../src/vector/vector-share.ts';
import { WalkEnv } from './walk-env.ts';

/** A walk whose episodes are lives, three to a game. Each reset within a game earns 0.5, which no step tells. */
export class LivesEnv extends Wrapper<Float32Array, number> {
  #lives = 3;
  #total = 0;

  constructor() {
    super(new WalkEnv());
  }

  override reset(options?: ResetOptions): ResetResult<Float32Array> {
    if (this.#lives === 0) {
      this.#lives = 3;
      this.#total = 0;
    } else if (this.#lives < 3) {
      this.#total += 0.5;
    }
    return this.env.reset(options);
  }

  override step(action: number): StepResult<Float32Array> {
    const result = this.env.step(action);
    this.#total += result.reward;
    if (!result.terminated && !result.truncated) return result;
    this.#lives--;
    const game: WholeGame = { over: this.#lives === 0, reward: this.#total };
    return { ...result, info: { whole_game: game } };
  }

  protected override saveOwnState(): Snapshot {
    return [this.#lives, this.#total];
  }
  protected override restoreOwnState(state: Snapshot): void {
    [this.#lives, this.#total] = state as [number, number];
  }
}

export function makeLives(): Env {
  return new LivesEnv() as Env;
}

export const livesSource: VectorSource = { make: makeLives, module: import.meta.url };
