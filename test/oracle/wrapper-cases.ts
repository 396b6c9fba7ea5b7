import { readFileSync } from 'node:fs';
import type { Env, EnvMetadata, ResetOptions, ResetResult, StepResult } from '../../src/core/env.ts';
import type { Generator } from '../../src/core/random/index.ts';
import type { Space } from '../../src/core/space.ts';
import { makeFromKwargs } from '../../src/envs/index.ts';
import { SeededEnv } from '../../src/envs/seeded-env.ts';
import { Box, type BoxType, Dict, Discrete, MultiBinary, MultiDiscrete, Tuple } from '../../src/spaces/index.ts';
import * as wrappers from '../../src/wrappers/index.ts';

type Kwargs = Readonly<Record<string, never>>;

/** A configuration of wrappers that is compared with Gymnasium. */
export interface WrapperCase {
  readonly name: string;
  /** An id, or `sample` for an environment that observes random members of `space`. */
  readonly env: string;
  readonly kwargs?: Kwargs;
  readonly space?: readonly unknown[];
  /** Names and arguments in Gymnasium, from the inside out. */
  readonly wrappers: readonly (readonly [name: string, kwargs: Kwargs])[];
}

export const wrapperCases: readonly WrapperCase[] = JSON.parse(
  readFileSync(new URL('wrapper-cases.json', import.meta.url), 'utf8'),
);

function space(form: readonly unknown[]): Space {
  const [kind, ...rest] = form;
  if (kind === 'Discrete') return new Discrete(rest[0] as number) as Space;
  if (kind === 'MultiDiscrete') return new MultiDiscrete(rest[0] as number[]) as Space;
  if (kind === 'MultiBinary') return new MultiBinary(rest[0] as number) as Space;
  if (kind === 'Tuple') return new Tuple((rest[0] as unknown[][]).map(space)) as Space;
  if (kind === 'Dict') {
    const parts = Object.entries(rest[0] as Record<string, unknown[]>);
    return new Dict(Object.fromEntries(parts.map(([key, part]) => [key, space(part)]))) as Space;
  }
  const [low, high, shape, dtype] = rest as [number, number, number[], BoxType];
  return new Box(low, high, shape, dtype) as Space;
}

/** Observes members of a space at random. */
export class SampleEnv extends SeededEnv<unknown, number> {
  readonly metadata: EnvMetadata = { renderModes: [], renderFps: 1 };
  readonly observationSpace: Space;
  readonly actionSpace = new Discrete(3);
  readonly renderMode = null;

  constructor(observationSpace: Space) {
    super();
    this.observationSpace = observationSpace;
  }
  reset(options?: ResetOptions): ResetResult<unknown> {
    this.begin(options);
    if (options?.seed !== undefined) this.observationSpace.seed(options.seed);
    return { observation: this.observationSpace.sample(), info: {} };
  }
  step(): StepResult<unknown> {
    const generator = this.generator as Generator;
    const reward = generator.uniform(-2, 3);
    const terminated = generator.random() < 0.1;
    return { observation: this.observationSpace.sample(), reward, terminated, truncated: false, info: {} };
  }
  protected draw(): never {
    throw new Error('no picture');
  }
  protected saveOwnState() {
    return null;
  }
  protected restoreOwnState() {}
}

function number(value: unknown): never {
  if (Array.isArray(value)) return value.map(number) as never;
  return (value === 'inf' ? Infinity : value === '-inf' ? -Infinity : value) as never;
}

/** How each of Gymnasium's wrappers is made here from its arguments there. */
const make: Readonly<Record<string, (env: Env<never, never>, kwargs: Kwargs) => unknown>> = {
  Autoreset: (env) => new wrappers.Autoreset(env),
  ClipAction: (env) => new wrappers.ClipAction(env),
  ClipReward: (env, k) => new wrappers.ClipReward(env, k['min_reward'], k['max_reward']),
  DelayObservation: (env, k) => new wrappers.DelayObservation(env, k['delay']),
  DiscretizeAction: (env, k) =>
    new wrappers.DiscretizeAction(env, k['bins'], { multiDiscrete: k['multidiscrete'] ?? false }),
  DiscretizeObservation: (env, k) =>
    new wrappers.DiscretizeObservation(env, k['bins'], { multiDiscrete: k['multidiscrete'] ?? false }),
  DtypeObservation: (env, k) => new wrappers.DtypeObservation(env, k['dtype']),
  FilterObservation: (env, k) => new wrappers.FilterObservation(env, k['filter_keys']),
  FlattenObservation: (env) => new wrappers.FlattenObservation(env),
  FrameStackObservation: (env, k) => new wrappers.FrameStackObservation(env, k['stack_size'], k['padding_type']),
  GrayscaleObservation: (env, k) => new wrappers.GrayscaleObservation(env, k['keep_dim'] ?? false),
  NormalizeObservation: (env, k) => new wrappers.NormalizeObservation(env, k['epsilon']),
  NormalizeReward: (env, k) => new wrappers.NormalizeReward(env, k),
  RecordEpisodeStatistics: (env, k) => new wrappers.EpisodeStatistics(env, { bufferLength: k['buffer_length'] }),
  RepeatAction: (env, k) => new wrappers.RepeatAction(env, k['num_repeats']),
  RescaleAction: (env, k) => new wrappers.RescaleAction(env, k['min_action'], k['max_action']),
  RescaleObservation: (env, k) => new wrappers.RescaleObservation(env, number(k['min_obs']), number(k['max_obs'])),
  ReshapeObservation: (env, k) => new wrappers.ReshapeObservation(env, k['shape']),
  ResizeObservation: (env, k) => new wrappers.ResizeObservation(env, k['shape']),
  StickyAction: (env, k) => new wrappers.StickyAction(env, k['repeat_action_probability'], k['repeat_action_duration']),
  TimeAwareObservation: (env, k) =>
    new wrappers.TimeAwareObservation(env, {
      flatten: k['flatten'],
      normalizeTime: k['normalize_time'],
      dictTimeKey: k['dict_time_key'],
    }),
  TimeLimit: (env, k) => new wrappers.TimeLimit(env, k['max_episode_steps']),
};

export function makeWrapped(wrapperCase: WrapperCase): Env {
  let env: Env =
    wrapperCase.env === 'sample'
      ? new SampleEnv(space(wrapperCase.space ?? []))
      : makeFromKwargs(wrapperCase.env, wrapperCase.kwargs);
  for (const [name, kwargs] of wrapperCase.wrappers) env = make[name](env as Env<never, never>, kwargs) as Env;
  return env;
}
