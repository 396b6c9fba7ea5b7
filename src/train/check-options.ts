/**
 * What a program makes trainings from is checked here: names, configuration, environments. The trainings load this when they are made, for it
 * brings the schemas: pages that train load at once without.
 */
import { parseCrossEntropyConfig } from '../agents/cross-entropy-config.ts';
import { parseDqnConfig } from '../agents/dqn-config.ts';
import type { NetworkSpec } from '../agents/network-spec.ts';
import { parsePqnConfig } from '../agents/pqn-config.ts';
import { parseStreamQConfig } from '../agents/stream-q-config.ts';
import { OptionError } from '../core/errors.ts';
import { checkOptionNames, type OptionNames } from '../core/options.ts';
import type { CrossEntropyTrainingOptions } from './cross-entropy-training.ts';
import type { DqnPartsOptions, DqnTrainingOptions } from './dqn-training.ts';
import type { LearnerTrainingOptions } from './learner-training.ts';
import type { NetworkTrainingOptions } from './network-training.ts';
import type { PqnTrainingOptions } from './pqn-training.ts';
import type { StreamQTrainingOptions } from './stream-q-training.ts';
import { checkTrainingEnv } from './training-env.ts';

/** Of every training of a network, whoever plays. */
export const LEARNER: OptionNames<LearnerTrainingOptions<unknown>> = {
  ...{ config: true, envId: true, envKwargs: true, seed: true },
  ...{ createRunner: true, now: true, memoryLimit: true },
};
/** Of every training of DQN, whoever plays. */
export const DQN_PARTS: OptionNames<DqnPartsOptions> = {
  ...LEARNER,
  ...{ createBackgroundRunner: true, network: true, bootstrap: true, replay: true },
};
const COMMON: OptionNames<NetworkTrainingOptions<unknown>> = { ...LEARNER, env: true };
const DQN: OptionNames<DqnTrainingOptions> = { ...DQN_PARTS, env: true };

/** What a training is made from once it is checked: its options, and what its network must take and give. */
interface Checked<O> {
  /** With a configuration of their own, which may change. */
  readonly options: O;
  readonly spec: NetworkSpec;
}

/** Also of a recurrent network: whoever makes a training need not know whether its network remembers. */
export const checkDqnOptions = (given: DqnTrainingOptions): Checked<DqnTrainingOptions> =>
  checked(given, DQN, parseDqnConfig);
export const checkPqnOptions = (given: PqnTrainingOptions): Checked<PqnTrainingOptions> =>
  checked(given, COMMON, parsePqnConfig);
export const checkStreamQOptions = (given: StreamQTrainingOptions): Checked<StreamQTrainingOptions> =>
  checked(given, COMMON, parseStreamQConfig);
export const checkCrossEntropyOptions = (given: CrossEntropyTrainingOptions): Checked<CrossEntropyTrainingOptions> =>
  checked(given, COMMON, parseCrossEntropyConfig);

/** @throws UnknownNameError for an option of another name; OptionError for a runner that is missing, and for the first setting
 *   that is unknown, missing or out of range; what `checkTrainingEnv` throws. */
function checked<C extends object, O extends NetworkTrainingOptions<C>>(
  given: O,
  names: OptionNames<O>,
  parse: (config: object) => C,
): Checked<O> {
  checkOptionNames(given ?? null, names);
  const { createRunner, env } = given;
  checkRunner(createRunner);
  const config = parse(given.config);
  // Algorithms without that setting play one.
  const { environments = 1 } = config as { readonly environments?: number };
  return { options: { ...given, config }, spec: checkTrainingEnv(env, environments) };
}

/** @throws OptionError for what is no function. */
export function checkRunner(createRunner: unknown): void {
  if (typeof createRunner === 'function') return;
  throw new OptionError('createRunner', createRunner, "a function, as ortRunnerFactory('cpu', 1) gives");
}
