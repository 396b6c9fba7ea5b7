import type { ActorSettings } from '../train/actors/chunk.ts';

/** Where a hyper-parameter's value comes from. */
export type Source =
  /** A paper, book or program, with the place in it. */
  | { readonly cite: string }
  /** A departure from a source, and why. */
  | { readonly from: string; readonly why: string }
  /** A measurement: the page in `docs/results` that shows it. */
  | { readonly measured: string };

/** A part of a configuration that is one of several kinds. */
export interface Part {
  readonly kind: string;
}

/** Keys that every value of the type has. */
type RequiredKey<P> = { [K in keyof P & string]-?: undefined extends P[K] ? never : K }[keyof P & string];

/** Places of the values in a configuration: its keys, and those of its parts as `replay.alpha`. */
export type Leaf<C> = {
  readonly [K in keyof C & string]: C[K] extends Part ? `${K}.${RequiredKey<C[K]>}` : K;
}[keyof C & string];

/** A source for every value of a configuration. */
export type Sources<C> = { readonly [L in Leaf<C>]: Source };

/**
 * Everything that a training run depends on apart from its seed, as data. The command line, the run's `config.json` and
 * the documentation are derived from it.
 * @typeParam C the algorithm's configuration; a value without a source does not compile.
 */
export interface Recipe<C extends object = object> {
  readonly id: string;
  /** One line for `bellman recipes`. */
  readonly title: string;
  readonly algorithm: string;
  /** Environment id; `--env` replaces it. */
  readonly env: string;
  /** Other environments that its settings are meant for, the reward bound among them. */
  readonly alsoFor?: readonly string[];
  /** Whether its settings are meant for every Atari game. */
  readonly anyGame?: boolean;
  /** Constructor options of the environment. */
  readonly envOptions?: Readonly<Record<string, unknown>>;
  readonly config: Readonly<C>;
  readonly sources: Sources<C>;
  /** How actors play its environments; without it the training plays them itself, unless `--actors` is asked for. */
  readonly actors?: {
    readonly settings: ActorSettings;
    readonly sources: { readonly [K in keyof ActorSettings]: Source };
  };
  /**
   * Places of lengths that are a share of `maxSteps`, such as `{ epsilonDecaySteps: 0.1 }`. `config` has them in steps; where another
   * `maxSteps` is asked for they follow it, unless they are asked for too.
   */
  readonly runShares?: Readonly<Record<string, number>>;
  /** What a training takes that ends at its bound, by measurement; for estimates of the time left. */
  readonly usual?: Usual;
}

/** Medians over seeds, on two cores of a server's processor. */
export interface Usual {
  /** Units of training. */
  readonly steps: number;
  readonly minutes: number;
  readonly source: Source;
  /** Environment that it was measured in, where it is not the recipe's. */
  readonly env?: string;
}

export const cite = (source: string): Source => ({ cite: source });
export const deviation = (from: string, why: string): Source => ({ from, why });
/** Of `truncatedAsTerminal: false`. */
export const truncated = cite(
  'Gymnasium, terminated and truncated: the last state of a truncated episode still has a value',
);
/** Of `actionMasks: false`. */
export const allActions = cite('every action is allowed at all times: the environment gives no masks');
/** Of `actionBins: null`. */
export const numberedActions = cite('not used: the actions are numbered');
/** @param page in `docs/results`. */
export const usually = (steps: number, minutes: number, page: string, env?: string): Usual => ({
  ...{ steps, minutes, source: { measured: page } },
  ...(env === undefined ? {} : { env }),
});
export const measured = (page: string): Source => ({ measured: page });

/** One line for people: the citation, the deviation or the measurement. */
export function describeSource(source: Source): string {
  if ('cite' in source) return source.cite;
  if ('measured' in source) return `measured: ${source.measured}`;
  return `differs from ${source.from}: ${source.why}`;
}
