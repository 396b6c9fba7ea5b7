import type { EnvMetadata, RenderMode, ResetOptions, ResetResult, RgbFrame, StepResult } from '../../core/env.ts';
import { notRunning } from '../../core/episode-phase.ts';
import { ActionError } from '../../core/errors.ts';
import { checkOptionNames, numberOption, type OptionNames, renderModeOption } from '../../core/options.ts';
import { SavedState } from '../../core/saved-state.ts';
import type { Snapshot } from '../../core/snapshot.ts';
import { cos, sin } from '../../core/trig.ts';
import { Box } from '../../spaces/box.ts';
import { SeededEnv } from '../seeded-env.ts';
import { PendulumDrawing } from './pendulum.draw.ts';

export interface PendulumOptions {
  /** Acceleration of gravity, m/s². Default 10. */
  readonly g?: number | undefined;
  readonly renderMode?: 'rgb_array' | null | undefined;
}

const OPTIONS: OptionNames<PendulumOptions> = {
  g: true,
  renderMode: true,
};

const MAX_SPEED = 8;
const MAX_TORQUE = 2;
/** Seconds a step. */
const TAU = 0.05;
const TORQUE_COST = Math.fround(0.001);

/**
 * Pendulum: swing up a pendulum and keep it upright by a torque at its pivot (the classic problem of control theory).
 * Not an environment for value-based agents as it is: `DiscretizeAction` makes it one.
 *
 * Actions, Box(1) of float32
 *
 * | index | meaning                                   | unit | bounds |
 * |------:|-------------------------------------------|------|-------:|
 * |     0 | torque, positive counter-clockwise        | N m  |    ± 2 |
 *
 * Observation, Box(3) of float32; the angle is 0 upright and grows counter-clockwise
 *
 * | index | meaning          | unit  | bounds |
 * |------:|------------------|-------|-------:|
 * |     0 | cosine of the angle |    |    ± 1 |
 * |     1 | sine of the angle   |    |    ± 1 |
 * |     2 | angular velocity | rad/s |    ± 8 |
 *
 * Reward: -(angle² + 0.1 velocity² + 0.001 torque²), the angle taken between -pi and pi: from -16.27 to 0.
 *
 * Start: angle uniform in ± pi, velocity uniform in ± 1; the reset options `{ x_init, y_init }` set other bounds.
 *
 * End: never terminated. `make` truncates after 200 steps.
 *
 * Arguments: see `PendulumOptions`. Unlike Gymnasium, which clips it, an action beyond the bounds is refused
 * (`ClipAction` clips).
 *
 * Version history (Gymnasium's)
 * - v1: simpler equations, the same behaviour.
 * - v0: first version.
 */
export class PendulumEnv extends SeededEnv<Float32Array, Float32Array> {
  readonly metadata: EnvMetadata = { renderModes: ['rgb_array'], renderFps: 30 };
  protected override readonly stateName: string = 'Pendulum';
  readonly observationSpace: Box = new Box([-1, -1, -MAX_SPEED], [1, 1, MAX_SPEED]);
  readonly actionSpace: Box = new Box(-MAX_TORQUE, MAX_TORQUE, [1]);
  readonly renderMode: RenderMode;

  readonly #gravity: number;
  #drawing: PendulumDrawing | undefined;
  #theta = 0;
  #thetaDot = 0;
  /** Torque of the last step, which the picture shows; null after a reset. */
  #torque: number | null = null;

  /** @throws OptionError for an option out of range, UnknownNameError for one of another name. */
  constructor(options: PendulumOptions = {}) {
    super();
    checkOptionNames(options, OPTIONS);
    this.renderMode = renderModeOption(options.renderMode, ['rgb_array']);
    this.#gravity = numberOption('g', options.g, 10);
  }

  /** @throws OptionError when the options `x_init` and `y_init` are not numbers from 0 up. */
  reset(options?: ResetOptions): ResetResult<Float32Array> {
    const x = numberOption('x_init', options?.options?.['x_init'], Math.PI, { from: 0 });
    const y = numberOption('y_init', options?.options?.['y_init'], 1, { from: 0 });
    const generator = this.begin(options);
    this.#theta = generator.uniform(-x, x);
    this.#thetaDot = generator.uniform(-y, y);
    this.#torque = null;
    return { observation: this.#observation(), info: {} };
  }

  step(action: Float32Array): StepResult<Float32Array> {
    if (this.phase !== 'running') throw notRunning(this.phase);
    // The common case first: the full check is slower than the step.
    const plain = action instanceof Float32Array && action.length === 1 && Math.abs(action[0]) <= MAX_TORQUE;
    if (!plain && !this.actionSpace.contains(action)) throw new ActionError(action, String(this.actionSpace));
    const u = action[0];
    const theta = this.#theta;
    const thetaDot = this.#thetaDot;
    // Gymnasium's torque is in single precision, and so are its products with constants.
    const angle = normalized(theta);
    const torqueCost = Math.fround(TORQUE_COST * Math.fround(u * u));
    const cost = angle * angle + 0.1 * (thetaDot * thetaDot) + torqueCost;

    // Rod of mass 1 kg and length 1 m.
    const acceleration = ((3 * this.#gravity) / 2) * sin(theta) + Math.fround(3 * u);
    this.#thetaDot = Math.min(Math.max(thetaDot + acceleration * TAU, -MAX_SPEED), MAX_SPEED);
    this.#theta = theta + this.#thetaDot * TAU;
    this.#torque = u;
    return { observation: this.#observation(), reward: -cost, terminated: false, truncated: false, info: {} };
  }

  #observation(): Float32Array {
    return Float32Array.of(cos(this.#theta), sin(this.#theta), this.#thetaDot);
  }

  protected draw(): RgbFrame {
    this.#drawing ??= new PendulumDrawing();
    return this.#drawing.draw(this.#theta, this.#torque ?? 0);
  }

  protected saveOwnState(): Snapshot {
    return { state: Float64Array.of(this.#theta, this.#thetaDot), torque: this.#torque };
  }

  protected restoreOwnState(state: Snapshot): void {
    const saved = new SavedState(state, 'Pendulum');
    [this.#theta, this.#thetaDot] = saved.array('state', new Float64Array(0), 2);
    this.#torque = saved.optional('torque', saved.finite) ?? null;
  }
}

/** The same angle between -pi and pi. */
function normalized(angle: number): number {
  const turn = 2 * Math.PI;
  // Python's remainder: the sign of the divisor.
  let rest = (angle + Math.PI) % turn;
  if (rest < 0) rest += turn;
  return rest - Math.PI;
}
