/** Runs with action masks: trained in two halves, tested, played, drawn; and environments that give none. */
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { taxiActionMask } from '../../src/envs/toy-text/taxi-model.ts';
import { decodeTable } from '../../src/storage/table-model.ts';
import { moduleUrl } from '../support/program.ts';
import { bellman, temporaryFolder } from './run-bellman.ts';

describe('Taxi with actionMasks', () => {
  const cwd = temporaryFolder();
  const settings = [
    '--set',
    'actionMasks=true',
    '--set',
    'maxIterations=100000',
    '--set',
    'testInterval=20000',
    '--set',
    'testEpisodes=300',
  ];
  const train = (...args: string[]) => bellman(['train', ...args], { cwd });
  const table = (run: string) => readFileSync(join(cwd, run, 'best-table.json'), 'utf8');

  it('is the same table whether the run stopped on its way or not', async () => {
    const recipe = ['q-learning-taxi', '--seed', '3', '--reward', '7.9', ...settings];
    const whole = await train(...recipe, '--run', 'whole');
    expect(whole.stderr).toBe('');
    await train(...recipe, '--run', 'halves', '--stop-after', '23456');
    await train('--resume', 'halves');
    expect(table('halves')).toBe(table('whole'));
    const best = decodeTable(table('whole'), 'best-table.json');
    expect(best.actionMasks).toHaveLength(3000);
    const config = JSON.parse(readFileSync(join(cwd, 'whole', 'config.json'), 'utf8'));
    expect(config.config.actionMasks).toBe(true);
  });

  it('knows the masks of the states that it met', () => {
    const { actionMasks } = decodeTable(table('whole'), 'best-table.json');
    let seen = 0;
    for (let state = 0; state < 500; state++) {
      const row = actionMasks!.slice(state * 6, state * 6 + 6);
      if (row.every((bit) => bit === 1)) continue;
      seen++;
      expect(row).toEqual(Array.from(taxiActionMask(state)));
    }
    // Every state that occurs forbids something.
    expect(seen).toBeGreaterThanOrEqual(400);
  });

  it('is played by the mask, and at random by it too', async () => {
    const evaluated = async (epsilon: string) => {
      const args = ['eval', 'whole', '--episodes', '100', '--epsilon', epsilon, '--json'];
      return JSON.parse((await bellman(args, { cwd })).stdout) as { mean: number; min: number };
    };
    expect((await evaluated('0')).mean).toBeGreaterThan(5);
    // Only allowed actions: a step costs 1, and nothing costs 10.
    expect((await evaluated('1')).min).toBeGreaterThanOrEqual(-200);
    const { stdout } = await bellman(['play', 'whole', '--seed', '1', '--no-draw'], { cwd });
    expect(stdout).toMatch(/Total reward: \d/);
  });
});

/** A corridor to the right in which every place forbids one of three actions; taking that one is an error. */
const MODULE = `
import { Box, Discrete, register } from '${moduleUrl('src/index.ts')}';
import { SeededEnv } from '${moduleUrl('src/envs/index.ts')}';

class Corridor extends SeededEnv {
  metadata = { renderModes: [], renderFps: 10 };
  renderMode = null;
  observationSpace = new Box(0, 1, [1], 'float32');
  actionSpace = new Discrete(3); // by so many places to the right, or back
  #place = 0;
  reset(options) {
    this.#place = this.begin(options).integers(4);
    return { observation: this.#see(), info: this.#info() };
  }
  step(action) {
    if (action === this.#place % 3) throw new Error('forbidden action ' + action + ' at ' + this.#place);
    this.#place = Math.max(0, this.#place + [-1, 1, 2][action]);
    const terminated = this.#place >= 12;
    if (terminated) this.phase = 'over';
    return { observation: this.#see(), reward: terminated ? 1 : 0, terminated, truncated: false, info: this.#info() };
  }
  #see() { return Float32Array.of(this.#place / 12); }
  #info() { return { action_mask: Int8Array.from([0, 1, 2], (action) => (action === this.#place % 3 ? 0 : 1)) }; }
  saveOwnState() { return this.#place; }
  restoreOwnState(place) { this.#place = place; }
}
register('MaskedCorridor-v0', { create: () => new Corridor(), summary: 'to the right', options: {}, maxEpisodeSteps: 30 });
`;

describe('networks with actionMasks, in an environment where a forbidden action is an error', () => {
  const cwd = temporaryFolder();
  writeFileSync(join(cwd, 'corridor.mjs'), MODULE);
  const env = ['--env', './corridor.mjs:MaskedCorridor-v0'];
  const set = (...changes: string[]) => changes.flatMap((change) => ['--set', change]);
  const changes = {
    'dqn-cart-pole': set('learningStarts=100', 'environments=4', 'nStep=3', 'epsilonDecaySteps=1000'),
    'pqn-cart-pole': set('environments=8', 'rolloutSteps=16', 'epsilonDecaySteps=1000'),
  };

  it.each([
    'dqn-cart-pole',
    'pqn-cart-pole',
  ] as const)('%s trains in threads, resumes, is evaluated and played', async (recipe) => {
    const run = `${recipe}-run`;
    const common = ['train', recipe, ...env, '--seed', '1', ...set('actionMasks=true'), ...changes[recipe]];
    const first = await bellman(
      [...common, '--run', run, '--stop-after', '600', '--eval-every', '300', '--eval-episodes', '2'],
      { cwd },
    );
    expect(first).toMatchObject({ code: 0, stderr: '' });
    expect(await bellman(['train', '--resume', run, '--stop-after', '200'], { cwd })).toMatchObject({
      code: 0,
      stderr: '',
    });
    for (const epsilon of ['0', '1']) {
      const args = ['eval', run, '--episodes', '20', '--epsilon', epsilon, '--json'];
      const { code, stderr, stdout } = await bellman(args, { cwd });
      expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
      expect(JSON.parse(stdout).returns).toHaveLength(20);
    }
    expect(await bellman(['play', run, '--no-draw'], { cwd })).toMatchObject({ code: 0, stderr: '' });
  });

  it('is an error that shows without them', async () => {
    const args = [
      'train',
      'dqn-cart-pole',
      ...env,
      ...changes['dqn-cart-pole'],
      '--run',
      'free',
      '--stop-after',
      '200',
    ];
    const { code, stderr } = await bellman(args, { cwd });
    expect(code).not.toBe(0);
    expect(stderr).toContain('forbidden action');
  });
});

describe('an environment without masks', () => {
  const cwd = temporaryFolder();
  it.each([
    ['q-learning', 'FrozenLake-v1'],
    ['dqn-cart-pole', 'CartPole-v1'],
    ['pqn-cart-pole', 'CartPole-v1'],
  ])('is refused by %s in one line, before anything is written', async (recipe, id) => {
    const args = ['train', recipe, '--env', id, '--set', 'actionMasks=true', '--run', 'none'];
    const { code, stderr } = await bellman(args, { cwd });
    expect(code).not.toBe(0);
    expect(stderr.trim()).toBe(
      'bellman: actionMasks: true needs an environment that gives info.action_mask, as Taxi does; this one gives none.',
    );
    expect(existsSync(join(cwd, 'none'))).toBe(false);
  });
});
