import { checkReset, checkStep, environmentFault } from '../core/check-result.ts';
import type { Env, ResetOptions, ResetResult, StepResult } from '../core/env.ts';
import { ActionError, show } from '../core/errors.ts';
import { isPlainObject } from '../core/trajectory.ts';
import { Wrapper } from '../core/wrapper.ts';

/**
 * Checks every action and result, and throws at the first that breaks a promise of `Env`
 * (Gymnasium's `PassiveEnvChecker`, which looks at the first ones). `checkEnvironment` looks deeper, but plays by itself.
 */
export class PassiveChecker<O = unknown, A = unknown> extends Wrapper<O, A> {
  /** @throws BellmanError with the code BAD_ENVIRONMENT when a space is missing. */
  constructor(env: Env<O, A>) {
    super(env);
    for (const name of ['observationSpace', 'actionSpace'] as const) {
      if (typeof env[name]?.contains !== 'function')
        throw environmentFault(`${name} is ${show(env[name])}, not a space`);
    }
  }

  override reset(options?: ResetOptions): ResetResult<O> {
    const result = checkReset(this.env.reset(options));
    this.#checkCommon(result, 'reset()');
    return result;
  }

  /** @throws ActionError for an action outside the space, BellmanError with the code BAD_ENVIRONMENT for a bad result. */
  override step(action: A): StepResult<O> {
    if (!this.actionSpace.contains(action)) throw new ActionError(action, String(this.actionSpace));
    const result = checkStep(this.env.step(action));
    this.#checkCommon(result, 'step()');
    if (!Number.isFinite(result.reward)) {
      throw environmentFault(`step() gave the reward ${show(result.reward)}, not a finite number`);
    }
    return result;
  }

  /** A training can do with less: a result and an info that are instances of classes, which their copies are not. */
  #checkCommon(result: ResetResult<O>, call: string): void {
    const { observation, info } = result;
    if (!isPlainObject(result)) throw environmentFault(`${call} gave ${show(result)}, not a plain object`);
    if (!this.observationSpace.contains(observation)) {
      throw environmentFault(
        `${call} gave the observation ${show(observation)}, which is not in ${this.observationSpace}`,
      );
    }
    if (!isPlainObject(info)) throw environmentFault(`${call} gave info ${show(info)}, not a plain object`);
  }
}
