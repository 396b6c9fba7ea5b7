import type { Env, ResetResult, StepResult } from './env.ts';

/** What an environment answered to a list of actions, copied, so that later calls cannot change it. */
export interface Trajectory {
  /** The first reset; undefined when the trajectory continues a running episode. */
  start: ResetResult<unknown> | undefined;
  /** One for each action. After an episode's end the next entry follows a reset without seed. */
  steps: StepResult<unknown>[];
  /** Whether the last step ended an episode. */
  ended: boolean;
}

export interface Watcher {
  onReset?: ((result: ResetResult<unknown>) => void) | undefined;
  onStep?: ((result: StepResult<unknown>, index: number) => void) | undefined;
}

/** Resets with the seed and takes the actions, with a reset in between wherever an episode ends. */
export function recordTrajectory(env: Env, seed: number, actions: readonly unknown[], watch: Watcher = {}): Trajectory {
  const result = env.reset({ seed });
  watch.onReset?.(result);
  const start = copyValue(result);
  return { ...continueTrajectory(env, false, actions, watch), start };
}

/** Goes on where the environment stands. */
export function continueTrajectory(
  env: Env,
  ended: boolean,
  actions: readonly unknown[],
  watch: Watcher = {},
): Trajectory {
  const steps: StepResult<unknown>[] = [];
  let over = ended;
  for (const [index, action] of actions.entries()) {
    if (over) {
      const result = env.reset();
      watch.onReset?.(result);
    }
    const result = env.step(action);
    watch.onStep?.(result, index);
    steps.push(copyValue(result));
    over = result.terminated || result.truncated;
  }
  return { start: undefined, steps, ended: over };
}

/** Where two trajectories differ first, such as `step 3: reward 1, then 0`; undefined when they are equal. */
export function firstDifference(a: Trajectory, b: Trajectory): string | undefined {
  if (!sameValue(a.start?.observation, b.start?.observation)) return 'reset: another observation';
  if (!sameValue(a.start?.info, b.start?.info)) return 'reset: another info';
  for (let i = 0; i < Math.min(a.steps.length, b.steps.length); i++) {
    for (const part of ['observation', 'reward', 'terminated', 'truncated', 'info'] as const) {
      const [first, second] = [a.steps[i][part], b.steps[i][part]];
      if (sameValue(first, second)) continue;
      const values = typeof first === 'object' ? 'another value' : `${String(first)}, then ${String(second)}`;
      return `step ${i}: ${part} ${values}`;
    }
  }
  return undefined;
}

/** Copies plain objects, arrays and typed arrays to any depth; other values are shared. */
export function copyValue<T>(value: T): T {
  if (ArrayBuffer.isView(value)) {
    return (value instanceof DataView ? value : (value as unknown as Uint8Array).slice()) as unknown as T;
  }
  if (Array.isArray(value)) return value.map(copyValue) as T;
  if (!isPlainObject(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([key, part]) => [key, copyValue(part)])) as T;
}

/** Equality to any depth, bit for bit in numbers: NaN equals itself, 0 and -0 differ. */
export function sameValue(a: unknown, b: unknown): boolean {
  if (Object.is(a, b)) return true;
  if (ArrayBuffer.isView(a) && ArrayBuffer.isView(b)) {
    const [x, y] = [a as Uint8Array, b as Uint8Array];
    if (x[Symbol.toStringTag] !== y[Symbol.toStringTag] || x.length !== y.length) return false;
    for (let i = 0; i < x.length; i++) if (!Object.is(x[i], y[i])) return false;
    return true;
  }
  if (Array.isArray(a) && Array.isArray(b)) {
    return a.length === b.length && a.every((part, i) => sameValue(part, b[i]));
  }
  if (!isPlainObject(a) || !isPlainObject(b)) return false;
  const keys = Object.keys(a);
  return (
    keys.length === Object.keys(b).length && keys.every((key) => Object.hasOwn(b, key) && sameValue(a[key], b[key]))
  );
}

export function isPlainObject(value: unknown): value is Record<string, unknown> {
  if (typeof value !== 'object' || value === null) return false;
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null;
}
