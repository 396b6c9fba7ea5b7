import type { EnvMetadata, RenderMode, ResetOptions, ResetResult, StepResult } from '../../src/core/env.ts';
import type { Snapshot } from '../../src/core/snapshot.ts';
import { SeededEnv } from '../../src/envs/seeded-env.ts';
import { Box } from '../../src/spaces/box.ts';
import { Discrete } from '../../src/spaces/discrete.ts';

/** Steps after which an episode is truncated. */
const LIMIT = 6;
const SIZE = 3;

/**
 * A random walk in which everything happens that a loop has to tell apart: rewards of any size and sign, episodes that
 * terminate, episodes that are truncated.
 */
export class WalkEnv extends SeededEnv<Float32Array, number> {
  readonly metadata: EnvMetadata = { renderModes: [], renderFps: 1 };
  readonly observationSpace = new Box(-Infinity, Infinity, [SIZE], 'float32');
  readonly actionSpace = new Discrete(3);
  readonly renderMode: RenderMode = null;
  readonly #position = new Float32Array(SIZE);
  #steps = 0;

  reset(options?: ResetOptions): ResetResult<Float32Array> {
    const random = this.begin(options);
    this.#position.forEach((_, i) => {
      this.#position[i] = random.normal();
    });
    this.#steps = 0;
    return { observation: this.#position, info: {} };
  }

  step(action: number): StepResult<Float32Array> {
    const random = this.generator!;
    this.#position[action] += 0.3 * random.normal() - 0.1 * this.#position[action];
    const reward = 2 * this.#position[(action + 1) % SIZE] + random.normal();
    const terminated = random.random() < 0.08;
    const truncated = ++this.#steps >= LIMIT;
    if (terminated || truncated) this.phase = 'over';
    return { observation: this.#position, reward, terminated, truncated, info: {} };
  }

  protected draw(): never {
    throw new Error('nothing to draw');
  }
  protected saveOwnState(): Snapshot {
    return { position: this.#position.slice(), steps: this.#steps };
  }
  protected restoreOwnState(state: Snapshot): void {
    const { position, steps } = state as { position: Float32Array; steps: number };
    this.#position.set(position);
    this.#steps = steps;
  }
}
