import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { bellmanHere } from './bellman-here.ts';
import { temporaryFolder } from './run-bellman.ts';

const models = fileURLToPath(new URL('../../models/', import.meta.url));
const pong = `${models}pong.onnx`;
const short = ['--games', '2', '--max-steps', '20', '--epsilon', '0.5'];

describe('bellman eval --protocol', () => {
  const evaluated = async (...args: string[]) => {
    const { code, stdout, stderr } = await bellmanHere(['eval', pong, ...short, ...args, '--json']);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    return JSON.parse(stdout) as Record<string, unknown>;
  };

  it.each([
    ['no-ops', 0, 30, true],
    ['sticky', 0.25, 0, false],
    ['sticky-no-ops', 0.25, 30, false],
  ])('%s', async (protocol, stickyActions, noops, fireReset) => {
    const result = await evaluated('--protocol', protocol);
    expect(result).toMatchObject({
      protocol,
      stickyActions,
      noops,
      fireReset,
      frameSkip: 4,
      episodes: 2,
      epsilon: 0.5,
    });
    const { std, standardError } = result as { std: number; standardError: number };
    expect(standardError).toBeCloseTo(std / Math.SQRT2, 12);
  });

  it("plays by the number of no-ops that is asked for, which is no protocol's, and says so", async () => {
    expect(await evaluated('--noops', '3')).toMatchObject({ protocol: null, noops: 3, stickyActions: 0 });
    const { stdout } = await bellmanHere(['eval', pong, ...short, '--noops', '3']);
    expect(stdout).toContain(
      'Protocol its own: no sticky actions, up to 3 no-ops, FIRE at the start, 4 frames an action; scores of whole games\n',
    );
  });

  it('says the standard error to people', async () => {
    const { stdout } = await bellmanHere(['eval', pong, ...short, '--protocol', 'sticky']);
    expect(stdout).toContain(
      '\nProtocol sticky: sticky actions 0.25, no no-ops, no FIRE at the start, 4 frames an action;',
    );
    expect(stdout).toMatch(/\nStandard error \d+\.\d{3}\n/);
  });

  it.each([
    [[pong, '--protocol', 'stiky'], 'Unknown protocol "stiky". Did you mean "sticky"?'],
    [[pong, '--protocol', 'sticky', '--noops', '3'], '--noops: got 3, allowed is no value with --protocol sticky'],
    [
      [`${models}pole.onnx`, '--protocol', 'sticky'],
      '--protocol: got "sticky", allowed is an option of models of Atari games made here, not of ',
    ],
    [
      [`${models}lake.json`, '--protocol', 'sticky'],
      '--protocol: got "sticky", allowed is an option of models of Atari',
    ],
  ])('refuses %j', async (args, message) => {
    const { code, stdout, stderr } = await bellmanHere(['eval', ...args, '--games', '1']);
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
    expect(stderr.trim().split('\n')).toHaveLength(1);
    expect(stderr).toContain(message);
  });
});

describe('bellman train with a protocol', () => {
  const cwd = temporaryFolder();

  it('says it, and writes it into the run', async () => {
    const small = ['--set', 'environments=2', '--set', 'rolloutSteps=4', '--set', 'minibatches=2'];
    const args = ['train', 'pqn-pong', '--set', 'protocol=sticky', ...small, '--stop-after', '8', '--run', 'r'];
    const { code, stdout, stderr } = await bellmanHere(args, { cwd });
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout).toContain(
      '\nprotocol     sticky: sticky actions 0.25, no no-ops, no FIRE at the start, 4 frames an',
    );
    const { stdout: list } = await bellmanHere(['runs', 'r', '--json'], { cwd });
    expect(JSON.parse(list)).toMatchObject([{ protocol: 'sticky', env: 'bellman/Pong-v0' }]);
  });

  it.each([
    [['pong-fast', '--set', 'protocol=none'], 'Unknown protocol "none".'],
    [['dqn-cart-pole', '--set', 'protocol=sticky'], 'protocol: got "sticky", allowed is a setting of Atari games'],
  ])('refuses %j', async (args, message) => {
    const { code, stderr } = await bellmanHere(['train', ...args, '--run', 'none'], { cwd });
    expect(code).toBe(1);
    expect(stderr).toContain(message);
  });
});
