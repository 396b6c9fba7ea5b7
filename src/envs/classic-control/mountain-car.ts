import type { EnvMetadata, RenderMode, ResetOptions, ResetResult, RgbFrame, StepResult } from '../../core/env.ts';
import { ActionError } from '../../core/errors.ts';
import type { Snapshot } from '../../core/snapshot.ts';
import { cos } from '../../core/trig.ts';
import { Box } from '../../spaces/box.ts';
import { Discrete } from '../../spaces/discrete.ts';
import { notRunning } from '../episode-phase.ts';
import { numberOption, renderModeOption } from '../options.ts';
import { SeededEnv } from '../seeded-env.ts';
import { MountainCarDrawing } from './mountain-car.draw.ts';
import { startBounds } from './start-bounds.ts';

export interface MountainCarOptions {
  /** Velocity that the car must have at the flag. Default 0. */
  readonly goalVelocity?: number | undefined;
  readonly renderMode?: 'rgb_array' | null | undefined;
}

/** Positions where the valley ends. */
export const VALLEY = { left: -1.2, right: 0.6 } as const;
/** Highest speed in either direction, a step. */
export const MAX_SPEED = 0.07;
const GOAL = 0.5;
const FORCE = 0.001;
const GRAVITY = 0.0025;

/** A fresh observation. */
export function carObservation(position: number, velocity: number): Float32Array {
  const observation = new Float32Array(2);
  observation[0] = position;
  observation[1] = velocity;
  return observation;
}

/** The space of positions and velocities, that of both mountain cars. */
export function valleySpace(): Box {
  return new Box([VALLEY.left, -MAX_SPEED], [VALLEY.right, MAX_SPEED]);
}

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
export class MountainCarEnv extends SeededEnv<Float32Array, number> {
  readonly metadata: EnvMetadata = { renderModes: ['rgb_array'], renderFps: 30 };
  readonly observationSpace: Box = valleySpace();
  readonly actionSpace: Discrete = new Discrete(3);
  readonly renderMode: RenderMode;

  readonly #goalVelocity: number;
  #drawing: MountainCarDrawing | undefined;
  #position = 0;
  #velocity = 0;

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
    return { observation: Float32Array.of(this.#position, this.#velocity), info: {} };
  }

  step(action: number): StepResult<Float32Array> {
    if (this.phase !== 'running') throw notRunning(this.phase);
    if (action !== 0 && action !== 1 && action !== 2) throw new ActionError(action, 'Discrete(3)');
    let velocity = this.#velocity + ((action - 1) * FORCE + cos(3 * this.#position) * -GRAVITY);
    velocity = Math.min(Math.max(velocity, -MAX_SPEED), MAX_SPEED);
    const position = Math.min(Math.max(this.#position + velocity, VALLEY.left), VALLEY.right);
    if (position === VALLEY.left && velocity < 0) velocity = 0;
    this.#position = position;
    this.#velocity = velocity;
    const terminated = position >= GOAL && velocity >= this.#goalVelocity;
    if (terminated) this.phase = 'over';
    return {
      observation: carObservation(position, velocity),
      reward: -1,
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
    return Float64Array.of(this.#position, this.#velocity);
  }

  protected restoreOwnState(state: Snapshot): void {
    [this.#position, this.#velocity] = state as Float64Array;
  }
}
