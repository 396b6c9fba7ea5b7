import { spawnSync } from 'node:child_process';
import { createRequire } from 'node:module';
import { pathToFileURL } from 'node:url';
import { describe, expect, it } from 'vitest';
import { OptionError, UnknownNameError } from '../core/errors.ts';
import { leaves } from '../recipes/leaves.ts';
import { allRecipes } from '../recipes/registry.ts';
import { algorithmNames, isAlgorithm, loadAlgorithm, registerAlgorithm } from './registry.ts';

describe('the registry of algorithms', () => {
  it('has the algorithm of every recipe, whose configuration it accepts as it is, with a source for every value', async () => {
    for (const { id, algorithm, config, sources } of allRecipes) {
      expect((await loadAlgorithm(algorithm)).parse({ ...config }), id).toEqual(config);
      const places = leaves(config).map(([place]) => place);
      expect(Object.keys(sources).sort(), id).toEqual(places.sort());
    }
    expect(new Set(allRecipes.map(({ algorithm }) => algorithm))).toEqual(new Set(algorithmNames()));
  });

  it('refuses a taken name, a bad one and an unknown one', async () => {
    const definition = {
      parse: () => ({}),
      create: () => {
        throw new Error('not created');
      },
    };
    expect(() => registerAlgorithm('dqn', definition)).toThrow(
      new OptionError('algorithm', 'dqn', 'a name that is not registered yet'),
    );
    expect(() => registerAlgorithm('./a:b', definition)).toThrow(OptionError);
    expect(isAlgorithm('q-lerning')).toBe(false);
    expect(() => loadAlgorithm('q-lerning')).toThrow(UnknownNameError);
    expect(() => loadAlgorithm('q-lerning')).toThrow('Did you mean "q-learning"?');
  });

  it('gives an own algorithm its configuration checked', async () => {
    registerAlgorithm('twice', {
      defaults: { size: 2 },
      parse: ({ size }) => ({ size: Number(size) }),
      create: ({ config }) => {
        throw new Error(`size ${config.size + 1}`);
      },
    });
    const { create, defaults } = await loadAlgorithm('./somewhere.mjs:twice');
    expect(defaults).toEqual({ size: 2 });
    const task = { env: 'CartPole-v1', envKwargs: {}, seed: 0, config: { size: '41' } };
    await expect(create(task, {} as never)).rejects.toThrow('size 42');
  });
});

it('refuses what is no training', async () => {
  registerAlgorithm('hollow', {
    defaults: { size: 1 },
    create: () => ({ advance() {}, step: 0, maxSteps: 1 }) as never,
  });
  const { create } = await loadAlgorithm('hollow');
  await expect(
    create({ env: 'CartPole-v1', envKwargs: {}, seed: 0, config: { size: 1 } }, {} as never),
  ).rejects.toThrow(
    'create() gave no Training: it has no status(), exportModel(), saveState(), restoreState(), close().',
  );
});

/** Modules that a process resolves while it runs a module's text. */
function modulesOf(text: string): string[] {
  const hooks = `export async function resolve(specifier, context, next) {
    const result = await next(specifier, context);
    process.stderr.write('module ' + result.url + '\\n');
    return result;
  }`;
  const url = (code: string) => `data:text/javascript,${encodeURIComponent(code)}`;
  const tsx = pathToFileURL(createRequire(import.meta.url).resolve('tsx')).href;
  const register = url(`import { register } from 'node:module'; register(${JSON.stringify(url(hooks))});`);
  const args = ['--import', tsx, '--import', register, '--input-type=module', '--eval', text];
  const { stderr, status } = spawnSync(process.execPath, args, { encoding: 'utf8' });
  expect(status).toBe(0);
  return [...stderr.matchAll(/^module (\S+)$/gm)].map(([, module]) => module!);
}

describe('an algorithm', () => {
  const registry = new URL('registry.ts', import.meta.url).href;
  const network = /\/(zod|onnxruntime-node)\/|\/src\/(graph|nn|replay|atari)\//;

  it('loads on use: a tabular one reads neither networks nor a schema library', () => {
    const load = (name: string) => modulesOf(`await (await import('${registry}')).loadAlgorithm('${name}')`);
    const tabular = load('sarsa');
    expect(tabular.some((module) => module.endsWith('/tabular/sarsa.ts'))).toBe(true);
    expect(tabular.filter((module) => network.test(module))).toEqual([]);
    expect(load('dqn').some((module) => network.test(module))).toBe(true);
  });

  it('is all that a tabular run loads', () => {
    const runs = (file: string) => new URL(`../node/runs/${file}`, import.meta.url).href;
    const request = { recipe: 'q-learning', seed: 0, device: 'cpu', threads: 1, set: {} };
    const loaded = modulesOf(`
      const { resolveRun } = await import('${runs('resolve-run.ts')}');
      const { createTraining } = await import('${runs('create-training.ts')}');
      await createTraining(await resolveRun(${JSON.stringify(request)}));`);
    expect(loaded.some((module) => module.endsWith('/tabular/q-learning.ts'))).toBe(true);
    expect(loaded.filter((module) => network.test(module))).toEqual([]);
  });
});
