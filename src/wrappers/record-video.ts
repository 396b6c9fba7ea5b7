import type { Env, ResetOptions, ResetResult, StepResult } from '../core/env.ts';
import { OptionError } from '../core/errors.ts';
import { checkOptionNames, functionOption, numberOption, type OptionNames } from '../core/options.ts';
import { SavedState } from '../core/saved-state.ts';
import type { Snapshot } from '../core/snapshot.ts';
import { Wrapper } from '../core/wrapper.ts';

/** Takes the pictures of one video; a platform supplies it (a file, a canvas). */
export interface VideoSink {
  /** Called once, before the first frame. */
  open(width: number, height: number, framesPerSecond: number): void;
  /** @param rgb [height, width, 3]; only valid during the call. */
  frame(rgb: Uint8Array): void;
  /** Called once, after the last frame. */
  close(): void;
}

export interface RecordVideoOptions {
  /** The sink for an episode, numbered from 0, or undefined to leave it out. */
  readonly sink: (episode: number) => VideoSink | undefined;
  /** Frames a second; default the environment's. */
  readonly framesPerSecond?: number | undefined;
}

const OPTIONS: OptionNames<RecordVideoOptions> = { sink: true, framesPerSecond: true };

/**
 * Hands the pictures of chosen episodes to sinks: one after each reset and each step. Put it below frame skipping to
 * record every frame. The sinks themselves are not part of saved states: a restored episode is not recorded further.
 */
export class RecordVideo<O = unknown, A = unknown> extends Wrapper<O, A> {
  private readonly sinkOf: RecordVideoOptions['sink'];
  private readonly framesPerSecond: number | undefined;
  private episode = -1;
  private sink: VideoSink | undefined;
  private opened = false;

  /** @throws OptionError unless the environment renders `rgb_array`, there is a sink and the frame rate is positive;
   *   UnknownNameError for an option that there is not. */
  constructor(env: Env<O, A>, options: RecordVideoOptions) {
    super(env);
    if (env.renderMode !== 'rgb_array') {
      throw new OptionError('renderMode', env.renderMode, '"rgb_array" for an environment that is recorded');
    }
    checkOptionNames(options ?? null, OPTIONS);
    const { sink, framesPerSecond } = options;
    functionOption('sink', sink, 'the number of an episode');
    this.sinkOf = sink;
    this.framesPerSecond =
      framesPerSecond === undefined ? undefined : numberOption('framesPerSecond', framesPerSecond, 0, { above: 0 });
  }

  override reset(options?: ResetOptions): ResetResult<O> {
    this.finish();
    const result = this.env.reset(options);
    this.episode++;
    this.sink = this.sinkOf(this.episode);
    this.capture();
    return result;
  }

  override step(action: A): StepResult<O> {
    const result = this.env.step(action);
    this.capture();
    if (result.terminated || result.truncated) this.finish();
    return result;
  }

  override close(): void {
    this.finish();
    this.env.close();
  }

  private capture(): void {
    if (this.sink === undefined) return;
    const picture = this.env.render();
    if (typeof picture !== 'object') return;
    if (!this.opened) {
      this.sink.open(picture.width, picture.height, this.framesPerSecond ?? this.metadata.renderFps);
      this.opened = true;
    }
    this.sink.frame(picture.data);
  }

  private finish(): void {
    const { sink, opened } = this;
    this.sink = undefined;
    this.opened = false;
    if (opened) sink?.close();
  }

  protected override saveOwnState(): Snapshot {
    return this.episode;
  }

  protected override restoreOwnState(state: Snapshot): void {
    const episode = new SavedState({ episode: state }, 'video').whole('episode', -1);
    this.finish();
    this.episode = episode;
  }
}
