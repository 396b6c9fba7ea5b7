import type { QNetwork } from '../../agents/dqn.ts';
import { QValues } from '../../agents/q-values.ts';
import { argMax } from '../../core/arg-max.ts';
import { endOf, RUNNING, TRUNCATED } from '../../core/episode-end.ts';
import { drawExploration, fillGreedy } from '../../core/epsilon-greedy.ts';
import { MismatchError } from '../../core/errors.ts';
import type { Generator } from '../../core/random/index.ts';
import { SavedState } from '../../core/saved-state.ts';
import { type EpsilonSchedule, epsilonAt, spreadEpsilon } from '../../core/schedules.ts';
import type { Snapshot } from '../../core/snapshot.ts';
import type { CreateRunner } from '../../graph/index.ts';
import { Parameters } from '../../nn/parameters.ts';
import type { VectorEnv, VectorStep } from '../../vector/vector-env.ts';
import { checkObservations, checkStepIsFinite } from '../divergence.ts';
import type { Observation } from '../preprocessing.ts';
import { checkTrainingEnv } from '../training-env.ts';
import type { ActorSettings, Chunk, Play } from './chunk.ts';
import { NStepErrors } from './n-step-errors.ts';

/** What an actor's TD errors are made of. */
export interface PriorityRule {
  readonly nStep: number;
  readonly gamma: number;
  readonly clipReward: boolean;
  readonly truncatedAsTerminal: boolean;
}

/** Generators of one actor. */
export interface ActorGenerators {
  /** Decides between exploring and acting greedily. */
  readonly coins: Generator;
  /** Draws random actions; may be `coins`. */
  readonly dice: Generator;
  /** Draws the noise of a noisy network. */
  readonly noise: Generator;
}

export interface ActorOptions {
  readonly settings: ActorSettings;
  /** Of all actors together. */
  readonly environments: number;
  readonly seed: number;
  readonly exploration: EpsilonSchedule;
  /** Frames of an observation. */
  readonly stack: number;
  readonly network: QNetwork;
  /** Makes the environments of one actor, as many as asked for. */
  readonly makeEnvs: (environments: number) => VectorEnv | Promise<VectorEnv>;
  readonly generators: (actor: number) => ActorGenerators;
  readonly createRunner: CreateRunner;
  /** Whether plays have `nextValues`. */
  readonly nextValues: boolean;
  /** What `errors` of plays are made of; null for none. */
  readonly priorities: PriorityRule | null;
}

/**
 * Plays chunks, of whichever actor: it holds nothing from one to the next but the room to play in. The policy is epsilon-greedy
 * with the weights that it is given, in one forward pass for the environments of an actor.
 */
export class Actor {
  readonly #options: ActorOptions;
  readonly #weights: Parameters;
  readonly #policy: QValues;
  #env: VectorEnv<Observation>;
  /** The environments' own: `[environments, ...observation]`, what they show now. */
  #observations: Observation;

  private constructor(options: ActorOptions, env: VectorEnv<Observation>, weights: Parameters, policy: QValues) {
    this.#options = options;
    this.#env = env;
    this.#weights = weights;
    this.#policy = policy;
    this.#observations = env.reset({ seed: options.seed }).observations;
  }

  /** @throws MismatchError when the environment cannot be played by actors. */
  static async create(options: ActorOptions): Promise<Actor> {
    const { network, settings, createRunner, generators } = options;
    const rows = options.environments / settings.actors;
    const env = await checkedEnv(options, rows);
    const weights = new Parameters(network.parameters);
    const noise = (network.noise ?? []).length > 0 ? generators(0).noise : undefined;
    const policy = await QValues.create(network, weights, createRunner, { rows, noise });
    return new Actor(options, env, weights, policy);
  }

