/** Trainings in environments that live in Python. */
import { copyFileSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { pythonPath } from '../platform/programs.ts';
import { bellman, temporaryFolder } from './run-bellman.ts';

describe('bellman with python:', () => {
  const cwd = temporaryFolder();
  process.env['XDG_DATA_HOME'] = temporaryFolder();
  beforeAll(() => {
    process.env['BELLMAN_PYTHON'] = pythonPath();
  });

  const train = (env: string, run: string, ...more: string[]) =>
    bellman(['train', 'dqn-cart-pole', '--env', env, '--seed', '3', '--run', run, '--stop-after', '1200', ...more], {
      cwd,
    });
  /** What was learned, without times. */
  const metrics = (run: string): unknown[] =>
    readFileSync(join(cwd, run, 'metrics.jsonl'), 'utf8')
      .trim()
      .split('\n')
      .map((line) =>
        Object.fromEntries(Object.entries(JSON.parse(line)).filter(([key]) => !/speed|time|memory|second/i.test(key))),
      );

  it('trains as in the environment that is built in, and resumes with new episodes', async () => {
    const [own, theirs] = [await train('CartPole-v1', 'own'), await train('python:CartPole-v1', 'theirs')];
    expect([own.code, theirs.code]).toEqual([0, 0]);
    const learned = metrics('own');
    expect(learned.length).toBeGreaterThan(20);
    expect(metrics('theirs')).toEqual(learned);

    const resumed = await bellman(['train', '--resume', 'theirs', '--stop-after', '100'], { cwd });
    expect(resumed).toMatchObject({ code: 0, stderr: '' });
    expect(resumed.stdout).toMatch(/from step 1200\.\nPython cannot save an episode: .* new ones begin\./);
    const built = await bellman(['train', '--resume', 'own', '--stop-after', '100'], { cwd });
    expect(built.stdout).not.toMatch('Python');
  });

  it("takes a model's word for no environment in Python", async () => {
    copyFileSync(join(cwd, 'theirs', 'best.onnx'), join(cwd, 'copied.onnx'));
    const { code, stderr } = await bellman(['eval', 'copied.onnx', '--episodes', '1'], { cwd });
    expect(code).toBe(1);
    expect(stderr).toMatch(
      /names code that would run here: python:CartPole-v1\. .*--allow-code or .*--env python:CartPole-v1/,
    );
    const asked = ['eval', 'copied.onnx', '--episodes', '1', '--env', 'python:CartPole-v1'];
    expect((await bellman(asked, { cwd })).stdout).toMatch(/Mean reward/);
  });

  it('says which wrappers mend spaces that do not fit', async () => {
    const module = [
      'import gymnasium',
      'from gymnasium import spaces',
      '',
      'class Named(gymnasium.Env):',
      '    observation_space = spaces.Dict({"cell": spaces.Discrete(5)})',
      '    action_space = spaces.Discrete(2)',
      '    def reset(self, *, seed=None, options=None):',
      '        super().reset(seed=seed)',
      '        return {"cell": 0}, {}',
      '    def step(self, action):',
      '        return {"cell": 0}, 0.0, True, False, {}',
    ];
    writeFileSync(join(cwd, 'named.py'), module.join('\n'));
    const { code, stderr } = await train('python:./named.py:Named', 'none');
    expect(code).toBe(1);
    expect(stderr.trim().split('\n')).toHaveLength(1);
    expect(stderr).toMatch(/Wrappers of Gymnasium make vectors of float32: --kwargs/);
  });
});
