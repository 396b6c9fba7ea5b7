import type { NetworkSpec } from '../agents/network-spec.ts';
import type { PreprocessingConfig } from '../agents/preprocessing-config.ts';
import type { Env } from '../core/env.ts';
import { RUNNING, TERMINATED, TRUNCATED } from '../core/episode-end.ts';
import { OptionError } from '../core/errors.ts';
import { sizeOf } from '../core/shape.ts';
import type { Restorable, Snapshot } from '../core/snapshot.ts';
import { networkSpec, type Observation, wrapForDqn } from './preprocessing.ts';

/** What the environments of a group say, a row or an element for each; overwritten by every step. */
export interface GroupArrays {
  /** `[environments, ...observation]`: what they show now; the first observation of the next episode where one ended. */
  readonly observations: Observation;
  /** The same shape: the last observation of the episodes that ended in this step. Other rows are old. */
  readonly finalObservations: Observation;
  readonly rewards: Float64Array;
  /** RUNNING, TERMINATED or TRUNCATED. */
  readonly ends: Uint8Array;
}

/** Environments that play side by side; one whose episode ends begins the next one in the same step. */
export interface EnvGroup extends GroupArrays, Restorable {
  readonly environments: number;
  /** What a network for them must take and give. */
  readonly spec: NetworkSpec;
  /** Starts all; environment n gets the seed n further, as in Gymnasium's vectors. */
  reset(seed: number): void;
  /** @param actions one for each environment. */
  step(actions: Int32Array): void;
  close(): void;
}

/** @throws OptionError when a group has not as many environments as a configuration. */
export function checkGroup(group: EnvGroup, environments: number): void {
  if (group.environments === environments) return;
  throw new OptionError('environments', environments, `${group.environments}, the number of the group's environments`);
}

/** The arrays of a group. */
export class GroupMemory implements GroupArrays {
  readonly observations: Observation;
  readonly finalObservations: Observation;
  readonly rewards: Float64Array;
  readonly ends: Uint8Array;

  constructor({ observations, finalObservations, rewards, ends }: GroupArrays) {
    this.observations = observations;
    this.finalObservations = finalObservations;
    this.rewards = rewards;
    this.ends = ends;
  }
}

/** A group that steps one environment after the other. */
export class LocalEnvGroup extends GroupMemory implements EnvGroup {
  readonly environments: number;
  readonly spec: NetworkSpec;
  readonly #envs: readonly Env<Observation, number>[];

  /**
   * @param envs at least one, all alike.
   * @param arrays filled with what the environments say; by default new ones.
   * @throws MismatchError when no network takes their observations.
   */
  constructor(envs: readonly Env<Observation, number>[], arrays?: GroupArrays) {
    const spec = networkSpec(envs[0]);
    super(arrays ?? newArrays(spec, envs.length));
    this.#envs = envs;
    this.environments = envs.length;
    this.spec = spec;
  }

  /** A group of environments, each made and wrapped as a configuration asks for. */
  static of(makeEnv: () => Env<unknown, number>, view: PreprocessingConfig, environments: number): LocalEnvGroup {
    return new LocalEnvGroup(Array.from({ length: environments }, () => wrapForDqn(makeEnv(), view)));
  }

  reset(seed: number): void {
    this.#envs.forEach((env, n) => {
      const { observation } = env.reset({ seed: seed + n });
      this.observations.set(observation, n * observation.length);
    });
  }

  step(actions: Int32Array): void {
    this.#envs.forEach((env, n) => {
      let { observation, reward, terminated, truncated } = env.step(actions[n]);
      const from = n * observation.length;
      this.rewards[n] = reward;
      this.ends[n] = terminated ? TERMINATED : truncated ? TRUNCATED : RUNNING;
      if (terminated || truncated) {
        this.finalObservations.set(observation, from);
        ({ observation } = env.reset());
      }
      // The environment overwrites its pictures.
      this.observations.set(observation, from);
    });
  }

  saveState(): Snapshot {
    return { envs: this.#envs.map((env) => env.saveState()), observations: this.observations.slice() };
  }

  restoreState(state: Snapshot): void {
    const { envs, observations } = state as { envs: readonly Snapshot[]; observations: Observation };
    this.#envs.forEach((env, n) => void env.restoreState(envs[n]));
    this.observations.set(observations);
  }

  close(): void {
    for (const env of this.#envs) env.close();
  }
}

/**
 * Memory of a group.
 * @param allocate gives so many bytes, zero.
 */
export function newArrays(
  { inputShape, inputDType }: NetworkSpec,
  environments: number,
  allocate: (bytes: number) => ArrayBufferLike = (bytes) => new ArrayBuffer(bytes),
): GroupArrays {
  const length = environments * sizeOf(inputShape);
  const observations = () =>
    inputDType === 'uint8' ? new Uint8Array(allocate(length)) : new Float32Array(allocate(length * 4));
  return {
    observations: observations(),
    finalObservations: observations(),
    rewards: new Float64Array(allocate(environments * 8)),
    ends: new Uint8Array(allocate(environments)),
  };
}

/** The rows of some environments. Views. */
export function groupRows(arrays: GroupArrays, environments: number, from: number, to: number): GroupArrays {
  const length = arrays.observations.length / environments;
  return {
    observations: arrays.observations.subarray(from * length, to * length),
    finalObservations: arrays.finalObservations.subarray(from * length, to * length),
    rewards: arrays.rewards.subarray(from, to),
    ends: arrays.ends.subarray(from, to),
  };
}
