import type { Env, ResetOptions, ResetResult, StepResult } from '../core/env.ts';
import { MismatchError, OptionError } from '../core/errors.ts';
import { booleanOption, checkOptionNames, type OptionNames } from '../core/options.ts';
import { SavedState } from '../core/saved-state.ts';
import type { Snapshot } from '../core/snapshot.ts';
import type { Space } from '../core/space.ts';
import { Wrapper } from '../core/wrapper.ts';
import type { BoxArrays, BoxType } from '../spaces/box.ts';
import { Box } from '../spaces/box.ts';
import { Dict } from '../spaces/dict.ts';
import { flattenInto, flattenSpace } from '../spaces/flatten.ts';
import { Tuple } from '../spaces/tuple.ts';

export interface TimeAwareObservationOptions {
  /** One array of everything. Default true. */
  readonly flatten?: boolean | undefined;
  /** Time from 0 to 1 instead of in steps. Default false. */
  readonly normalizeTime?: boolean | undefined;
  /** Key of the time in a Dict. Default 'time'. */
  readonly dictTimeKey?: string | undefined;
}

const OPTIONS: OptionNames<TimeAwareObservationOptions> = {
  flatten: true,
  normalizeTime: true,
  dictTimeKey: true,
};

/**
 * Adds the time since the episode's start to the observation, so that a task with a time limit is a Markov decision
 * process (Gymnasium's `TimeAwareObservation`). The time goes into a Dict under a key, into a Tuple at the end; another
 * observation becomes a Dict of `obs` and `time`. By default all that is flattened.
 */
export class TimeAwareObservation<O = BoxArrays[BoxType], A = unknown> extends Wrapper<O, A, unknown> {
  readonly #space: Space<O>;
  readonly #full: Space;
  readonly #flat: Box<BoxType> | undefined;
  readonly #limit: number;
  readonly #normalize: boolean;
  readonly #key: string;
  #time = 0;

  /** @throws MismatchError for an environment without a time limit, OptionError for a key that is taken. */
  constructor(env: Env<unknown, A>, options: TimeAwareObservationOptions = {}) {
    super(env);
    checkOptionNames(options, OPTIONS);
    const limit = env.spec?.maxEpisodeSteps ?? limitBelow(env);
    if (limit === undefined) {
      throw new MismatchError('TimeAwareObservation needs an environment with a time limit (TimeLimit), got none.');
    }
    this.#limit = limit;
    this.#normalize = booleanOption('normalizeTime', options.normalizeTime, false);
    this.#key = options.dictTimeKey ?? 'time';
    const time = this.#normalize ? new Box(0, 1, [1]) : new Box(0, limit, [1], 'int32');
    this.#full = withTime(env.observationSpace, time as Space, this.#key);
    this.#flat = booleanOption('flatten', options.flatten, true) ? flattenSpace(this.#full) : undefined;
    this.#space = (this.#flat ?? this.#full) as Space as Space<O>;
  }

  override get observationSpace(): Space<O> {
    return this.#space;
  }

  override reset(options?: ResetOptions): ResetResult<O> {
    const { observation, info } = this.env.reset(options);
    this.#time = 0;
    return { observation: this.#observe(observation), info };
  }

  override step(action: A): StepResult<O> {
    const { observation, reward, terminated, truncated, info } = this.env.step(action);
    this.#time++;
    return { observation: this.#observe(observation), reward, terminated, truncated, info };
  }

  #observe(observation: unknown): O {
    const time = this.#normalize ? Float32Array.of(this.#time / this.#limit) : Int32Array.of(this.#time);
    const { kind } = this.env.observationSpace;
    let full: unknown;
    if (kind === 'dict') full = { ...(observation as object), [this.#key]: time };
    else full = kind === 'tuple' ? [...(observation as unknown[]), time] : { obs: observation, time };
    if (this.#flat === undefined) return full as O;
    const out = this.#flat.low.slice();
    flattenInto(this.#full, full, out);
    return out as O;
  }

  protected override saveOwnState(): Snapshot {
    return { time: this.#time, space: this.#space.saveState() };
  }

  protected override restoreOwnState(state: Snapshot): void {
    const saved = new SavedState(state, 'time');
    this.#time = saved.whole('time');
    this.#space.restoreState(saved.part('space'));
  }
}

function limitBelow(env: Env): number | undefined {
  for (let layer: unknown = env; layer instanceof Wrapper; layer = layer.env) {
    const limit: unknown = (layer as { maxEpisodeSteps?: unknown }).maxEpisodeSteps;
    if (typeof limit === 'number') return limit;
  }
  return undefined;
}

function withTime(space: Space, time: Space, key: string): Space {
  if (space.kind === 'dict') {
    const { spaces } = space as unknown as Dict<Record<string, Space>>;
    if (key in spaces) throw new OptionError('dictTimeKey', key, 'a key that the observations lack');
    return new Dict({ [key]: time, ...spaces });
  }
  if (space.kind === 'tuple') return new Tuple([...(space as unknown as Tuple<readonly Space[]>).spaces, time]);
  return new Dict({ obs: space, time });
}
