import type { Env, EnvMetadata, ResetOptions, ResetResult, RgbFrame, StepResult } from '../../src/core/env.ts';
import type { Snapshot } from '../../src/core/snapshot.ts';
import { Box } from '../../src/spaces/box.ts';
import { Discrete } from '../../src/spaces/discrete.ts';
import type { AtariLike } from '../../src/wrappers/atari-like.ts';

export interface FakeGameOptions {
  readonly shape?: readonly number[];
  readonly actions?: readonly string[];
  /** Byte at a position of a frame's picture. Default: the frame's number everywhere. */
  readonly pixel?: (frame: number, index: number) => number;
  readonly reward?: (frame: number) => number;
  /** Lives left at a frame. Default 0. */
  readonly lives?: (frame: number) => number;
  /** The frame on which the game is over. Default never. */
  readonly length?: number;
}

/** An Atari-like game of which a test says everything: pictures, rewards, lives. Notes what was done to it. */
export class FakeGame implements Env<Uint8Array, number>, AtariLike {
  readonly metadata: EnvMetadata = { renderModes: ['rgb_array'], renderFps: 60 };
  readonly observationSpace: Box<'uint8'>;
  readonly actionSpace: Discrete;
  readonly renderMode = 'rgb_array';
  readonly unwrapped = this;
  spec: Env['spec'];
  /** `reset`, or `reset 5` with a seed, and the actions in order. */
  readonly log: (string | number)[] = [];
  frame = 0;
  private readonly options: FakeGameOptions;
  private readonly actions: readonly string[];
  protected readonly picture: Uint8Array;

  constructor(options: FakeGameOptions = {}) {
    this.options = options;
    this.actions = options.actions ?? ['NOOP', 'FIRE', 'UP', 'DOWN'];
    this.actionSpace = new Discrete(this.actions.length);
    this.observationSpace = new Box(0, 255, options.shape ?? [4, 4, 3], 'uint8');
    this.picture = new Uint8Array(this.observationSpace.size);
  }

  getActionMeanings(): readonly string[] {
    return this.actions;
  }

  lives(): number {
    return this.options.lives?.(this.frame) ?? 0;
  }

  reset(options?: ResetOptions): ResetResult<Uint8Array> {
    this.log.push(options?.seed === undefined ? 'reset' : `reset ${options.seed}`);
    this.frame = 0;
    return { observation: this.paint(), info: {} };
  }

  step(action: number): StepResult<Uint8Array> {
    this.log.push(action);
    this.frame++;
    const reward = this.options.reward?.(this.frame) ?? 0;
    const terminated = this.frame === this.options.length;
    return { observation: this.paint(), reward, terminated, truncated: false, info: {} };
  }

  protected paint(): Uint8Array {
    const { pixel = (frame) => frame } = this.options;
    for (let i = 0; i < this.picture.length; i++) this.picture[i] = pixel(this.frame, i);
    return this.picture;
  }

  render(): RgbFrame {
    const [height, width] = this.observationSpace.shape;
    return { width, height, data: this.picture };
  }

  close(): void {}

  saveState(): Snapshot {
    return this.frame;
  }

  restoreState(state: Snapshot): void {
    this.frame = state as number;
    this.paint();
  }
}

/** Deterministic noise, the same as in test/oracle/resize_fixtures.py. */
export function noise(length: number, seed: number): Uint8Array {
  const out = new Uint8Array(length);
  let state = seed;
  for (let i = 0; i < length; i++) {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    out[i] = state >>> 24;
  }
  return out;
}
