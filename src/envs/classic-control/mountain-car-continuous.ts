import type { ResetOptions, ResetResult, StepResult } from '../../core/env.ts';
import { notRunning } from '../../core/episode-phase.ts';
import { ActionError } from '../../core/errors.ts';
import { SavedState } from '../../core/saved-state.ts';
import type { Snapshot } from '../../core/snapshot.ts';
import { cos } from '../../core/trig.ts';
import { Box } from '../../spaces/box.ts';
import { GRAVITY, MAX_SPEED, type MountainCarOptions, VALLEY, ValleyCarEnv } from './valley-car.ts';

const GOAL = 0.45;
const POWER = Math.fround(0.0015);

/** The limits as Gymnasium compares with them: in single precision, but for the first step of an episode. */
const DOUBLE = { left: VALLEY.left, right: VALLEY.right, goal: GOAL };
const SINGLE = { left: Math.fround(VALLEY.left), right: Math.fround(VALLEY.right), goal: Math.fround(GOAL) };
const FASTEST = Math.fround(MAX_SPEED);

/**
 * MountainCarContinuous: the mountain car with a push of any strength (A. W. Moore, "Efficient Memory-based Learning for
 * Robot Control", PhD thesis, Cambridge 1990). Not an environment for value-based agents as it is: `DiscretizeAction`
 * makes it one.
 *
 * Actions, Box(1) of float32
 *
 * | index | meaning                              | bounds |
 * |------:|--------------------------------------|-------:|
 * |     0 | push, positive to the right          |    ± 1 |
 *
 * Observation, Box(2) of float32
 *
 * | index | meaning             | unit     | bounds      |
 * |------:|---------------------|----------|------------:|
 * |     0 | position of the car | m        | -1.2 to 0.6 |
 * |     1 | velocity            | m a step | ± 0.07      |
 *
 * Reward: -0.1 times the square of the action a step, 100 more for reaching the flag.
 *
 * Start: position uniform in [-0.6, -0.4), at rest; the reset options `{ low, high }` set other bounds.
 *
 * End: terminated at the flag, position 0.45, with at least `goalVelocity`. `make` truncates after 999 steps.
 *
 * Arguments: see `MountainCarOptions`. Unlike Gymnasium, which clips it, an action beyond the bounds is refused
 * (`ClipAction` clips).
 *
 * As in Gymnasium, the state is in single precision from the first step on.
 *
 * Version history (Gymnasium's)
 * - v0: first version.
 */
export class MountainCarContinuousEnv extends ValleyCarEnv<Float32Array> {
  protected override readonly stateName: string = 'MountainCarContinuous';
  readonly actionSpace: Box = new Box(-1, 1, [1]);

  /** Before the first step the state is in double precision. */
  #first = true;
  /** `goalVelocity` in single precision. */
  readonly #singleGoalVelocity: number;

  /** @throws OptionError for an option out of range. */
  constructor(options: MountainCarOptions = {}) {
    super(options, GOAL);
    this.#singleGoalVelocity = Math.fround(this.goalVelocity);
  }

  override reset(options?: ResetOptions): ResetResult<Float32Array> {
    const result = super.reset(options);
    this.#first = true;
    return result;
  }

  step(action: Float32Array): StepResult<Float32Array> {
    if (this.phase !== 'running') throw notRunning(this.phase);
    // The common case first: the full check is slower than the step.
    const plain = action instanceof Float32Array && action.length === 1 && Math.abs(action[0]) <= 1;
    if (!plain && !this.actionSpace.contains(action)) throw new ActionError(action, String(this.actionSpace));
    const push = action[0];
    const first = this.#first;
    const limit = first ? DOUBLE : SINGLE;
    const angle = 3 * this.position;
    const pull = pullAt(first ? angle : Math.fround(angle));
    let velocity = Math.fround(this.velocity + Math.fround(Math.fround(push * POWER) - pull));
    let moved = this.position + velocity;
    let enough = first ? this.goalVelocity : this.#singleGoalVelocity;
    // Never in the first step, which starts at rest. A clipped velocity is Gymnasium's constant itself, in double precision.
    if (Math.abs(velocity) > FASTEST) {
      moved = this.position + (velocity > 0 ? FASTEST : -FASTEST);
      velocity = velocity > 0 ? MAX_SPEED : -MAX_SPEED;
      enough = this.goalVelocity;
    }
    let position = first ? moved : Math.fround(moved);
    if (position > limit.right) position = VALLEY.right;
    if (position <= limit.left) {
      position = VALLEY.left;
      if (velocity < 0) velocity = 0;
    }
    const terminated = position >= limit.goal && velocity >= enough;
    this.position = Math.fround(position);
    this.velocity = Math.fround(velocity);
    this.#first = false;
    return this.arrive((terminated ? 100 : 0) - push * push * 0.1, terminated);
  }

  protected saveOwnState(): Snapshot {
    return { state: Float64Array.of(this.position, this.velocity), first: this.#first };
  }

  protected restoreOwnState(state: Snapshot): void {
    const saved = new SavedState(state, 'MountainCarContinuous');
    [this.position, this.velocity] = saved.array('state', new Float64Array(0), 2);
    this.#first = saved.flag('first');
  }
}

/** Beyond the error of any engine's cosine, relative. */
const COSINE_ERROR = 1e-12;

/**
 * What pulls the car down, in single precision. The engine's own cosine, a fifth of the other's work, tells it with
 * certainty but where the product lies next to the middle between two floats: there the exact one decides.
 */
function pullAt(angle: number): number {
  const about = GRAVITY * Math.cos(angle);
  const least = Math.fround(about * (1 - COSINE_ERROR));
  return least === Math.fround(about * (1 + COSINE_ERROR)) ? least : Math.fround(GRAVITY * cos(angle));
}
