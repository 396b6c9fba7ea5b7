import type { StepResult } from '../../core/env.ts';
import { notRunning } from '../../core/episode-phase.ts';
import { ActionError } from '../../core/errors.ts';
import { restoreArray } from '../../core/saved-state.ts';
import type { Snapshot } from '../../core/snapshot.ts';
import { cos } from '../../core/trig.ts';
import { Discrete } from '../../spaces/discrete.ts';
import { GRAVITY, MAX_SPEED, type MountainCarOptions, VALLEY, ValleyCarEnv } from './valley-car.ts';

const GOAL = 0.5;
const FORCE = 0.001;

/**
 * MountainCar: drive an underpowered car out of a valley, by first going up the other side (A. W. Moore, "Efficient
 * Memory-based Learning for Robot Control", PhD thesis, Cambridge 1990; equations after R. S. Sutton and A. G. Barto,
 * "Reinforcement Learning: An Introduction", 2nd ed., example 10.1, page 245).
 *
 * Actions, Discrete(3)
 *
 * | action | meaning             |
 * |-------:|---------------------|
 * |      0 | push to the left    |
 * |      1 | do not push         |
 * |      2 | push to the right   |
 *
 * Observation, Box(2) of float32
 *
 * | index | meaning            | unit     | bounds       |
 * |------:|--------------------|----------|-------------:|
 * |     0 | position of the car | m       | -1.2 to 0.6  |
 * |     1 | velocity           | m a step | ± 0.07       |
 *
 * Reward: -1 a step.
 *
 * Start: position uniform in [-0.6, -0.4), at rest; the reset options `{ low, high }` set other bounds.
 *
 * End: terminated at the flag, position 0.5, with at least `goalVelocity`. `make` truncates after 200 steps. At the left
 * end the car stops.
 *
 * Arguments: see `MountainCarOptions`.
 *
 * Version history (Gymnasium's)
 * - v0: first version.
 */
export class MountainCarEnv extends ValleyCarEnv<number> {
  protected override readonly stateName: string = 'MountainCar';
  readonly actionSpace: Discrete = new Discrete(3);

  /** @throws OptionError for an option out of range. */
  constructor(options: MountainCarOptions = {}) {
    super(options, GOAL);
  }

  getActionMeanings(): readonly string[] {
    return ['left', 'none', 'right'];
  }

  step(action: number): StepResult<Float32Array> {
    if (this.phase !== 'running') throw notRunning(this.phase);
    if (action !== 0 && action !== 1 && action !== 2) throw new ActionError(action, 'Discrete(3)');
    let velocity = this.velocity + ((action - 1) * FORCE + cos(3 * this.position) * -GRAVITY);
    velocity = Math.min(Math.max(velocity, -MAX_SPEED), MAX_SPEED);
    const position = Math.min(Math.max(this.position + velocity, VALLEY.left), VALLEY.right);
    if (position === VALLEY.left && velocity < 0) velocity = 0;
    this.position = position;
    this.velocity = velocity;
    return this.arrive(-1, position >= GOAL && velocity >= this.goalVelocity);
  }

  protected saveOwnState(): Snapshot {
    return Float64Array.of(this.position, this.velocity);
  }

  protected restoreOwnState(state: Snapshot): void {
    const saved = new Float64Array(2);
    restoreArray(state, 'MountainCar', saved);
    [this.position, this.velocity] = saved;
  }
}
