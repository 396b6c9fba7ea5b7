import type { Env } from './env.ts';

/** What the registry knows about one environment id.
 * @typeParam Options constructor options, E the environment without wrappers. */
export interface EnvEntry<Options extends object = Record<string, unknown>, E extends Env = Env> {
  /** Makes the environment without wrappers; checks values, since options may come from a command line. */
  readonly create: (options: Options) => E;
  /** One line for lists. */
  readonly summary: string;
  /** Mean return of 100 episodes from which the environment counts as solved. */
  readonly rewardThreshold?: number | undefined;
  /** Steps after which `make` truncates an episode; without it there is no limit. */
  readonly maxEpisodeSteps?: number | undefined;
  /** What each action of a `Discrete` space does, or each component of a `Box`: a line each, for people. */
  readonly actions?: readonly string[] | undefined;
  /** What a run writes down in place of options that leave something to chance at each creation: the same for a seed. */
  readonly settle?: ((options: Options, seed: number) => object) | undefined;
  /** Every option with one line of explanation. Others are refused. */
  readonly options: { readonly [K in keyof Options & string]-?: string };
  /** Values of options that the id stands for, where other ids of the same environment stand for others. */
  readonly implied?: Readonly<Record<string, unknown>> | undefined;
  /** What other options than those mean, where the environment takes any: they reach `create` as they are, the time limit among
   * them. It sets its own `spec`. */
  readonly otherOptions?: string | undefined;
}

/** Types an entry by its parts; returns it unchanged. */
export function envEntry<Options extends object, E extends Env>(entry: EnvEntry<Options, E>): EnvEntry<Options, E> {
  return entry;
}
