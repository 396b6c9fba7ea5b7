import type { Env, EnvMetadata, RenderMode, ResetOptions, ResetResult, RgbFrame, StepResult } from '../../core/env.ts';
import { ActionError, OptionError } from '../../core/errors.ts';
import type { Generator } from '../../core/random/generator.ts';
import type { Snapshot } from '../../core/snapshot.ts';
import { Box } from '../../spaces/box.ts';
import { Discrete } from '../../spaces/discrete.ts';
import { type EpisodePhase, notRunning } from '../episode-phase.ts';
import { booleanOption, nameOption, renderModeOption } from '../options.ts';
import { generatorForReset, restoreGenerator, saveGenerator } from '../seeding.ts';
import { CartPoleDrawing } from './cart-pole.draw.ts';

/** How velocities and positions follow from accelerations: `euler` moves by the old velocity, `semi-implicit-euler` by
 * the new one. */
export type KinematicsIntegrator = 'euler' | 'semi-implicit-euler';

export interface CartPoleOptions {
  /** Rewards as Sutton and Barto have them: 0 a step and -1 for falling. Default false: 1 a step. */
  readonly suttonBartoReward?: boolean | undefined;
  /** Default 'euler'. (In Gymnasium an attribute, not an argument of `make`.) */
  readonly kinematicsIntegrator?: KinematicsIntegrator | undefined;
  readonly renderMode?: 'rgb_array' | null | undefined;
}

const GRAVITY = 9.8;
const CART_MASS = 1;
const POLE_MASS = 0.1;
const TOTAL_MASS = POLE_MASS + CART_MASS;
/** Half of the pole's length. */
const HALF_LENGTH = 0.5;
const POLE_MASS_LENGTH = POLE_MASS * HALF_LENGTH;
const FORCE = 10;
/** Seconds a step. */
const TAU = 0.02;
/** Cart positions beyond this end the episode. */
export const X_LIMIT = 2.4;
/** Pole angles beyond this (12 degrees) end the episode. */
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
 * End: terminated when the cart or the pole leaves its range. `make` truncates after 500 steps.
 *
 * Arguments: see `CartPoleOptions`.
 *
 * Version history (Gymnasium's)
 * - v1: 500 steps instead of 200; 1.0 added `suttonBartoReward`.
 * - v0: first version.
 */
export class CartPoleEnv implements Env<Float32Array, number> {
  readonly metadata: EnvMetadata = { renderModes: ['rgb_array'], renderFps: 50 };
  readonly observationSpace: Box;
  readonly actionSpace: Discrete = new Discrete(2);
  readonly renderMode: RenderMode;
  readonly unwrapped = this;
  spec: Env['spec'];

  readonly #suttonBartoReward: boolean;
  readonly #semiImplicit: boolean;
  #drawing: CartPoleDrawing | undefined;
  #generator: Generator | undefined;
  #phase: EpisodePhase = 'new';
  #x = 0;
  #xDot = 0;
  #theta = 0;
  #thetaDot = 0;

  /** @throws OptionError or UnknownNameError for an option out of range. */
  constructor(options: CartPoleOptions = {}) {
    this.renderMode = renderModeOption(options.renderMode, ['rgb_array']);
    this.#suttonBartoReward = booleanOption('suttonBartoReward', options.suttonBartoReward, false);
    const integrators = ['euler', 'semi-implicit-euler'] as const;
    const integrator = nameOption('kinematicsIntegrator', options.kinematicsIntegrator, integrators, 'euler');
    this.#semiImplicit = integrator === 'semi-implicit-euler';
    // Twice the limits, so that the observation that ends an episode still belongs to the space.
    const high = Float32Array.of(2 * X_LIMIT, Number.POSITIVE_INFINITY, 2 * ANGLE_LIMIT, Number.POSITIVE_INFINITY);
    this.observationSpace = new Box(
      high.map((bound) => -bound),
      high,
    );
  }

  /** @throws OptionError when the options `low` and `high` are not numbers in this order. */
  reset(options?: ResetOptions): ResetResult<Float32Array> {
    const [low, high] = startBounds(options?.options);
    const generator = generatorForReset(this.#generator, options);
    this.#generator = generator;
    this.#x = generator.uniform(low, high);
    this.#xDot = generator.uniform(low, high);
    this.#theta = generator.uniform(low, high);
    this.#thetaDot = generator.uniform(low, high);
    this.#phase = 'running';
    return { observation: this.#observation(), info: {} };
  }

  step(action: number): StepResult<Float32Array> {
    if (this.#phase !== 'running') throw notRunning(this.#phase);
    if (action !== 0 && action !== 1) throw new ActionError(action, 'Discrete(2)');
    const theta = this.#theta;
    const thetaDot = this.#thetaDot;
    const cos = Math.cos(theta);
    const sin = Math.sin(theta);
    const force = action === 1 ? FORCE : -FORCE;
    const temp = (force + POLE_MASS_LENGTH * (thetaDot * thetaDot) * sin) / TOTAL_MASS;
    const thetaAcc = (GRAVITY * sin - cos * temp) / (HALF_LENGTH * (4 / 3 - (POLE_MASS * (cos * cos)) / TOTAL_MASS));
    const xAcc = temp - (POLE_MASS_LENGTH * thetaAcc * cos) / TOTAL_MASS;

    const xDot = this.#xDot;
    this.#xDot = xDot + TAU * xAcc;
    this.#thetaDot = thetaDot + TAU * thetaAcc;
    this.#x += TAU * (this.#semiImplicit ? this.#xDot : xDot);
    this.#theta = theta + TAU * (this.#semiImplicit ? this.#thetaDot : thetaDot);

    const terminated =
      this.#x < -X_LIMIT || this.#x > X_LIMIT || this.#theta < -ANGLE_LIMIT || this.#theta > ANGLE_LIMIT;
    if (terminated) this.#phase = 'over';
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

  render(): RgbFrame | undefined {
    if (this.renderMode === null) return undefined;
    if (this.#phase === 'new') throw notRunning('new', 'render');
    this.#drawing ??= new CartPoleDrawing();
    return this.#drawing.draw(this.#x, this.#theta);
  }

  close(): void {}

  saveState(): Snapshot {
    return {
      phase: this.#phase,
      state: Float64Array.of(this.#x, this.#xDot, this.#theta, this.#thetaDot),
      generator: saveGenerator(this.#generator),
      actionSpace: this.actionSpace.saveState(),
      observationSpace: this.observationSpace.saveState(),
    };
  }

  restoreState(state: Snapshot): void {
    const saved = state as {
      phase: EpisodePhase;
      state: Float64Array;
      generator: Snapshot;
      actionSpace: Snapshot;
      observationSpace: Snapshot;
    };
    this.#phase = saved.phase;
    [this.#x, this.#xDot, this.#theta, this.#thetaDot] = saved.state;
    this.#generator = restoreGenerator(saved.generator);
    this.actionSpace.restoreState(saved.actionSpace);
    this.observationSpace.restoreState(saved.observationSpace);
  }
}

function startBounds(options: ResetOptions['options']): readonly [low: number, high: number] {
  const low = options?.['low'] ?? -0.05;
  const high = options?.['high'] ?? 0.05;
  if (typeof low !== 'number' || !Number.isFinite(low)) throw new OptionError('low', low, 'a number');
  if (typeof high !== 'number' || !(high >= low && Number.isFinite(high))) {
    throw new OptionError('high', high, `a number not below low (${low})`);
  }
  return [low, high];
}
