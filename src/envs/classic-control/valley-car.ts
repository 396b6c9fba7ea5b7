import type { EnvMetadata, RenderMode, ResetOptions, ResetResult, RgbFrame, StepResult } from '../../core/env.ts';
import { checkOptionNames, numberOption, type OptionNames, renderModeOption } from '../../core/options.ts';
import { Box } from '../../spaces/box.ts';
import { SeededEnv } from '../seeded-env.ts';
import { MountainCarDrawing } from './mountain-car.draw.ts';
import { startBounds } from './start-bounds.ts';

export interface MountainCarOptions {
  /** Velocity that the car must have at the flag. Default 0. */
  readonly goalVelocity?: number | undefined;
  readonly renderMode?: 'rgb_array' | null | undefined;
}

const OPTIONS: OptionNames<MountainCarOptions> = {
  goalVelocity: true,
  renderMode: true,
};

/** Positions where the valley ends. */
export const VALLEY = { left: -1.2, right: 0.6 } as const;
/** Highest speed in either direction, a step. */
export const MAX_SPEED = 0.07;
export const GRAVITY = 0.0025;

/** What both mountain cars are: a car in a valley, and a flag on the right hill. How it is pushed is the subclass's. */
export abstract class ValleyCarEnv<A> extends SeededEnv<Float32Array, A> {
  readonly metadata: EnvMetadata = { renderModes: ['rgb_array'], renderFps: 30 };
  readonly observationSpace: Box = new Box([VALLEY.left, -MAX_SPEED], [VALLEY.right, MAX_SPEED]);
  readonly renderMode: RenderMode;

  protected readonly goalVelocity: number;
  protected position = 0;
  protected velocity = 0;
  private readonly flag: number;
  private drawing: MountainCarDrawing | undefined;

  /** @param flag its position.
   * @throws OptionError for an option out of range, UnknownNameError for one of another name. */
  constructor(options: MountainCarOptions, flag: number) {
    super();
    checkOptionNames(options, OPTIONS);
    this.renderMode = renderModeOption(options.renderMode, ['rgb_array']);
    this.goalVelocity = numberOption('goalVelocity', options.goalVelocity, 0);
    this.flag = flag;
  }

  /** @throws OptionError when the options `low` and `high` are not numbers in this order. */
  reset(options?: ResetOptions): ResetResult<Float32Array> {
    const [low, high] = startBounds(options?.options, -0.6, -0.4);
    this.position = this.begin(options).uniform(low, high);
    this.velocity = 0;
    return { observation: this.observe(), info: {} };
  }

  /** Ends a step, after which the car is where `position` and `velocity` say. */
  protected arrive(reward: number, terminated: boolean): StepResult<Float32Array> {
    if (terminated) this.phase = 'over';
    return { observation: this.observe(), reward, terminated, truncated: false, info: {} };
  }

  private observe(): Float32Array {
    const observation = new Float32Array(2);
    observation[0] = this.position;
    observation[1] = this.velocity;
    return observation;
  }

  protected draw(): RgbFrame {
    this.drawing ??= new MountainCarDrawing(this.flag);
    return this.drawing.draw(this.position, this.velocity);
  }
}
