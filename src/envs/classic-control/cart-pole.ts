import type { Cells } from '../../core/cells.ts';
import type { EnvMetadata, RenderMode, ResetOptions, ResetResult, RgbFrame, StepResult } from '../../core/env.ts';
import { notRunning } from '../../core/episode-phase.ts';
import { ActionError } from '../../core/errors.ts';
import {
  booleanOption,
  checkOptionNames,
  nameOption,
  numberOption,
  type OptionNames,
  renderModeOption,
} from '../../core/options.ts';
import { restoreArray } from '../../core/saved-state.ts';
import type { Snapshot } from '../../core/snapshot.ts';
import { cos, sin } from '../../core/trig.ts';
import { Box } from '../../spaces/box.ts';
import { Discrete } from '../../spaces/discrete.ts';
import { SeededEnv } from '../seeded-env.ts';
import type { GridWorld, StateGrid } from '../state-grid.ts';
import { CartPoleDrawing } from './cart-pole.draw.ts';
import { cartPoleGrids } from './cart-pole.grid.ts';
import { startBounds } from './start-bounds.ts';

/** How velocities and positions follow from accelerations: `euler` moves by the old velocity, `semi-implicit-euler` by
 * the new one. */
export type KinematicsIntegrator = 'euler' | 'semi-implicit-euler';

export interface CartPoleOptions {
  /** Rewards as Sutton and Barto have them: 0 a step and -1 for falling. Default false: 1 a step. */
  readonly suttonBartoReward?: boolean | undefined;
  /** Default 'euler'. (In Gymnasium an attribute, not an argument of `make`.) */
  readonly kinematicsIntegrator?: KinematicsIntegrator | undefined;
  // The rest are attributes in Gymnasium too. Masses and lengths count everywhere that they appear in the equations.
  /** m/s². Default 9.8. */
  readonly gravity?: number | undefined;
  /** kg. Default 1. */
  readonly masscart?: number | undefined;
  /** kg. Default 0.1. */
  readonly masspole?: number | undefined;
  /** Half of the pole's length, m. Default 0.5. */
  readonly length?: number | undefined;
  /** Push of either action, N. Default 10. */
  readonly forceMag?: number | undefined;
  /** Seconds a step. Default 0.02. */
  readonly tau?: number | undefined;
  /** Pole angle beyond which the episode ends, rad. Default 0.209 (12 degrees). */
  readonly thetaThresholdRadians?: number | undefined;
  /** Cart position beyond which the episode ends, m. Default 2.4. */
  readonly xThreshold?: number | undefined;
  readonly renderMode?: 'rgb_array' | null | undefined;
}

const OPTIONS: OptionNames<CartPoleOptions> = {
  ...{ suttonBartoReward: true, kinematicsIntegrator: true, gravity: true, masscart: true },
  ...{ masspole: true, length: true, forceMag: true, tau: true },
  ...{ thetaThresholdRadians: true, xThreshold: true, renderMode: true },
};

/** Cart positions beyond this end the episode, unless an option says otherwise. */
export const X_LIMIT = 2.4;
/** Pole angles beyond this (12 degrees) end the episode, unless an option says otherwise. */
export const ANGLE_LIMIT = (12 * 2 * Math.PI) / 360;

/**
 * CartPole: keep a pole upright that is hinged to a cart on a frictionless track, by pushing the cart left or right
 * (A. G. Barto, R. S. Sutton and C. W. Anderson, "Neuronlike Adaptive Elements That Can Solve Difficult Learning Control
 * Problems", IEEE SMC 1983; equations after R. V. Florian, "Correct equations for the dynamics of the cart-pole system",
 * 2007).
 *
 * Actions, Discrete(2)
 *
 * | action | meaning                      |
 * |-------:|------------------------------|
 * |      0 | push the cart left with 10 N |
 * |      1 | push it right with 10 N      |
 *
 * Observation, Box(4) of float32
 *
 * | index | meaning               | unit  | bounds of the space | the episode ends beyond |
 * |------:|-----------------------|-------|--------------------:|------------------------:|
 * |     0 | cart position         | m     |               ± 4.8 |                   ± 2.4 |
 * |     1 | cart velocity         | m/s   |                 ± ∞ |                         |
 * |     2 | pole angle            | rad   |    ± 0.419 (24°)    |         ± 0.209 (12°)   |
 * |     3 | pole angular velocity | rad/s |                 ± ∞ |                         |
 *
 * Reward: 1 a step, the last one included. With `suttonBartoReward`: 0 a step, -1 for the step that ends the episode.
 *
 * Start: all four values uniform in [-0.05, 0.05); the reset options `{ low, high }` set other bounds.
 *
 * End: terminated when the cart or the pole leaves its range. `make` truncates after 500 steps (CartPole-v0: 200).
 *
 * Arguments: see `CartPoleOptions`.
 *
 * Version history (Gymnasium's)
 * - v1: 500 steps instead of 200; 1.0 added `suttonBartoReward`.
 * - v0: first version.
 */
export class CartPoleEnv extends SeededEnv<Float32Array, number> implements GridWorld {
  readonly metadata: EnvMetadata = { renderModes: ['rgb_array'], renderFps: 50 };
  protected override readonly stateName: string = 'CartPole';
  readonly observationSpace: Box;
  readonly actionSpace: Discrete = new Discrete(2);
  readonly renderMode: RenderMode;

