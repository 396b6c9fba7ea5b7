/** `bellman suite`: trained, scored, in a table; killed and gone on with; refused before anything is trained. */
import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { SuiteTable } from '../../src/node/suite/suite-table.ts';
import { summarize } from '../../src/stats/summary.ts';
import { bellmanHere } from './bellman-here.ts';
import { bellman, temporaryFolder } from './run-bellman.ts';

const folder = temporaryFolder();

/** What does not depend on how long it took. */
function facts(dir: string): unknown {
  const table = JSON.parse(readFileSync(join(dir, 'table.json'), 'utf8')) as SuiteTable;
  return { ...table, rows: table.rows.map(({ minutes: _, ...row }) => row) };
}

// Long enough to be killed within: some thousand steps of a small network, saved as often as can be.
const suite = (dir: string): string[] => [
  ...['suite', 'dqn', '--games', 'CartPole-v1,CartPole-v0', '--seeds', '2', '--steps', '1200', '--jobs', '2'],
  ...['--set', 'network.hiddenSizes=[16]', '--set', 'learningStarts=200', '--episodes', '3', '--threads', '1'],
  ...['--checkpoint-every', '0.2', '--dir', dir],
];

const hasCheckpoint = (dir: string): boolean => {
  const folders = ['seed0', 'seed1'].map((seed) => join(dir, 'CartPole-v1', seed, 'checkpoints'));
  return folders.some((path) => existsSync(path) && readdirSync(path).some((name) => name.endsWith('.bck')));
};

