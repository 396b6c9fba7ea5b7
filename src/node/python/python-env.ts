import type {
  Env,
  EnvMetadata,
  EnvSpec,
  Info,
  RenderMode,
  ResetOptions,
  ResetResult,
  RgbFrame,
  StepResult,
} from '../../core/env.ts';
import { EPISODE_PHASES, type EpisodePhase, notRunning } from '../../core/episode-phase.ts';
import { ActionError } from '../../core/errors.ts';
import { checkOptionNames, type OptionNames } from '../../core/options.ts';
import { SavedState } from '../../core/saved-state.ts';
import type { Snapshot } from '../../core/snapshot.ts';
import type { Space } from '../../core/space.ts';
import { copyValue } from '../../core/trajectory.ts';
import { findPython } from './find-python.ts';
import { ASK, PythonProcess } from './python-process.ts';
import { createSpace, type SpaceDescription } from './python-space.ts';
import { valueBytes } from './tagged-values.ts';

/** What Python knows of an environment before it is made. */
export interface PythonFacts {
  readonly rewardThreshold: number | null;
  readonly maxEpisodeSteps: number | null;
  readonly entryPoint: string;
  readonly summary: string;
  readonly gymnasium: string;
  readonly python: string;
}

interface Description extends PythonFacts {
  readonly observationSpace: SpaceDescription;
  readonly actionSpace: SpaceDescription;
  readonly renderModes: readonly string[];
  readonly renderFps: number;
  readonly renderMode: string | null;
  readonly actionMeanings: readonly string[] | null;
}

/** A wrapper of `gymnasium.wrappers`, or one of a module as `module:Name`; with arguments where it takes some. */
export type PythonWrapper = string | { readonly name: string; readonly [argument: string]: unknown };

export interface PythonEnvOptions {
  readonly renderMode?: RenderMode | undefined;
  /** Wrapped around the environment in Python, the innermost first. */
  readonly wrappers?: readonly PythonWrapper[] | undefined;
  /** Arguments of `gymnasium.make`, `max_episode_steps` among them. Plain data. */
  readonly kwargs?: Readonly<Record<string, unknown>> | undefined;
  /** A process that was started for it. Default: a new one of the Python that `findPython` finds. */
  readonly process?: PythonProcess | undefined;
}

const OPTIONS: OptionNames<PythonEnvOptions> = { renderMode: true, wrappers: true, kwargs: true, process: true };

/** The id that Gymnasium knows an environment by: what follows `python:`. */
export const PYTHON_PREFIX = 'python:';

/**
 * A Gymnasium environment in a Python process of its own. Every call waits for Python's answer, so that it is an
 * environment like any other.
 *
 * Observations are fresh arrays. 64-bit integers come as 32-bit ones where the space's bounds allow it, else as doubles;
 * bool and float16 as uint8 and float32. Infos are plain data: arrays are flat and typed, objects that have no such
 * form are texts.
 *
 * Python's state cannot be saved. After `restoreState` the interrupted episode is truncated by the next step, without a
 * call of Python, and a new one begins from a seed that the saved state holds.
 */
export class PythonEnv implements Env {
  readonly observationSpace: Space;
  readonly actionSpace: Space;
  readonly metadata: EnvMetadata;
  readonly renderMode: RenderMode;
  readonly unwrapped = this;
  /** Versions and the entry point, for people. */
  readonly facts: PythonFacts;
  spec: EnvSpec | undefined;

  readonly #python: PythonProcess;
  readonly #read: (answer: ReturnType<PythonProcess['ask']>) => unknown;
  readonly #actionMeanings: readonly string[] | null;
  #phase: EpisodePhase = 'new';
  #observation: unknown;
  /** Seed of the first reset, and steps since: what the seed of an episode after `restoreState` is made from. */
  #seed: number | undefined;
  #steps = 0;
  /** Of the next reset, where that has none. */
  #nextSeed: number | undefined;
  /** The episode was running when the state was saved, and Python knows nothing of it. */
  #interrupted = false;

