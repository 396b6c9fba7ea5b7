/** What a program makes actors and their trainings from is checked here. They load this when they are made, for it brings the schemas. */
import { type DqnConfig, parseDqnConfig } from '../../agents/dqn-config.ts';
import type { NetworkSpec } from '../../agents/network-spec.ts';
import { type PqnConfig, parsePqnConfig } from '../../agents/pqn-config.ts';
import { OptionError } from '../../core/errors.ts';
import { checkOptionNames, functionOption, type OptionNames } from '../../core/options.ts';
import { SeedSequence } from '../../core/random/seed-sequence.ts';
import type { CreateRunner } from '../../graph/index.ts';
import { checkRunner, DQN_PARTS, LEARNER } from '../check-options.ts';
import type { CreateActorOptions, DqnActorTrainingOptions, PqnActorTrainingOptions } from './actor-options.ts';
import type { ActorTrainingOptions } from './actor-training.ts';
import { type ActorTrainingConfig, checkActorConfig } from './check-actor-config.ts';
import type { ActorSettings } from './chunk.ts';

const ACTOR: OptionNames<CreateActorOptions<unknown>> = {
  ...{ config: true, seed: true, settings: true, spec: true, createRunner: true, makeEnvs: true },
};
const PLAYED = { spec: true, settings: true, actors: true } as const;
const PQN: OptionNames<PqnActorTrainingOptions> = { ...LEARNER, ...PLAYED };
const DQN: OptionNames<DqnActorTrainingOptions> = { ...DQN_PARTS, ...PLAYED };

export const checkDqnActorOptions = (given: CreateActorOptions<DqnConfig>) => checkedActor(given, parseDqnConfig);
export const checkPqnActorOptions = (given: CreateActorOptions<PqnConfig>) =>
  checkedRollouts(checkedActor(given, parsePqnConfig));
export const checkDqnActorTrainingOptions = (given: DqnActorTrainingOptions) =>
  checkedTraining(given, DQN, parseDqnConfig);
export const checkPqnActorTrainingOptions = (given: PqnActorTrainingOptions) =>
  checkedRollouts(checkedTraining(given, PQN, parsePqnConfig));

function checkedActor<C extends ActorTrainingConfig>(given: CreateActorOptions<C>, parse: (config: object) => C) {
  const options = checked(given, ACTOR, parse);
  functionOption('makeEnvs', given.makeEnvs, 'a number of environments');
  return options;
}

function checkedTraining<C extends ActorTrainingConfig, O extends ActorTrainingOptions<C>>(
  given: O,
  names: OptionNames<O>,
  parse: (config: object) => C,
): O {
  const options = checked(given, names, parse);
  if (typeof given.actors?.play !== 'function') {
    throw new OptionError('actors', given.actors, 'Actors, as new LocalActors(actor) gives');
  }
  return options;
}

/** What actors and trainings alike are made from. */
interface Given<C> {
  readonly config: C;
  readonly settings: ActorSettings;
  readonly spec: NetworkSpec;
  readonly createRunner: CreateRunner;
  readonly seed: number;
}

/** @returns the options with a configuration of their own.
 * @throws UnknownNameError for an option of another name; OptionError for one that is missing, for the first setting that is
 *   unknown, missing or out of range, and when so many actors cannot play the configuration. */
function checked<C extends ActorTrainingConfig, O extends Given<C>>(
  given: O,
  names: OptionNames<O>,
  parse: (config: object) => C,
): O {
  checkOptionNames(given ?? null, names);
  const { settings, spec, seed } = given;
  checkRunner(given.createRunner);
  if (!Array.isArray(spec?.inputShape)) throw new OptionError('spec', spec, 'a NetworkSpec, as networkSpec(env) gives');
  // An actor draws from it only when it plays.
  new SeedSequence(seed);
  const config = parse(given.config);
  checkActorConfig(config, settings);
  return { ...given, config };
}

/** @throws OptionError unless a round is a rollout. */
function checkedRollouts<O extends { readonly config: PqnConfig; readonly settings: ActorSettings }>(options: O): O {
  const { config, settings } = options;
  if (settings.steps !== config.rolloutSteps) {
    throw new OptionError('actors.steps', settings.steps, `rolloutSteps, ${config.rolloutSteps}: a round is a rollout`);
  }
  return options;
}
