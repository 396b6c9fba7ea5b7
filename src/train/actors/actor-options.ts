import type { DqnConfig } from '../../agents/dqn-config.ts';
import type { NetworkSpec } from '../../agents/network-spec.ts';
import type { PqnConfig } from '../../agents/pqn-config.ts';
import type { DqnPartsOptions } from '../dqn-training.ts';
import type { ActorOptions } from './actor.ts';
import type { ActorTrainingOptions } from './actor-training.ts';

/** What a program says of an actor; the rest follows from the configuration. */
export interface CreateActorOptions<C> extends Pick<ActorOptions, 'makeEnvs' | 'createRunner' | 'settings' | 'seed'> {
  readonly config: C;
  /** What the network takes and gives. */
  readonly spec: NetworkSpec;
}

export interface DqnActorTrainingOptions extends DqnPartsOptions, ActorTrainingOptions<DqnConfig> {}

export type PqnActorTrainingOptions = ActorTrainingOptions<PqnConfig>;
