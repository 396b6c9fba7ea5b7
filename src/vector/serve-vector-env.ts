import { BellmanError, OptionError } from '../core/errors.ts';
import { type EnvMaker, makeVec } from './make-vec.ts';
import type { SyncVectorEnv } from './sync-vector-env.ts';
import type { VectorAnswer, VectorPort, VectorRequest } from './vector-port.ts';

async function importMaker({ module, name }: { module: string; name: string }): Promise<EnvMaker> {
  const exported = (await import(module)) as Readonly<Record<string, unknown>>;
  if (typeof exported[name] !== 'function') throw new OptionError('name', name, `a function that ${module} exports`);
  return exported[name] as EnvMaker;
}

/**
 * The thread's side of a `WorkerVectorEnv`: makes its share of the environments and answers.
 * @param prepare loads what registers an id.
 */
export function serveVectorEnv(port: VectorPort, prepare?: (id: string) => Promise<void>): void {
  let env: SyncVectorEnv | undefined;
  const answer = async (request: VectorRequest): Promise<VectorAnswer> => {
    if (request.kind === 'start') {
      if (request.setup !== undefined) await import(request.setup);
      const { source, count, envOptions, autoresetMode, observations } = request;
      if (typeof source === 'string') await prepare?.(source);
      const maker = typeof source === 'string' ? source : await importMaker(source);
      env = makeVec(maker, count, { envOptions, autoresetMode, observations });
      return { infos: {} };
    }
    if (env === undefined) throw new Error('a vector environment was asked before it was started');
    if (request.kind === 'reset') {
      // Nobody of this share is meant: the mask of the others would be refused.
      const mask = request.options?.['reset_mask'];
      if (Array.isArray(mask) && !mask.some(Boolean)) return { infos: {} };
      return { infos: env.reset(request).infos };
    }
    if (request.kind === 'save') return { state: env.saveState() };
    if (request.kind === 'restore') {
      env.restoreState(request.state);
      return { infos: {} };
    }
    const { rewards, terminations, truncations, infos } = env.step(request.actions);
    return { rewards, terminations, truncations, infos };
  };
  // One after the other: an import must not let a later question overtake.
  let last = Promise.resolve();
  port.onMessage((message) => {
    last = last.then(async () => {
      try {
        port.postMessage(await answer(message as VectorRequest));
      } catch (error) {
        const code = error instanceof BellmanError ? error.code : 'FAILED';
        port.postMessage({ error: { code, message: error instanceof Error ? error.message : String(error) } });
      }
    });
  });
}