  /** @param weights of the version that the chunk names; read only. */
  async play(chunk: Chunk, weights: Float32Array): Promise<Play> {
    const { settings, exploration, environments, nextValues: wantsValues, priorities, network } = this.#options;
    const { steps, actors, epsilonSpread } = settings;
    const rows = environments / actors;
    const count = steps * rows;
    this.#weights.buffer.set(weights);
    const { coins, dice, noise, errors } = await this.#begin(chunk);
    const env = this.#env;
    const frames = new Frames(this.#observations, rows, this.#options.stack, (2 * steps + 1) * rows);
    if (chunk.state === null) frames.add(this.#observations);
    const actions = new Int32Array(count);
    const rewards = new Float64Array(count);
    const ends = new Uint8Array(count);
    const taken = new Float32Array(count);
    const nextValues = new Float32Array(count);
    const over: number[] = [];
    const gameReturns: number[] = [];
    const epsilons = new Float64Array(rows);
    /** Sets the values that follow the steps from `at` which ended so, from the Q values of what they led to. */
    const bootstrap = (at: number, q: Float32Array, end: number): void => {
      for (let n = 0; n < rows; n++) {
        const from = n * network.actions;
        if (ends[at + n] === end) nextValues[at + n] = q[from + argMax(q, from, network.actions)];
      }
    };
    for (let at = 0; at < count; at += rows) {
      const step = (chunk.round * steps + at / rows) * environments + 1;
      for (let n = 0; n < rows; n++) {
        const number = chunk.actor * rows + n;
        epsilons[n] = spreadEpsilon(epsilonAt(exploration, step), epsilonSpread, number, environments);
      }
      const q = await this.#policy.of(this.#observations);
      // The values of what the last step led to are the values of now.
      if (at > 0) bootstrap(at - rows, q, RUNNING);
      const chosen = actions.subarray(at, at + rows);
      drawExploration(epsilons, coins, dice, network.actions, chosen);
      fillGreedy(q, network.actions, chosen);
      for (let n = 0; n < rows; n++) taken[at + n] = q[n * network.actions + chosen[n]];
      const result = env.step(chosen);
      checkStepIsFinite(step - 1 + environments, result);
      rewards.set(result.rewards, at);
      for (let n = 0; n < rows; n++) {
        const end = endOf(result.terminations[n], result.truncations[n]);
        ends[at + n] = end;
        if (end === RUNNING) continue;
        over.push(result.wholeGames?.over[n] ?? 1);
        gameReturns.push(result.wholeGames?.returns[n] ?? Number.NaN);
      }
      frames.addStep(result, ends.subarray(at, at + rows));
      if (ends.subarray(at, at + rows).includes(TRUNCATED)) {
        // The state after a truncation still has a value.
        bootstrap(at, await this.#policy.of((result.finalObservations as Observation).slice()), TRUNCATED);
      }
    }
    bootstrap(count - rows, await this.#policy.of(this.#observations), RUNNING);
    const found: number[] = [];
    if (priorities !== null) {
      for (let at = 0; at < count; at++) {
        const reward = Math.fround(priorities.clipReward ? Math.sign(rewards[at]) : rewards[at]);
        const end = priorities.truncatedAsTerminal ? Math.min(ends[at], 1) : ends[at];
        errors[at % rows].add(taken[at], reward, end, nextValues[at], found);
      }
    }
    return {
      actor: chunk.actor,
      round: chunk.round,
      version: chunk.version,
      state: {
        group: env.saveState(),
        coins: coins.saveState(),
        dice: dice === coins ? null : dice.saveState(),
        noise: noise === undefined ? null : this.#policy.saveState(),
        open: errors.map((one) => one.saveState()),
      },
      actions,
      rewards,
      ends,
      frames: frames.taken(),
      over: Uint8Array.from(over),
      gameReturns: Float64Array.from(gameReturns),
      nextValues: wantsValues ? nextValues : new Float32Array(0),
      errors: Float32Array.from(found),
    };
  }

  /** Puts environments and generators where the chunk begins. */
  async #begin({ actor, state }: Chunk) {
    const { settings, environments, seed, generators, priorities, network } = this.#options;
    const rows = environments / settings.actors;
    const { coins, dice, noise: source } = generators(actor);
    const noise = (network.noise ?? []).length > 0 ? source : undefined;
    const errors = Array.from(
      { length: priorities === null ? 0 : rows },
      () => new NStepErrors(priorities!.nStep, priorities!.gamma),
    );
    if (state === null) {
      // Fresh ones: a reset need not forget all that an environment has seen.
      this.#env.close();
      this.#env = await checkedEnv(this.#options, rows);
      this.#observations = this.#env.reset({ seed: seed + actor * rows }).observations;
      checkObservations(0, this.#observations, rows);
      if (noise !== undefined) this.#policy.restoreState(noise.saveState());
    } else {
      const saved = new SavedState(state, 'actor');
      this.#env.restoreState(saved.part('group'));
      coins.restoreState(saved.part('coins'));
      if (dice !== coins) dice.restoreState(saved.part('dice'));
      if (noise !== undefined) this.#policy.restoreState(saved.part('noise'));
      const open: readonly Snapshot[] = saved.list('open', errors.length);
      for (const [n, one] of errors.entries()) one.restoreState(open[n]);
    }
    return { coins, dice, noise, errors };
  }

  async close(): Promise<void> {
    this.#env.close();
    await this.#policy.close();
  }
}

async function checkedEnv({ makeEnvs }: ActorOptions, rows: number): Promise<VectorEnv<Observation>> {
  const env = (await makeEnvs(rows)) as VectorEnv<Observation>;
  checkTrainingEnv(env, rows);
  checkSaves(env);
  return env;
}

/** @throws MismatchError for an environment whose saved state lacks the episode itself. */
export function checkSaves(env: Pick<VectorEnv, 'metadata' | 'spec'>): void {
  if (env.metadata.savesEpisodes !== false) return;
  throw new MismatchError(
    `Actors play environments that save their episodes; ${env.spec?.id ?? 'this one'} does not. Train without --actors.`,
  );
}

/** The newest frames of the observations of a play, in order. */
class Frames {
  readonly #all: Observation;
  readonly #length: number;
  readonly #rows: number;
  readonly #observation: number;
  #filled = 0;

  constructor(observations: Observation, rows: number, stack: number, most: number) {
    this.#rows = rows;
    this.#observation = observations.length / rows;
    this.#length = this.#observation / stack;
    this.#all =
      observations instanceof Uint8Array ? new Uint8Array(most * this.#length) : new Float32Array(most * this.#length);
  }

  /** What every environment shows. */
  add(observations: Observation): void {
    for (let n = 0; n < this.#rows; n++) this.#addRow(observations, n);
  }

  addStep({ observations, finalObservations }: VectorStep<Observation>, ends: Uint8Array): void {
    for (let n = 0; n < this.#rows; n++) {
      if (ends[n] !== RUNNING) this.#addRow(finalObservations as Observation, n);
      this.#addRow(observations, n);
    }
  }

  #addRow(observations: Observation, n: number): void {
    const end = (n + 1) * this.#observation;
    this.#all.set(observations.subarray(end - this.#length, end), this.#filled * this.#length);
    this.#filled++;
  }

  taken(): Observation {
    return this.#all.slice(0, this.#filled * this.#length);
  }
}
