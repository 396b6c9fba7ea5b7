import type { Env, ResetOptions, ResetResult, StepResult } from '../core/env.ts';
import { MismatchError, OptionError } from '../core/errors.ts';
import { booleanOption, checkOptionNames, type OptionNames } from '../core/options.ts';
import { renderFrame } from '../core/render.ts';
import type { Snapshot } from '../core/snapshot.ts';
import type { Space } from '../core/space.ts';
import { Wrapper } from '../core/wrapper.ts';
import { Box } from '../spaces/box.ts';
import { Dict } from '../spaces/dict.ts';

export interface AddRenderObservationOptions {
  /** The picture alone, default; else a Dict of observation and picture. */
  readonly renderOnly?: boolean | undefined;
  /** Key of the picture in the Dict. Default 'pixels'. */
  readonly renderKey?: string | undefined;
  /** Key of the observation, unless that is a Dict itself. Default 'state'. */
  readonly observationKey?: string | undefined;
}

const OPTIONS: OptionNames<AddRenderObservationOptions> = {
  renderOnly: true,
  renderKey: true,
  observationKey: true,
};

/** Observes the rendered picture, [height, width, 3] bytes, fresh arrays (Gymnasium's `AddRenderObservation`). */
export class AddRenderObservation<O = Uint8Array, A = unknown> extends Wrapper<O, A, unknown> {
  readonly #space: Space<O>;
  readonly #renderOnly: boolean;
  readonly #renderKey: string;
  readonly #observationKey: string;

  /** Resets the environment once to learn the picture's size.
   * @throws MismatchError unless it renders `rgb_array`, OptionError for a key that is taken or no text, UnknownNameError for
   *   an option that there is not. */
  constructor(env: Env<unknown, A>, options: AddRenderObservationOptions = {}) {
    super(env);
    if (env.renderMode !== 'rgb_array') {
      throw new MismatchError(`AddRenderObservation needs the render mode "rgb_array", got ${env.renderMode}.`);
    }
    checkOptionNames(options, OPTIONS);
    this.#renderOnly = booleanOption('renderOnly', options.renderOnly, true);
    this.#renderKey = keyOption('renderKey', options.renderKey, 'pixels');
    this.#observationKey = keyOption('observationKey', options.observationKey, 'state');
    env.reset();
    const { width, height } = renderFrame(env);
    const pixels: Space = new Box(0, 255, [height, width, 3], 'uint8') as Space;
    const inner = env.observationSpace;
    let space = pixels;
    if (!this.#renderOnly && inner.kind === 'dict') {
      const { spaces } = inner as unknown as Dict<Record<string, Space>>;
      if (Object.hasOwn(spaces, this.#renderKey))
        throw new OptionError('renderKey', this.#renderKey, 'a key that the Dict lacks');
      space = new Dict({ [this.#renderKey]: pixels, ...spaces });
    } else if (!this.#renderOnly) {
      if (this.#observationKey === this.#renderKey) {
        throw new OptionError('observationKey', this.#observationKey, 'another key than renderKey');
      }
      space = new Dict({ [this.#observationKey]: inner, [this.#renderKey]: pixels });
    }
    this.#space = space as Space<O>;
  }

  override get observationSpace(): Space<O> {
    return this.#space;
  }

  override reset(options?: ResetOptions): ResetResult<O> {
    const { observation, info } = this.env.reset(options);
    return { observation: this.#observe(observation), info };
  }

  override step(action: A): StepResult<O> {
    const { observation, reward, terminated, truncated, info } = this.env.step(action);
    return { observation: this.#observe(observation), reward, terminated, truncated, info };
  }

  #observe(observation: unknown): O {
    const pixels = renderFrame(this.env).data.slice();
    if (this.#renderOnly) return pixels as O;
    const rest =
      this.env.observationSpace.kind === 'dict' ? (observation as object) : { [this.#observationKey]: observation };
    return { ...rest, [this.#renderKey]: pixels } as O;
  }

  protected override saveOwnState(): Snapshot {
    return this.#space.saveState();
  }

  protected override restoreOwnState(state: Snapshot): void {
    this.#space.restoreState(state);
  }
}

function keyOption(name: string, value: unknown, fallback: string): string {
  if (value === undefined) return fallback;
  if (typeof value !== 'string') throw new OptionError(name, value, 'a text');
  return value;
}
