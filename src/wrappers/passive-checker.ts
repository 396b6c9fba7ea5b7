import type { Env, ResetOptions, ResetResult, StepResult } from '../core/env.ts';
import { ActionError, BellmanError, show } from '../core/errors.ts';
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
      if (typeof env[name]?.contains !== 'function') throw fault(`${name} is ${show(env[name])}, not a space`);
    }
  }

  override reset(options?: ResetOptions): ResetResult<O> {
    const result = this.env.reset(options);
    if (!isPlainObject(result)) throw fault(`reset() gave ${show(result)}, not { observation, info }`);
    this.#checkCommon(result, 'reset()');
    return result;
  }

  /** @throws ActionError for an action outside the space, BellmanError with the code BAD_ENVIRONMENT for a bad result. */
  override step(action: A): StepResult<O> {
    if (!this.actionSpace.contains(action)) throw new ActionError(action, String(this.actionSpace));
    const result = this.env.step(action);
    if (!isPlainObject(result)) throw fault(`step() gave ${show(result)}, not an object`);
    this.#checkCommon(result, 'step()');
    if (!Number.isFinite(result.reward))
      throw fault(`step() gave the reward ${show(result.reward)}, not a finite number`);
    for (const part of ['terminated', 'truncated'] as const) {
      if (typeof result[part] !== 'boolean') throw fault(`step() gave ${part} ${show(result[part])}, not a boolean`);
    }
    return result;
  }

  #checkCommon({ observation, info }: { observation: O; info: unknown }, call: string): void {
    if (!this.observationSpace.contains(observation)) {
      throw fault(`${call} gave the observation ${show(observation)}, which is not in ${this.observationSpace}`);
    }
    if (!isPlainObject(info)) throw fault(`${call} gave info ${show(info)}, not an object`);
  }
}

function fault(message: string): BellmanError {
  return new BellmanError('BAD_ENVIRONMENT', `${message}.`);
}
