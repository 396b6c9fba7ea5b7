import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { MismatchError } from '../../core/errors.ts';
import { make, register } from '../../envs/index.ts';
import { checkCode, checkCodeOfModel, codeOf, makeCodeMark } from './code-mark.ts';
import { importStored, loadAgent } from './load-agent.ts';
import { fromJson, resolveRun } from './resolve-run.ts';
import { readRunConfig } from './run-directory.ts';
import { type RunTrainingOptions, runTraining } from './run-training.ts';

let root: string;
const before = process.env['XDG_DATA_HOME'];
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'bellman-test-'));
  process.env['XDG_DATA_HOME'] = join(root, 'data');
});
afterEach(() => {
  rmSync(root, { recursive: true, force: true });
  if (before === undefined) delete process.env['XDG_DATA_HOME'];
  else process.env['XDG_DATA_HOME'] = before;
});

const MODULE = join(tmpdir(), 'maze.mjs');
const OWN = { env: `${MODULE}:Maze-v0`, envKwargs: {}, algorithm: 'dqn', config: { network: { kind: 'mlp' } } };

describe('codeOf', () => {
  it.each([
    [{ env: 'CartPole-v1', algorithm: 'dqn', config: { network: { kind: 'mlp' }, values: { kind: 'scalar' } } }, []],
    [{ env: 'ALE/Pong-v5', envKwargs: { mode: 1 } }, []],
    [{ env: 5, envKwargs: 'x', algorithm: null, config: 'x' }, []],
    [{ env: '/a/x.mjs:X-v0' }, ['/a/x.mjs:X-v0 (/a/x.mjs)']],
    [{ env: '/a/../b/x.mjs:CartPole-v1' }, ['/a/../b/x.mjs:CartPole-v1 (/b/x.mjs)']],
    [{ algorithm: 'no-such-package:x' }, ['no-such-package:x (no-such-package)']],
    [
      { config: { network: { kind: '/n.mjs:n' }, values: { kind: '/v.mjs:v' } } },
      ['/n.mjs:n (/n.mjs)', '/v.mjs:v (/v.mjs)'],
    ],
    // The form of version 0.1.
    [{ config: { network: '/n.mjs:n' } }, ['/n.mjs:n (/n.mjs)']],
    [{ env: 'python:LunarLander-v3', envKwargs: {} }, ['python:LunarLander-v3']],
    [
      { env: 'python:LunarLander-v3', envKwargs: { wrappers: ['evil:W'] } },
      [`python:LunarLander-v3 with {"wrappers":["evil:W"]} (in ${process.cwd()})`],
    ],
    [{ env: 'python:evil:X-v0' }, [`python:evil:X-v0 with {} (in ${process.cwd()})`]],
  ])('%j', (run, code) => expect(codeOf(run)).toEqual(code));
});

describe('a mark', () => {
  it('allows the run that has it, and no run that names other code', () => {
    const codeMark = makeCodeMark(OWN);
    expect(codeMark).toMatch(/^[0-9a-f]{64}$/);
    checkCode('run', { ...OWN, codeMark });
    const refused = (config: Parameters<typeof checkCode>[1]) =>
      expect(() => checkCode('run', config)).toThrow(MismatchError);
    refused(OWN);
    refused({ ...OWN, codeMark: 5 });
    refused({ ...OWN, codeMark: '' });
    refused({ ...OWN, codeMark: codeMark?.replace(/^./, (c) => (c === '0' ? '1' : '0')) });
    refused({ ...OWN, env: '/evil.mjs:Maze-v0', codeMark });
    refused({ ...OWN, algorithm: '/evil.mjs:dqn', codeMark });
    refused({ ...OWN, config: { network: { kind: '/evil.mjs:mlp' } }, codeMark });
    checkCode('run', OWN, true);
  });

  it('is of one key, which nobody else can read', () => {
    const codeMark = makeCodeMark(OWN);
    const key = join(root, 'data', 'bellman', 'code-key');
    expect(statSync(key).size).toBe(32);
    if (process.platform !== 'win32') expect(statSync(key).mode & 0o777).toBe(0o600);
    expect(makeCodeMark(OWN)).toBe(codeMark);
    process.env['XDG_DATA_HOME'] = join(root, 'elsewhere');
    expect(() => checkCode('run', { ...OWN, codeMark })).toThrow('names code that would run here');
    // Asking makes no key.
    expect(existsSync(join(root, 'elsewhere'))).toBe(false);
    expect(makeCodeMark(OWN)).not.toBe(codeMark);
  });

  it('is not made for runs without code, nor where no key can be kept', () => {
    expect(makeCodeMark({ ...OWN, env: 'CartPole-v1' })).toBeUndefined();
    expect(existsSync(join(root, 'data'))).toBe(false);
    writeFileSync(join(root, 'data'), 'a file');
    expect(makeCodeMark(OWN)).toBeUndefined();
  });

  it('lets models of its run load what the run does, and no other model', () => {
    const run = join(root, 'run');
    mkdirSync(join(run, 'models'), { recursive: true });
    const config = { ...OWN, codeMark: makeCodeMark(OWN) };
    writeFileSync(join(run, 'config.json'), JSON.stringify(config));
    for (const model of [join(run, 'best.onnx'), join(run, 'models', 'best_1.onnx')]) {
      checkCodeOfModel(model, OWN.env, {});
      expect(() => checkCodeOfModel(model, '/evil.mjs:X-v0', {})).toThrow('/evil.mjs:X-v0 (/evil.mjs)');
    }
    expect(() => checkCodeOfModel(join(root, 'best.onnx'), OWN.env, {})).toThrow(
      `--allow-code or name its environment`,
    );
  });
});

