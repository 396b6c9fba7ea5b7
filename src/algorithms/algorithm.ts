import type { PreprocessingConfig } from '../agents/preprocessing-config.ts';
import type { Env } from '../core/env.ts';
import { MismatchError, OptionError } from '../core/errors.ts';
import { parseLike } from '../core/parse-like.ts';
import type { Finding } from '../doctor/finding.ts';
import type { CreateBackgroundRunner, CreateRunner } from '../graph/index.ts';
import type { RawConfig } from '../tabular/config.ts';
import type { Actor } from '../train/actors/actor.ts';
import type { ActorSettings, Actors } from '../train/actors/chunk.ts';
import type { TrainingSpeed } from '../train/steady-state.ts';
import type { Training } from '../train/training.ts';
import type { VectorEnv } from '../vector/vector-env.ts';

/** What is to be learned, and with which values. */
export interface TrainingTask<C extends object = object> {
  /** Environment id; with its module where it has one. */
  readonly env: string;
  /** Constructor options of the environment, by Gymnasium's names. */
  readonly envKwargs: Readonly<Record<string, unknown>>;
  /** Of everything random. */
  readonly seed: number;
  readonly config: C;
  /** How actors play its environments; undefined where the training plays them itself. */
  readonly actors?: ActorSettings | undefined;
}

/** What a training needs of the machine it runs on. Nothing is loaded before it is asked for. */
export interface Platform {
  /** @returns a new environment of the task, in the wrappers of its registry entry and no others. */
  makeEnv(): Env<unknown, number>;
  /** @returns new environments of the task that play at the same time, preprocessed for a network. */
  makeEnvs(options: { readonly environments: number; readonly preprocessing: PreprocessingConfig }): Promise<VectorEnv>;
  /** @throws UnavailableError when the device that was asked for is not here. */
  runners(): Promise<Runners>;
  /** Milliseconds from any fixed moment. */
  now(): number;
  /** Bytes that a replay or a rollout may take. */
  readonly memoryLimit: number;
  /** Those who play the chunks of the task. Default: this thread, one chunk after the other. */
  actors?(): Promise<Actors>;
}

export interface Runners {
  readonly createRunner: CreateRunner;
  /** For work in a background thread; undefined where there is none. */
  readonly createBackgroundRunner: CreateBackgroundRunner | undefined;
}

export interface MeasureOptions {
  /** Environment steps before the clock starts; by default enough for a rough figure. */
  readonly warmup?: number;
  /** Environment steps to time; by default a few seconds of them. */
  readonly frames?: number;
  /** Milliseconds from any fixed moment, of the wall or of the processor. */
  readonly now: () => number;
}

/**
 * A way of learning, as the command line, runs and examinations see it: a configuration as data goes in, a training comes
 * out.
 */
export interface Algorithm {
  /** Whether it runs networks, on the platform's device and threads; its configuration may have parts of several kinds. */
  readonly networks: boolean;
  /** What a unit of its training is called, in the plural. */
  readonly unit: string;
  /** What a configuration starts from that no recipe describes. */
  readonly defaults?: RawConfig | undefined;
  /** @throws OptionError for a key that is unknown, missing or out of range. */
  parse(config: RawConfig): object;
  /** The configuration of a run of an earlier version, in today's form. */
  upgrade(config: RawConfig): RawConfig;
  /** Checks the configuration and builds the training at its first step. @throws also what the parts of the training throw. */
  create(task: TrainingTask, platform: Platform): Promise<Training>;
  /** What plays chunks of a task with `actors`; undefined where the algorithm's environments are not played by actors. */
  readonly actor?: ((task: TrainingTask, platform: Platform) => Promise<Actor>) | undefined;
  /** Checks for `bellman doctor`, on an environment of the task; without it only random play is judged. */
  readonly examine?: ((task: TrainingTask, platform: Platform) => AsyncIterable<Finding>) | undefined;
  /** Measures a training in its steady state, for `bellman bench` and `bellman doctor`. */
  readonly measure?:
    | ((task: TrainingTask, platform: Platform, options: MeasureOptions) => Promise<TrainingSpeed>)
    | undefined;
}

/** An algorithm in the words of its own configuration. */
export interface AlgorithmDefinition<C extends object> {
  /** Default true. */
  readonly networks?: boolean;
  /** Default `frames`. */
  readonly unit?: string;
  /** Needed for an algorithm that no recipe describes. */
  readonly defaults?: C;
  /** Default: the keys of `defaults`, with values of the same types. */
  readonly parse?: (config: RawConfig) => C;
  /** Default: nothing has changed. */
  readonly upgrade?: (config: RawConfig) => RawConfig;
  readonly create: (task: TrainingTask<C>, platform: Platform) => Training | Promise<Training>;
  readonly actor?: (task: TrainingTask<C>, platform: Platform) => Promise<Actor>;
  readonly examine?: (task: TrainingTask<C>, platform: Platform) => AsyncIterable<Finding>;
  readonly measure?: (task: TrainingTask<C>, platform: Platform, options: MeasureOptions) => Promise<TrainingSpeed>;
}

/** Checks a configuration by its defaults. */
function like<C extends object>(defaults: C | undefined): (config: RawConfig) => C {
  if (defaults === undefined) throw new OptionError('defaults', defaults, 'a configuration, or a parse function');
  return (config) => parseLike(defaults, config);
}

const METHODS = ['status', 'exportModel', 'advance', 'saveState', 'restoreState', 'close'] as const;

/** @throws MismatchError when what an algorithm created is no training: before anything is written. */
function checkTraining(training: Training): Training {
  const missing = METHODS.filter((name) => typeof training?.[name] !== 'function');
  if (missing.length > 0) throw new MismatchError(`create() gave no Training: it has no ${missing.join('(), ')}().`);
  if (Number.isFinite(training.step) && Number.isFinite(training.maxSteps)) return training;
  throw new MismatchError('create() gave no Training: step and maxSteps must be numbers.');
}

/** An algorithm that checks what it is given, so that nobody outside needs the type of its configuration. */
export function algorithm<C extends object>(definition: AlgorithmDefinition<C>): Algorithm {
  const { networks = true, unit = 'frames', defaults, upgrade = (config) => config } = definition;
  const parse = definition.parse ?? like(defaults);
  const { create, actor, examine, measure } = definition;
  const checked = (task: TrainingTask): TrainingTask<C> => ({ ...task, config: parse({ ...task.config }) });
  return {
    networks,
    unit,
    defaults: defaults && Object.fromEntries(Object.entries(defaults)),
    parse,
    upgrade,
    create: async (task, platform) => checkTraining(await create(checked(task), platform)),
    actor: actor && ((task, platform) => actor(checked(task), platform)),
    examine: examine && ((task, platform) => examine(checked(task), platform)),
    measure: measure && ((task, platform, options) => measure(checked(task), platform, options)),
  };
}
