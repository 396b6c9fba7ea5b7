import type { Platform, Runners } from '../../algorithms/algorithm.ts';
import type { Env, RgbFrame } from '../../core/env.ts';
import { makeFromKwargs } from '../../envs/registry.ts';
import { makeDrawn } from '../../runs/make-drawn.ts';
import type { ResolvedRun } from '../../runs/run.ts';

/** A platform whose first environment can be watched. */
export interface PagePlatform extends Platform {
  /** The environment that was made first; undefined before. */
  readonly first: Env | undefined;
}

/** Of memory, where the browser does not say how much there is, in gigabytes. */
const USUAL_MEMORY = 4;

/** A worker as a training uses it: environments in its one thread, the first of which draws where it can. */
export function pagePlatform(
  { env: id, envKwargs }: Pick<ResolvedRun, 'env' | 'envKwargs'>,
  runners: () => Promise<Runners>,
): PagePlatform {
  let first: Env | undefined;
  const makeEnv = (): Env<unknown, number> => {
    if (first !== undefined) return makeFromKwargs(id, envKwargs) as Env<unknown, number>;
    // Drawing on demand leaves an environment's bits as they are.
    first = makeDrawn(id, envKwargs, 'picture-or-text') as Env;
    return first as Env<unknown, number>;
  };
  const { deviceMemory = USUAL_MEMORY } = (globalThis.navigator ?? {}) as { readonly deviceMemory?: number };
  return {
    get first() {
      return first;
    },
    makeEnv,
    async makeEnvs({ environments, preprocessing }) {
      const { makeTrainingEnv } = await import('../../train/training-env.ts');
      return makeTrainingEnv(makeEnv, preprocessing, environments);
    },
    runners,
    now: () => performance.now(),
    memoryLimit: (deviceMemory * 1e9) / 2,
  };
}

/** A copy of what an environment shows; undefined where it draws no pictures. */
export function pictureOf(env: Env | undefined): RgbFrame | undefined {
  if (env?.renderMode !== 'rgb_array') return undefined;
  const { width, height, data } = env.render() as RgbFrame;
  return { width, height, data: data.slice() };
}
