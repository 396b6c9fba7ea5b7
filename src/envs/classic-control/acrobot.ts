import type { EnvMetadata, RenderMode, ResetOptions, ResetResult, RgbFrame, StepResult } from '../../core/env.ts';
import { notRunning } from '../../core/episode-phase.ts';
import { ActionError, OptionError } from '../../core/errors.ts';
import { checkOptionNames, nameOption, numberOption, type OptionNames, renderModeOption } from '../../core/options.ts';
import type { Generator } from '../../core/random/generator.ts';
import { restoreArray } from '../../core/saved-state.ts';
import type { Snapshot } from '../../core/snapshot.ts';
import { cos, sin } from '../../core/trig.ts';
import { Box } from '../../spaces/box.ts';
import { Discrete } from '../../spaces/discrete.ts';
import { SeededEnv } from '../seeded-env.ts';
import { AcrobotDrawing } from './acrobot.draw.ts';
import { startBounds } from './start-bounds.ts';

export interface AcrobotOptions {
  /** Equations of Sutton and Barto's book (default), or of the 1996 paper, which lacks a term. */
  readonly bookOrNips?: 'book' | 'nips' | undefined;
  /** A uniform random number between minus and plus this is added to every torque, N m. Default 0. */
  readonly torqueNoiseMax?: number | undefined;
  /** Seconds a step, integrated in one Runge-Kutta step. Default 0.2. */
  readonly dt?: number | undefined;
  /** Torques of the three actions, N m. Default [-1, 0, 1]. */
  readonly availTorque?: readonly [number, number, number] | undefined;
  /** Length of a link, m. Default 1. */
  readonly linkLength1?: number | undefined;
  readonly linkLength2?: number | undefined;
  /** Mass of a link, kg. Default 1. */
  readonly linkMass1?: number | undefined;
  readonly linkMass2?: number | undefined;
  /** Distance of a link's centre of mass from its upper end, m. Default 0.5. */
  readonly linkComPos1?: number | undefined;
  readonly linkComPos2?: number | undefined;
  /** Moment of inertia of both links, kg m². Default 1. */
  readonly linkMoi?: number | undefined;
  readonly renderMode?: 'rgb_array' | null | undefined;
}

const OPTIONS: OptionNames<AcrobotOptions> = {
  ...{ bookOrNips: true, torqueNoiseMax: true, dt: true, availTorque: true },
  ...{ linkLength1: true, linkLength2: true, linkMass1: true, linkMass2: true },
  ...{ linkComPos1: true, linkComPos2: true, linkMoi: true, renderMode: true },
};

const MAX_VELOCITY_1 = 4 * Math.PI;
const MAX_VELOCITY_2 = 9 * Math.PI;
const G = 9.8;

/**
 * Acrobot: swing the lower end of two hanging links above a line by a torque at the joint between them (R. S. Sutton,
 * "Generalization in Reinforcement Learning: Successful Examples Using Sparse Coarse Coding", NIPS 1996; equations after
 * R. S. Sutton and A. G. Barto, "Reinforcement Learning: An Introduction", 1st ed., section 11.3).
 *
 * Actions, Discrete(3)
 *
 * | action | meaning                             |
 * |-------:|-------------------------------------|
 * |      0 | torque of -1 N m at the middle joint |
 * |      1 | no torque                           |
 * |      2 | torque of 1 N m                     |
 *
 * Observation, Box(6) of float32; angle 1 is 0 when the upper link hangs down, angle 2 is that between the links
 *
 * | index | meaning              | unit  | bounds   |
 * |------:|----------------------|-------|---------:|
 * |     0 | cosine of angle 1    |       |      ± 1 |
 * |     1 | sine of angle 1      |       |      ± 1 |
 * |     2 | cosine of angle 2    |       |      ± 1 |
 * |     3 | sine of angle 2      |       |      ± 1 |
 * |     4 | velocity of angle 1  | rad/s | ± 4 pi   |
 * |     5 | velocity of angle 2  | rad/s | ± 9 pi   |
 *
 * Reward: -1 a step, 0 for the step that reaches the line.
 *
 * Start: angles and velocities uniform in [-0.1, 0.1); the reset options `{ low, high }` set other bounds.
 *
 * End: terminated when the lower end is above the line: -cos(angle 1) - cos(angle 1 + angle 2) > 1. `make` truncates
 * after 500 steps.
 *
 * Arguments: see `AcrobotOptions`. (In Gymnasium they are attributes, not arguments of `make`.)
 *
 * The system is unstable: differences in the last bit of a sine grow. Gymnasium's own numbers differ between processors
 * with and without fused multiply-add, by up to 1e-9 within an episode of random actions.
 *
 * Version history (Gymnasium's)
 * - v1: 500 steps instead of 200; sines and cosines instead of angles.
 * - v0: first version.
 */