  readonly #suttonBartoReward: boolean;
  readonly #semiImplicit: boolean;
  readonly #gravity: number;
  readonly #poleMass: number;
  readonly #totalMass: number;
  readonly #halfLength: number;
  readonly #poleMassLength: number;
  readonly #force: number;
  readonly #tau: number;
  readonly #xLimit: number;
  readonly #thetaLimit: number;
  #drawing: CartPoleDrawing | undefined;
  #x = 0;
  #xDot = 0;
  #theta = 0;
  #thetaDot = 0;

  /** @throws OptionError or UnknownNameError for an option out of range. */
  constructor(options: CartPoleOptions = {}) {
    super();
    checkOptionNames(options, OPTIONS);
    this.renderMode = renderModeOption(options.renderMode, ['rgb_array']);
    this.#suttonBartoReward = booleanOption('suttonBartoReward', options.suttonBartoReward, false);
    const integrators = ['euler', 'semi-implicit-euler'] as const;
    const integrator = nameOption('kinematicsIntegrator', options.kinematicsIntegrator, integrators, 'euler');
    this.#semiImplicit = integrator === 'semi-implicit-euler';
    const positive = (name: keyof CartPoleOptions, fallback: number): number =>
      numberOption(name, options[name], fallback, { above: 0 });
    this.#gravity = numberOption('gravity', options.gravity, 9.8);
    this.#poleMass = positive('masspole', 0.1);
    this.#totalMass = this.#poleMass + positive('masscart', 1);
    this.#halfLength = positive('length', 0.5);
    this.#poleMassLength = this.#poleMass * this.#halfLength;
    this.#force = numberOption('forceMag', options.forceMag, 10);
    this.#tau = positive('tau', 0.02);
    this.#xLimit = positive('xThreshold', X_LIMIT);
    this.#thetaLimit = positive('thetaThresholdRadians', ANGLE_LIMIT);
    // Twice the limits, so that the observation that ends an episode still belongs to the space.
    const infinite = Number.POSITIVE_INFINITY;
    const high = Float32Array.of(2 * this.#xLimit, infinite, 2 * this.#thetaLimit, infinite);
    this.observationSpace = new Box(
      high.map((bound) => -bound),
      high,
    );
  }

  /** @throws OptionError when the options `low` and `high` are not numbers in this order. */
  reset(options?: ResetOptions): ResetResult<Float32Array> {
    const [low, high] = startBounds(options?.options, -0.05, 0.05);
    const generator = this.begin(options);
    this.#x = generator.uniform(low, high);
    this.#xDot = generator.uniform(low, high);
    this.#theta = generator.uniform(low, high);
    this.#thetaDot = generator.uniform(low, high);
    return { observation: this.#observation(), info: {} };
  }

  step(action: number): StepResult<Float32Array> {
    if (this.phase !== 'running') throw notRunning(this.phase);
    if (action !== 0 && action !== 1) throw new ActionError(action, 'Discrete(2)');
    const theta = this.#theta;
    const thetaDot = this.#thetaDot;
    const cosTheta = cos(theta);
    const sinTheta = sin(theta);
    const mass = this.#totalMass;
    const push = action === 1 ? this.#force : -this.#force;
    const temp = (push + this.#poleMassLength * (thetaDot * thetaDot) * sinTheta) / mass;
    const thetaAcc =
      (this.#gravity * sinTheta - cosTheta * temp) /
      (this.#halfLength * (4 / 3 - (this.#poleMass * (cosTheta * cosTheta)) / mass));
    const xAcc = temp - (this.#poleMassLength * thetaAcc * cosTheta) / mass;

    const tau = this.#tau;
    const xDot = this.#xDot;
    this.#xDot = xDot + tau * xAcc;
    this.#thetaDot = thetaDot + tau * thetaAcc;
    this.#x += tau * (this.#semiImplicit ? this.#xDot : xDot);
    this.#theta = theta + tau * (this.#semiImplicit ? this.#thetaDot : thetaDot);

    const terminated =
      this.#x < -this.#xLimit ||
      this.#x > this.#xLimit ||
      this.#theta < -this.#thetaLimit ||
      this.#theta > this.#thetaLimit;
    if (terminated) this.phase = 'over';
    const reward = this.#suttonBartoReward ? (terminated ? -1 : 0) : 1;
    return { observation: this.#observation(), reward, terminated, truncated: false, info: {} };
  }

  #observation(): Float32Array {
    const observation = new Float32Array(4);
    observation[0] = this.#x;
    observation[1] = this.#xDot;
    observation[2] = this.#theta;
    observation[3] = this.#thetaDot;
    return observation;
  }

  getActionMeanings(): readonly string[] {
    return ['left', 'right'];
  }

  stateGrids(cells: Cells | null): readonly StateGrid[] {
    return cells === null ? [] : cartPoleGrids(cells);
  }

  protected draw(): RgbFrame {
    this.#drawing ??= new CartPoleDrawing(this.#xLimit, this.#thetaLimit, 2 * this.#halfLength);
    return this.#drawing.draw(this.#x, this.#theta);
  }

  protected saveOwnState(): Snapshot {
    return Float64Array.of(this.#x, this.#xDot, this.#theta, this.#thetaDot);
  }

  protected restoreOwnState(state: Snapshot): void {
    const saved = new Float64Array(4);
    restoreArray(state, 'CartPole', saved);
    [this.#x, this.#xDot, this.#theta, this.#thetaDot] = saved;
  }
}