  /**
   * @param id as Gymnasium has it (`LunarLander-v3`, `module:Name-v0`), with or without `python:` in front; for an
   *   environment that nobody registers `module:Class`. A module is a name, or the path of a file that ends in .py.
   * @throws UnavailableError when Python, Gymnasium or a package is missing, UnknownNameError for an unknown id or option,
   *   PythonError for what the environment raises.
   */
  constructor(id: string, options: PythonEnvOptions = {}) {
    checkOptionNames(options, OPTIONS);
    const bare = id.startsWith(PYTHON_PREFIX) ? id.slice(PYTHON_PREFIX.length) : id;
    const { renderMode = null, kwargs = {}, wrappers = [] } = options;
    this.#python = options.process ?? new PythonProcess(findPython(), PYTHON_PREFIX + bare);
    try {
      const request = { id: bare, renderMode, kwargs: { ...kwargs, ...(wrappers.length > 0 ? { wrappers } : {}) } };
      const made = this.#python.askJson(ASK.make, request, 'making it').value() as Description;
      const observation = createSpace(made.observationSpace, { of: 'observation', path: [] }, this.#python);
      this.observationSpace = observation.space;
      this.#read = observation.read;
      this.actionSpace = createSpace(made.actionSpace, { of: 'action', path: [] }, this.#python).space;
      this.#actionMeanings = made.actionMeanings;
      this.renderMode = made.renderMode as RenderMode;
      const renderModes = (['rgb_array', 'ansi'] as const).filter((mode) => made.renderModes.includes(mode));
      this.metadata = { renderModes, renderFps: made.renderFps, savesEpisodes: false };
      const { rewardThreshold, maxEpisodeSteps, entryPoint, summary, gymnasium, python } = made;
      this.facts = { rewardThreshold, maxEpisodeSteps, entryPoint, summary, gymnasium, python };
    } catch (error) {
      this.#python.close();
      throw error;
    }
    this.spec = {
      id: PYTHON_PREFIX + bare,
      rewardThreshold: this.facts.rewardThreshold ?? undefined,
      maxEpisodeSteps: this.facts.maxEpisodeSteps ?? undefined,
      options: { ...kwargs, ...(wrappers.length > 0 ? { wrappers } : {}) },
    };
  }

  /** Of the process, while it runs. */
  get pid(): number {
    return this.#python.pid;
  }

  reset({ seed = this.#nextSeed, options }: ResetOptions = {}): ResetResult<unknown> {
    const request = { seed: seed ?? null, options: options ?? null };
    const answer = this.#python.askJson(ASK.reset, request, 'reset');
    this.#observation = this.#read(answer);
    const info = answer.value() as Info;
    if (seed !== undefined) {
      this.#seed = seed;
      this.#steps = 0;
    }
    this.#nextSeed = undefined;
    this.#interrupted = false;
    this.#phase = 'running';
    return { observation: this.#observation, info };
  }

  step(action: unknown): StepResult<unknown> {
    if (this.#phase !== 'running') throw notRunning(this.#phase);
    if (!this.actionSpace.contains(action)) throw new ActionError(action, String(this.actionSpace));
    if (this.#interrupted) {
      this.#phase = 'over';
      return { observation: this.#observation, reward: 0, terminated: false, truncated: true, info: {} };
    }
    const python = this.#python;
    const answer =
      typeof action === 'number' && Number.isInteger(action)
        ? python.askNumber(ASK.step, action, 'a step')
        : python.ask(ASK.step, valueBytes(action), 'a step');
    const flags = answer.byte();
    const reward = answer.double();
    this.#observation = this.#read(answer);
    this.#steps++;
    const info = (flags & 4) === 0 ? {} : (answer.value() as Info);
    const terminated = (flags & 1) !== 0;
    const truncated = (flags & 2) !== 0;
    if (terminated || truncated) this.#phase = 'over';
    return { observation: this.#observation, reward, terminated, truncated, info };
  }

  render(): RgbFrame | string | undefined {
    if (this.renderMode === null) return undefined;
    if (this.#phase === 'new') throw notRunning('new', 'render');
    const answer = this.#python.ask(ASK.render, new Uint8Array(0), 'render');
    if (answer.byte() === 0x73) return answer.text(answer.uint32());
    const width = answer.uint32();
    const height = answer.uint32();
    return { width, height, data: new Uint8Array(answer.take(3 * width * height)) };
  }

  /** Names of the actions, where the environment has them. */
  getActionMeanings(): readonly string[] | undefined {
    return this.#actionMeanings ?? undefined;
  }

  /** Ends the process. */
  close(): void {
    this.#python.close();
  }

  /** Where an episode stands for the agent, not Python's state: the class comment says what that means. */
  saveState(): Snapshot {
    return {
      phase: this.#phase,
      observation: this.#phase === 'new' ? null : (copyValue(this.#observation) as Snapshot),
      nextSeed: this.#seed === undefined ? null : mix(this.#seed, this.#steps),
      actionSpace: this.actionSpace.saveState(),
      observationSpace: this.observationSpace.saveState(),
    };
  }

  restoreState(state: Snapshot): void {
    const saved = new SavedState(state, 'environment');
    const phase = saved.oneOf('phase', EPISODE_PHASES);
    const observation = saved.part('observation');
    this.#phase = phase;
    this.#observation = copyValue(observation);
    this.#nextSeed = saved.optional('nextSeed', saved.whole);
    this.#interrupted = phase === 'running';
    this.actionSpace.restoreState(saved.part('actionSpace'));
    this.observationSpace.restoreState(saved.part('observationSpace'));
  }
}

/** A seed of 31 bits from another one and a count. */
function mix(seed: number, count: number): number {
  let hash = Math.imul(seed ^ Math.floor(seed / 0x1_0000_0000), 0x9e3779b1) ^ count;
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return (hash ^ (hash >>> 16)) & 0x7fffffff;
}