export class AcrobotEnv extends SeededEnv<Float32Array, number> {
  readonly metadata: EnvMetadata = { renderModes: ['rgb_array'], renderFps: 15 };
  protected override readonly stateName: string = 'Acrobot';
  readonly observationSpace: Box;
  readonly actionSpace: Discrete = new Discrete(3);
  readonly renderMode: RenderMode;

  readonly #nips: boolean;
  readonly #noise: number;
  readonly #dt: number;
  readonly #torques: readonly number[];
  readonly #length1: number;
  readonly #length2: number;
  readonly #mass1: number;
  readonly #mass2: number;
  readonly #center1: number;
  readonly #center2: number;
  readonly #inertia: number;
  #drawing: AcrobotDrawing | undefined;
  /** [4] angles, velocities. */
  readonly #state = new Float64Array(4);
  /** Scratch of one step: a state, and four derivatives. */
  readonly #point = new Float64Array(4);
  readonly #k = [new Float64Array(4), new Float64Array(4), new Float64Array(4), new Float64Array(4)] as const;

  /** @throws OptionError or UnknownNameError for an option out of range. */
  constructor(options: AcrobotOptions = {}) {
    super();
    checkOptionNames(options, OPTIONS);
    this.renderMode = renderModeOption(options.renderMode, ['rgb_array']);
    this.#nips = nameOption('bookOrNips', options.bookOrNips, ['book', 'nips'], 'book') === 'nips';
    this.#noise = numberOption('torqueNoiseMax', options.torqueNoiseMax, 0, { from: 0 });
    this.#torques = torqueOption(options.availTorque);
    const positive = (name: keyof AcrobotOptions, fallback: number): number =>
      numberOption(name, options[name], fallback, { above: 0 });
    this.#dt = positive('dt', 0.2);
    this.#length1 = positive('linkLength1', 1);
    this.#length2 = positive('linkLength2', 1);
    this.#mass1 = positive('linkMass1', 1);
    this.#mass2 = positive('linkMass2', 1);
    this.#center1 = positive('linkComPos1', 0.5);
    this.#center2 = positive('linkComPos2', 0.5);
    this.#inertia = positive('linkMoi', 1);
    const high = [1, 1, 1, 1, MAX_VELOCITY_1, MAX_VELOCITY_2];
    this.observationSpace = new Box(
      high.map((bound) => -bound),
      high,
    );
  }

  getActionMeanings(): readonly string[] {
    return this.#torques.map((torque) => `torque ${torque}`);
  }