describe('nothing of a foreign folder runs', () => {
  const evil = () => {
    const file = join(root, 'evil.mjs');
    const ran = join(root, 'ran');
    writeFileSync(file, `import fs from 'node:fs'; fs.writeFileSync(${JSON.stringify(ran)}, '');`);
    return { id: `${file}:Evil-v0`, ran };
  };

  it('by its configuration, whichever key names it', async () => {
    const { id, ran } = evil();
    const config = { network: { kind: 'mlp' } };
    const good = {
      recipe: 'r',
      algorithm: 'dqn',
      env: 'CartPole-v1',
      envKwargs: {},
      seed: 1,
      device: 'cpu',
      threads: 1,
    };
    for (const json of [
      { ...good, config, env: id },
      { ...good, config, algorithm: id },
      { ...good, config: { network: { kind: id } } },
      { ...good, config: { network: id } },
      { ...good, config: { ...config, values: { kind: id } } },
      { ...good, config, env: 'python:CartPole-v1' },
    ]) {
      await expect(fromJson({ format: 2, ...json }, 'run')).rejects.toThrow(/^run names code that would run here: /);
      expect(existsSync(ran)).toBe(false);
    }
    // Allowed, it runs, and registers nothing.
    await expect(fromJson({ format: 2, ...good, config, env: id }, 'run', true)).rejects.toThrow(
      'registers no Evil-v0',
    );
    expect(existsSync(ran)).toBe(true);
  });

  it('by its best model', async () => {
    const { id, ran } = evil();
    const table = { format: 'bellman-table', env: id, envOptions: {}, nStates: 1, nActions: 1, q: [0] };
    const file = join(root, 'table.json');
    writeFileSync(file, JSON.stringify(table));
    await expect(loadAgent(file)).rejects.toThrow('names code that would run here');
    await expect(importStored({ env: id, envKwargs: {} }, file)).rejects.toThrow(MismatchError);
    expect(existsSync(ran)).toBe(false);
    await expect(loadAgent(file, { allowCode: true })).rejects.toThrow('registers no Evil-v0');
  });

  it('while an own run goes on, and its copy on another machine does not', async () => {
    // Says how to register, as the tests' own modules and those that Node loads are two.
    const file = join(root, 'lake.mjs');
    writeFileSync(file, 'globalThis.registerLake();');
    Object.assign(globalThis, {
      registerLake: () =>
        register('MarkedLake-v7', {
          create: () => make('FrozenLake-v1').unwrapped as never,
          summary: 'a lake',
          options: {},
        }),
    });
    const request = { recipe: 'q-learning', env: `${file}:MarkedLake-v7`, seed: 1, device: 'cpu', threads: 1, set: {} };
    const run = await resolveRun(request);
    const path = join(root, 'run');
    const output = { line() {}, progress() {}, close() {} };
    const train = (start: RunTrainingOptions['start']) =>
      // A training lets go of the channel to the process that started it, which here is that of the tests.
      runTraining({ start, version: '0', command: '', checkpointEveryMs: 1e9, stopAfter: 50, output }).finally(() =>
        process.channel?.ref(),
      );
    await train({ run, path });
    expect(readRunConfig(path)['codeMark']).toMatch(/^[0-9a-f]{64}$/);
    await train({ resume: path });
    const copy = join(root, 'copy');
    cpSync(path, copy, { recursive: true });
    process.env['XDG_DATA_HOME'] = join(root, 'other');
    const metrics = readFileSync(join(copy, 'metrics.jsonl'));
    await expect(train({ resume: copy })).rejects.toThrow('names code that would run here');
    expect(readFileSync(join(copy, 'metrics.jsonl'))).toEqual(metrics);
    await train({ resume: copy, allowCode: true });
  });
});
