import type { Env, EnvMetadata, ResetOptions, ResetResult, StepResult } from '../core/env.ts';
import { OptionError } from '../core/errors.ts';
import { sizeOf } from '../core/shape.ts';
import { Wrapper } from '../core/wrapper.ts';
import { findPaletteScreen, type PaletteScreen, type ScreenPair } from './palette-screen.ts';
import { pictureShape } from './screen-shrinker.ts';

/**
 * Plays each action for `skip` frames, sums the rewards and shows the brighter of the last two frames, channel by
 * channel: the 2600 draws some objects only on every second frame (Mnih et al. 2015, Methods; Stable-Baselines3's
 * `MaxAndSkipEnv`). When an episode ends before the last frame, the observation is the frame on which it ended.
 *
 * Observations have the shape of the environment's and are views of this wrapper's memory; that of a reset is a copy of its frame.
 */
export class MaxAndSkip extends Wrapper<Uint8Array, number> implements PaletteScreen {
  readonly skip: number;
  readonly palette: Uint8Array | undefined;
  private readonly source: PaletteScreen | undefined;
  private readonly first: Uint8Array;
  private readonly brightest: Uint8Array;
  private observationWanted = true;
  /** The two frames of the latest observation as palette numbers. */
  private merged: Uint8Array | Uint16Array | undefined;
  private firstIndices: Uint8Array | Uint16Array | undefined;
  /** Which frames `screenIndices` shows: none known, the present one alone, or `firstIndices` and the present one. */
  private shown: 'none' | 'present' | 'both' = 'none';

  /** @param skip frames a step, at least 1. Default 4.
   * @throws MismatchError when observations are no pictures, OptionError for a skip that is no positive integer. */
  constructor(env: Env<Uint8Array, number>, skip = 4) {
    super(env);
    pictureShape(env, 'MaxAndSkip');
    if (!(Number.isSafeInteger(skip) && skip >= 1)) throw new OptionError('skip', skip, 'a positive integer');
    this.skip = skip;
    const size = sizeOf(env.observationSpace.shape as readonly number[]);
    this.first = new Uint8Array(size);
    this.brightest = new Uint8Array(size);
    this.source = findPaletteScreen(env);
    this.palette = this.source?.palette === undefined ? undefined : pairPalette(this.source.palette);
  }

  /** A step is `skip` frames: there are fewer pictures a second to watch. */
  override get metadata(): EnvMetadata {
    const { metadata } = this.env;
    return { ...metadata, renderFps: metadata.renderFps / this.skip };
  }

  override reset(options?: ResetOptions): ResetResult<Uint8Array> {
    const result = this.env.reset(options);
    this.shown = result.observation === this.source?.screenObservation ? 'present' : 'none';
    if (this.observationWanted) this.brightest.set(result.observation);
    result.observation = this.brightest;
    return result;
  }

  override step(action: number): StepResult<Uint8Array> {
    const { skip, env, source } = this;
    let reward = 0;
    for (let i = 1; ; i++) {
      const result = env.step(action);
      reward += result.reward;
      const over = result.terminated || result.truncated;
      if (i === skip - 1 && !over) this.storeFirst(result.observation);
      if (i < skip && !over) continue;
      const both = i === skip && skip > 1;
      this.shown = result.observation !== source?.screenObservation ? 'none' : both ? 'both' : 'present';
      if (this.observationWanted) {
        if (both) brighter(this.first, result.observation, this.brightest);
        else this.brightest.set(result.observation);
      }
      result.observation = this.brightest;
      result.reward = reward;
      return result;
    }
  }

  private storeFirst(observation: Uint8Array): void {
    if (this.observationWanted) this.first.set(observation);
    const indices = observation === this.source?.screenObservation ? this.source.screenIndices() : undefined;
    if (indices === undefined) return;
    this.firstIndices ??= indices.slice();
    this.firstIndices.set(indices);
  }

  get screenObservation(): Uint8Array {
    return this.brightest;
  }

  screenIndices(): Uint8Array | Uint16Array | undefined {
    const present = this.shown === 'none' ? undefined : this.source?.screenIndices();
    if (present === undefined) return undefined;
    const first = this.shown === 'both' ? this.firstIndices : present;
    if (first === undefined) return undefined;
    const colours = (this.source?.palette as Uint8Array).length / 3;
    this.merged ??= colours <= 16 ? new Uint8Array(present.length) : new Uint16Array(present.length);
    if (colours <= 16 && present.length % 4 === 0 && present.byteOffset % 4 === 0)
      mergeWords(first, present, this.merged);
    else mergeIndices(first, present, this.merged, pairStride(colours));
    return this.merged;
  }

  screenPair(): ScreenPair | undefined {
    const { source } = this;
    if (this.shown === 'none' || source?.palette?.length !== 3 * 256) return undefined;
    const second = source.screenIndices() as Uint8Array | undefined;
    const first = this.shown === 'both' ? (this.firstIndices as Uint8Array | undefined) : second;
    return first === undefined || second === undefined ? undefined : { first, second };
  }

  setObservationWanted(wanted: boolean): void {
    this.observationWanted = wanted;
    this.source?.setObservationWanted(wanted);
  }

  protected override restoreOwnState(): void {
    this.shown = 'none';
  }
}

function brighter(a: Uint8Array, b: Uint8Array, out: Uint8Array): void {
  for (let i = 0; i < out.length; i++) out[i] = a[i] > b[i] ? a[i] : b[i];
}

/** Distance in a pair's number between first colours; 16 lets four pairs be made in one 32-bit operation. */
function pairStride(colours: number): number {
  return colours <= 16 ? 16 : colours;
}

/** The brighter of two colours, channel by channel, for every pair of numbers. */
function pairPalette(palette: Uint8Array): Uint8Array | undefined {
  const colours = palette.length / 3;
  const stride = pairStride(colours);
  // Pairs of pairs (one skipping wrapper around another) can outgrow 16 bits.
  if (colours > 256) return undefined;
  const pairs = new Uint8Array(3 * stride * colours);
  for (let a = 0; a < colours; a++) {
    for (let b = 0; b < colours; b++) {
      for (let c = 0; c < 3; c++) {
        pairs[3 * (a * stride + b) + c] = Math.max(palette[3 * a + c], palette[3 * b + c]);
      }
    }
  }
  return pairs;
}

type Indices = Uint8Array | Uint16Array;

/** `a * 16 + b` for numbers below 16, four at a time. Lengths and offsets in memory are multiples of 4 bytes. */
function mergeWords(a: Indices, b: Indices, out: Indices): void {
  const left = new Int32Array(a.buffer, a.byteOffset, a.length >> 2);
  const right = new Int32Array(b.buffer, b.byteOffset, b.length >> 2);
  const pairs = new Int32Array(out.buffer, out.byteOffset, out.length >> 2);
  for (let i = 0; i < pairs.length; i++) pairs[i] = (left[i] << 4) | right[i];
}

function mergeIndices(a: Indices, b: Indices, out: Indices, stride: number): void {
  for (let i = 0; i < out.length; i++) out[i] = a[i] * stride + b[i];
}
