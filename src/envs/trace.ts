import type { Env, Info, ResetOptions } from '../core/env.ts';

/**
 * Runs an environment with random actions and yields one line of JSON for the first reset, for every step and for every
 * reset after an episode's end. The same seed gives the lines of the same loop over Gymnasium.
 *
 * The environment is reset and its action space seeded with `seed`; later resets have no seed, as in a training loop.
 * `options` go to every reset. Lines: `{"t":0,"obs":...,"info":{...}}` for a reset (with the number of steps so far), and
 * `{"t":k,"action":...,"obs":...,"reward":...,"terminated":...,"truncated":...,"info":{...}}` for a step. Of `info`,
 * only `prob` and `action_mask` are printed.
 */
export function* traceEnvironment(
  env: Env,
  { seed, steps, options }: { seed: number; steps: number; options?: ResetOptions['options'] },
): IterableIterator<string> {
  env.actionSpace.seed(seed);
  yield resetLine(0, env.reset({ seed, options }));
  for (let t = 1; t <= steps; t++) {
    const action = env.actionSpace.sample();
    const { observation, reward, terminated, truncated, info } = env.step(action);
    yield JSON.stringify({
      t,
      action: plain(action),
      obs: plain(observation),
      reward,
      terminated,
      truncated,
      info: infoFields(info),
    });
    if (terminated || truncated) yield resetLine(t, env.reset({ options }));
  }
}

function resetLine(t: number, { observation, info }: { observation: unknown; info: Info }): string {
  return JSON.stringify({ t, obs: plain(observation), info: infoFields(info) });
}

function infoFields(info: Info): Record<string, unknown> {
  const out: Record<string, unknown> = {};
  for (const key of ['prob', 'action_mask']) if (key in info) out[key] = plain(info[key]);
  return out;
}

/** Typed arrays become lists; float32 values are widened, as Python prints them. */
function plain(value: unknown): unknown {
  if (ArrayBuffer.isView(value)) return Array.from(value as Uint8Array);
  if (Array.isArray(value)) return value.map(plain);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, part]) => [key, plain(part)]));
}
