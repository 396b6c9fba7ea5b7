import type { EnvMetadata, RenderMode, ResetOptions, ResetResult, RgbFrame, StepResult } from '../../core/env.ts';
import { ActionError } from '../../core/errors.ts';
import type { Snapshot } from '../../core/snapshot.ts';
import { cos } from '../../core/trig.ts';
import { Box } from '../../spaces/box.ts';
import { notRunning } from '../episode-phase.ts';
import { numberOption, renderModeOption } from '../options.ts';
import { SeededEnv } from '../seeded-env.ts';
import { MountainCarDrawing } from './mountain-car.draw.ts';
import { carObservation, MAX_SPEED, type MountainCarOptions, VALLEY, valleySpace } from './mountain-car.ts';
import { startBounds } from './start-bounds.ts';

const GOAL = 0.45;
const POWER = Math.fround(0.0015);
const GRAVITY = 0.0025;

/** The limits as Gymnasium compares with them: in single precision, but for the first step of an episode. */
const DOUBLE = { left: VALLEY.left, right: VALLEY.right, maxSpeed: MAX_SPEED, goal: GOAL };
const SINGLE = {
  left: Math.fround(VALLEY.left),
  right: Math.fround(VALLEY.right),
  maxSpeed: Math.fround(MAX_SPEED),
  goal: Math.fround(GOAL),
};

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
 * Arguments: see `MountainCarOptions`. Unlike Gymnasium, which cuts it, an action beyond the bounds is refused
 * (`ClipAction` cuts).
 *
 * Gymnasium keeps the state in single precision from the first step on; so does this.
 *
 * Version history (Gymnasium's)
 * - v0: first version.
 */
export class MountainCarContinuousEnv extends SeededEnv<Float32Array, Float32Array> {
  readonly metadata: EnvMetadata = { renderModes: ['rgb_array'], renderFps: 30 };
  readonly observationSpace: Box = valleySpace();
  readonly actionSpace: Box = new Box(-1, 1, [1]);
  readonly renderMode: RenderMode;

  readonly #goalVelocity: number;
  #drawing: MountainCarDrawing | undefined;
  #position = 0;
  #velocity = 0;
  /** Before the first step the state is in double precision. */
  #first = true;

  /** @throws OptionError for an option out of range. */
  constructor(options: MountainCarOptions = {}) {
    super();
    this.renderMode = renderModeOption(options.renderMode, ['rgb_array']);
    this.#goalVelocity = numberOption('goalVelocity', options.goalVelocity, 0);
  }

  /** @throws OptionError when the options `low` and `high` are not numbers in this order. */
  reset(options?: ResetOptions): ResetResult<Float32Array> {
    const [low, high] = startBounds(options?.options, -0.6, -0.4);
    this.#position = this.begin(options).uniform(low, high);
    this.#velocity = 0;
    this.#first = true;
    return { observation: Float32Array.of(this.#position, this.#velocity), info: {} };
  }

  step(action: Float32Array): StepResult<Float32Array> {
    if (this.phase !== 'running') throw notRunning(this.phase);
    // The common case first: the full check is slower than the step.
    const plain = action instanceof Float32Array && action.length === 1 && Math.abs(action[0]) <= 1;
    if (!plain && !this.actionSpace.contains(action)) throw new ActionError(action, String(this.actionSpace));
    const push = action[0];
    const single = !this.#first;
    const limit = single ? SINGLE : DOUBLE;
    const pull = Math.fround(GRAVITY * cos(rounded(3 * this.#position, single)));
    let velocity = rounded(this.#velocity + Math.fround(Math.fround(push * POWER) - pull), single);
    // A cut velocity is Gymnasium's constant itself, in double precision.
    const cut = velocity > limit.maxSpeed ? 1 : velocity < -limit.maxSpeed ? -1 : 0;
    if (cut !== 0) velocity = cut * MAX_SPEED;
    let position = rounded(this.#position + rounded(velocity, single), single);
    if (position > limit.right) position = VALLEY.right;
    if (position <= limit.left) {
      position = VALLEY.left;
      if (velocity < 0) velocity = 0;
    }
    const fastEnough = velocity >= rounded(this.#goalVelocity, single && cut === 0);
    const terminated = position >= limit.goal && fastEnough;
    this.#position = Math.fround(position);
    this.#velocity = Math.fround(velocity);
    this.#first = false;
    if (terminated) this.phase = 'over';
    return {
      observation: carObservation(position, velocity),
      reward: (terminated ? 100 : 0) - push * push * 0.1,
      terminated,
      truncated: false,
      info: {},
    };
  }

  protected draw(): RgbFrame {
    this.#drawing ??= new MountainCarDrawing(GOAL);
    return this.#drawing.draw(this.#position, this.#velocity);
  }

  protected saveOwnState(): Snapshot {
    return { state: Float64Array.of(this.#position, this.#velocity), first: this.#first };
  }

  protected restoreOwnState(saved: Snapshot): void {
    const { state, first } = saved as { state: Float64Array; first: boolean };
    [this.#position, this.#velocity] = state;
    this.#first = first;
  }
}

function rounded(x: number, single: boolean): number {
  return single ? Math.fround(x) : x;
}