  /** @throws OptionError when the options `low` and `high` are not numbers in this order. */
  reset(options?: ResetOptions): ResetResult<Float32Array> {
    const [low, high] = startBounds(options?.options, -0.1, 0.1);
    const generator = this.begin(options);
    // Gymnasium starts from single precision.
    for (let i = 0; i < 4; i++) this.#state[i] = Math.fround(generator.uniform(low, high));
    return { observation: this.#observation(), info: {} };
  }

  step(action: number): StepResult<Float32Array> {
    if (this.phase !== 'running') throw notRunning(this.phase);
    if (action !== 0 && action !== 1 && action !== 2) throw new ActionError(action, 'Discrete(3)');
    let torque = this.#torques[action];
    if (this.#noise > 0) torque += (this.generator as Generator).uniform(-this.#noise, this.#noise);
    const s = this.#state;
    this.#integrate(torque);
    s[0] = wrapped(s[0]);
    s[1] = wrapped(s[1]);
    s[2] = Math.min(Math.max(s[2], -MAX_VELOCITY_1), MAX_VELOCITY_1);
    s[3] = Math.min(Math.max(s[3], -MAX_VELOCITY_2), MAX_VELOCITY_2);
    const terminated = -cos(s[0]) - cos(s[1] + s[0]) > 1;
    if (terminated) this.phase = 'over';
    return {
      observation: this.#observation(),
      reward: terminated ? 0 : -1,
      terminated,
      truncated: false,
      info: {},
    };
  }

  /** One step of the classic Runge-Kutta method (order 4) with a constant torque. */
  #integrate(torque: number): void {
    const s = this.#state;
    const point = this.#point;
    const [k1, k2, k3, k4] = this.#k;
    const dt = this.#dt;
    const half = dt / 2;
    this.#derivative(s, torque, k1);
    for (let i = 0; i < 4; i++) point[i] = s[i] + half * k1[i];
    this.#derivative(point, torque, k2);
    for (let i = 0; i < 4; i++) point[i] = s[i] + half * k2[i];
    this.#derivative(point, torque, k3);
    for (let i = 0; i < 4; i++) point[i] = s[i] + dt * k3[i];
    this.#derivative(point, torque, k4);
    for (let i = 0; i < 4; i++) s[i] += (dt / 6) * (k1[i] + 2 * k2[i] + 2 * k3[i] + k4[i]);
  }

  /** The equations of motion. Sums run in Gymnasium's order, so that even the last bits agree.
   * @param out [4] derivatives of angles and velocities. */
  #derivative(s: Float64Array, torque: number, out: Float64Array): void {
    const [m1, m2, l1] = [this.#mass1, this.#mass2, this.#length1];
    const [lc1, lc2, I] = [this.#center1, this.#center2, this.#inertia];
    const [theta1, theta2, dtheta1, dtheta2] = [s[0], s[1], s[2], s[3]];
    const cos2 = cos(theta2);
    const sin2 = sin(theta2);
    const d1 = m1 * (lc1 * lc1) + m2 * (l1 * l1 + lc2 * lc2 + 2 * l1 * lc2 * cos2) + I + I;
    const d2 = m2 * (lc2 * lc2 + l1 * lc2 * cos2) + I;
    const phi2 = m2 * lc2 * G * cos(theta1 + theta2 - Math.PI / 2);
    const phi1 =
      -m2 * l1 * lc2 * (dtheta2 * dtheta2) * sin2 -
      2 * m2 * l1 * lc2 * dtheta2 * dtheta1 * sin2 +
      (m1 * lc1 + m2 * l1) * G * cos(theta1 - Math.PI / 2) +
      phi2;
    const inertia = m2 * (lc2 * lc2) + I - (d2 * d2) / d1;
    const ddtheta2 = this.#nips
      ? (torque + (d2 / d1) * phi1 - phi2) / inertia
      : (torque + (d2 / d1) * phi1 - m2 * l1 * lc2 * (dtheta1 * dtheta1) * sin2 - phi2) / inertia;
    out[0] = dtheta1;
    out[1] = dtheta2;
    out[2] = -(d2 * ddtheta2 + phi1) / d1;
    out[3] = ddtheta2;
  }

  #observation(): Float32Array {
    const s = this.#state;
    const observation = new Float32Array(6);
    observation[0] = cos(s[0]);
    observation[1] = sin(s[0]);
    observation[2] = cos(s[1]);
    observation[3] = sin(s[1]);
    observation[4] = s[2];
    observation[5] = s[3];
    return observation;
  }

  protected draw(): RgbFrame {
    this.#drawing ??= new AcrobotDrawing(this.#length1, this.#length2);
    return this.#drawing.draw(this.#state[0], this.#state[1]);
  }

  protected saveOwnState(): Snapshot {
    return this.#state.slice();
  }

  protected restoreOwnState(state: Snapshot): void {
    restoreArray(state, 'Acrobot', this.#state);
  }
}

/** The same angle between -pi and pi. */
function wrapped(angle: number): number {
  // Whole turns one by one, as Gymnasium takes them; a start far outside in one go.
  let x = Math.abs(angle) > 1000 ? angle % (2 * Math.PI) : angle;
  while (x > Math.PI) x -= 2 * Math.PI;
  while (x < -Math.PI) x += 2 * Math.PI;
  return x;
}

function torqueOption(value: unknown): readonly number[] {
  if (value === undefined) return [-1, 0, 1];
  if (!Array.isArray(value) || value.length !== 3 || !value.every((torque) => Number.isFinite(torque))) {
    throw new OptionError('availTorque', value, 'three numbers: torques of the actions');
  }
  return value as number[];
}
