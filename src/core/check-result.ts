/* What environments answer, looked at where it is used: whoever writes one in JavaScript has no compiler that asks for its parts. */
import type { ResetResult, StepResult } from './env.ts';
import { BellmanError, show } from './errors.ts';
import { isObject } from './is-object.ts';

/** @returns the same.
 * @throws BellmanError with the code BAD_ENVIRONMENT when a part is missing, or all of it. */
export function checkStep<R extends StepResult<unknown>>(result: R): R {
  if (typeof result?.terminated !== 'boolean' || typeof result.truncated !== 'boolean' || !isInfo(result.info)) {
    throw brokenStep(result);
  }
  return result;
}

/** As `checkStep`, of what `reset` gave. */
export function checkReset<R extends ResetResult<unknown>>(result: R): R {
  if (!isInfo(result?.info)) throw brokenReset(result);
  return result;
}

/** An environment that does not keep a promise of `Env`. */
export const environmentFault = (message: string): BellmanError => new BellmanError('BAD_ENVIRONMENT', `${message}.`);

const promised = (call: string): string => `${call} gave a Promise, and has to answer at once`;

const isInfo = (info: unknown): boolean => typeof info === 'object' && info !== null;

function brokenStep(result: unknown): BellmanError {
  if (result instanceof Promise) return environmentFault(promised('step()'));
  if (!isObject(result)) return environmentFault(`step() gave ${show(result)}, not an object`);
  for (const part of ['terminated', 'truncated'] as const) {
    if (typeof result[part] !== 'boolean') {
      return environmentFault(`step() gave ${part} ${show(result[part])}, not a boolean`);
    }
  }
  return environmentFault(`step() gave info ${show(result['info'])}, not an object`);
}

function brokenReset(result: unknown): BellmanError {
  if (result instanceof Promise) return environmentFault(promised('reset()'));
  if (!isObject(result)) return environmentFault(`reset() gave ${show(result)}, not { observation, info }`);
  return environmentFault(`reset() gave info ${show(result['info'])}, not an object`);
}