describe('bellman suite', () => {
  const whole = join(folder, 'whole');
  const killed = join(folder, 'killed');

  it('trains and scores each game and seed and writes the table', async () => {
    const { code, stdout, stderr } = await bellman(suite(whole));
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    const table = JSON.parse(readFileSync(join(whole, 'table.json'), 'utf8')) as SuiteTable;
    expect(table.rows.map(({ env, finished, asked, steps }) => [env, finished, asked, steps])).toEqual([
      ['CartPole-v1', 2, 2, 1200],
      ['CartPole-v0', 2, 2, 1200],
    ]);
    expect(table.aggregates).toBeNull();
    // The scores are those of the files, which hold what was played.
    for (const { env, score } of table.rows) {
      const means = [0, 1].map((seed) => {
        const { score: one } = JSON.parse(readFileSync(join(whole, env, `seed${seed}.json`), 'utf8'));
        expect(one).toMatchObject({ step: 1200, protocol: { episodes: 3, epsilon: 0.01 } });
        expect(one.returns).toHaveLength(3);
        return summarize(one.returns).mean;
      });
      expect(score?.mean).toBeCloseTo((means[0] + means[1]) / 2, 12);
    }
    expect(stdout).toContain(readFileSync(join(whole, 'table.md'), 'utf8').trimEnd());
    expect(stdout).toMatch(/^CartPole-v1 seed 0: begins$/m);
    expect(stdout).toMatch(/^CartPole-v0 seed 1: score -?[\d.]+ \+- [\d.]+, 1,200 steps, [\d.]+ min$/m);
    expect(stdout).toMatch(/^4 of 4 runs finished\. Table: /m);
    expect(readdirSync(join(whole, 'CartPole-v1', 'seed0', 'models'))).toEqual(['step-000001200.onnx']);
  });

  it('scores by the model of the end what `eval` scores by it', async () => {
    const model = join(whole, 'CartPole-v1', 'seed1', 'models', 'step-000001200.onnx');
    const played = await bellmanHere(['eval', model, '--episodes', '3', '--seed', '1000001', '--json']);
    const { score } = JSON.parse(readFileSync(join(whole, 'CartPole-v1', 'seed1.json'), 'utf8'));
    expect(JSON.parse(played.stdout).returns).toEqual(score.returns);
  });

  it('does nothing again that is done', async () => {
    const before = facts(whole);
    const { code, stdout } = await bellman(['suite', '--dir', whole, '--json']);
    expect(code).toBe(0);
    expect(facts(whole)).toEqual(before);
    expect(JSON.parse(stdout).rows).toHaveLength(2);
    const text = await bellman(suite(whole));
    expect(text.stdout).not.toMatch(/begins|resumes from|plays for/);
  });

  it('has its table from settings and scores alone, without the runs', async () => {
    const kept = join(folder, 'kept');
    const small = [
      'suite.json',
      'CartPole-v0/seed0.json',
      'CartPole-v0/seed1.json',
      'CartPole-v1/seed0.json',
      'CartPole-v1/seed1.json',
    ];
    for (const name of small) cpSync(join(whole, name), join(kept, name));
    const { code } = await bellmanHere(['suite', '--dir', kept, '--json']);
    expect(code).toBe(0);
    expect(readFileSync(join(kept, 'table.json'), 'utf8')).toBe(readFileSync(join(whole, 'table.json'), 'utf8'));
    expect(readdirSync(join(kept, 'CartPole-v1'))).toEqual(['seed0.json', 'seed1.json']);
  });

  it('killed again and again has the same table in the end', { timeout: 480_000 }, async () => {
    // At what it says, each in front of its work, and once a training has a checkpoint.
    const moments = [
      /: begins/,
      'checkpoint',
      /resumes from its last checkpoint|trained, plays for/,
      /seed 0: score/,
    ] as const;
    for (const moment of moments) {
      let killedAt: string | undefined;
      let watch: NodeJS.Timeout | undefined;
      const { signal } = await bellman(suite(killed), {
        onStart: (kill) => {
          if (moment !== 'checkpoint') return;
          watch = setInterval(() => {
            if (killedAt !== undefined || !hasCheckpoint(killed)) return;
            killedAt = moment;
            kill('SIGKILL');
          }, 20);
        },
        onStdout: (text, kill) => {
          if (killedAt !== undefined || moment === 'checkpoint' || !moment.test(text)) return;
          killedAt = String(moment);
          kill('SIGKILL');
        },
      });
      clearInterval(watch);
      expect({ killedAt, signal }).toEqual({ killedAt: String(moment), signal: 'SIGKILL' });
      expect(existsSync(join(killed, 'suite.json'))).toBe(true);
    }
    const { code, stdout, stderr } = await bellman(suite(killed));
    expect({ code, stderr }, stdout).toEqual({ code: 0, stderr: '' });
    expect(facts(killed)).toEqual(facts(whole));
  });

  it('refuses other settings, a damaged file and a folder that is none', async () => {
    const cases = [
      [
        [...suite(whole), '--steps', '99'],
        /^bellman: .*whole was begun with other settings: steps 1200, now 99\. Use those, or another folder \(--dir\)\.\n$/,
      ],
      [
        ['suite', '--dir', join(folder, 'none')],
        /^bellman: --dir: got .*, allowed is the folder of a suite that was begun; for a new one name a recipe too\.\n$/,
      ],
      [['suite'], /^bellman: recipe: got undefined, allowed is a recipe, a file, or with --dir/],
    ] as const;
    for (const [args, message] of cases) {
      const { code, stdout, stderr } = await bellmanHere([...args]);
      expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
      expect(stderr).toMatch(message);
    }
    const file = join(whole, 'CartPole-v1', 'seed0.json');
    const content = readFileSync(file, 'utf8');
    writeFileSync(file, content.slice(0, 40));
    expect((await bellmanHere(suite(whole))).stderr).toMatch(/seed0\.json: not what is noted beside a run\. Delete it/);
    writeFileSync(file, content);
  });

  it('says a missing cartridge, an unknown game and a wrong value before it trains', async () => {
    const dir = join(folder, 'bad');
    const roms = process.env['BELLMAN_ROMS'];
    process.env['BELLMAN_ROMS'] = join(folder, 'no-roms');
    const cases = [
      [['dqn', '--games', 'CartPole-v1,seaquest'], /^bellman: No cartridge of Seaquest\. [^\n]*\n$/],
      [
        ['dqn', '--games', 'CartPole-v1,seequest'],
        /^bellman: Unknown environment "seequest"\. Did you mean "[^\n]*\n$/,
      ],
      [['dqn', '--games', 'CartPole-v1', '--set', 'gama=1'], /^bellman: [^\n]*gamma[^\n]*\n$/],
      [['dqn', '--games', 'CartPole-v1,'], /^bellman: --games: got "CartPole-v1,", allowed is/],
      [['dqn', '--games', 'CartPole-v1', '--seeds', '0'], /^bellman: --seeds: got "0", allowed is/],
    ] as const;
    for (const [args, message] of cases) {
      const { code, stderr } = await bellmanHere(['suite', ...args, '--dir', dir]);
      expect({ args, code }).toEqual({ args, code: 1 });
      expect(stderr).toMatch(message);
      expect(existsSync(dir)).toBe(false);
    }
    if (roms === undefined) delete process.env['BELLMAN_ROMS'];
    else process.env['BELLMAN_ROMS'] = roms;
  });

  it('of a folder from elsewhere runs no code that it names', async () => {
    const settings = JSON.parse(readFileSync(join(whole, 'suite.json'), 'utf8'));
    const stranger = join(folder, 'stranger');
    mkdirSync(stranger);
    writeFileSync(join(stranger, 'suite.json'), JSON.stringify({ ...settings, recipe: './evil.mjs:dqn' }));
    const { code, stderr } = await bellmanHere(['suite', '--dir', stranger]);
    expect(code).toBe(1);
    expect(stderr).toMatch(
      /allowed is a suite without code of its own; name the recipe too, as this one runs \.\/evil\.mjs:dqn/,
    );
  });
});
