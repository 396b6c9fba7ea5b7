/** `bellman tune`: a study killed and gone on with, its recipe trained; refused before anything is made. */
import { existsSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { RunLock } from '../../src/node/runs/run-lock.ts';
import { JournalFile } from '../../src/node/tune/journal-file.ts';
import { bellmanHere } from './bellman-here.ts';
import { bellman, temporaryFolder } from './run-bellman.ts';

const folder = temporaryFolder();
const tune = (name: string, ...more: string[]): string[] => [
  ...['tune', 'q-learning', '--env', 'FrozenLake-v1', '--steps', '1000'],
  ...(more.includes('--space') ? [] : ['--space', 'alpha=0.1..1', 'gamma=0.9,0.99']),
  ...['--set', 'testEpisodes=20', '--set', 'testInterval=200', '--seeds', '1', '--trials', '2', '--jobs', '1'],
  ...['--retrain-seeds', '0', '--study', join(folder, `${name}.log`), ...more],
];

/** All but times and folders. */
const factsOf = (name: string) =>
  new JournalFile(join(folder, `${name}.log`)).read()[0].trials.map(({ number, state, value, settings, reports }) => ({
    number,
    state,
    value,
    settings,
    reports: [...reports],
  }));

describe('bellman tune', () => {
  it('killed and gone on with comes to the same study as undisturbed, and to a recipe', async () => {
    const calm = await bellman(tune('calm'));
    expect({ code: calm.code, stderr: calm.stderr }).toEqual({ code: 0, stderr: '' });
    const trials = factsOf('calm');
    expect(trials.map(({ number, state }) => [number, state])).toEqual([
      [0, 'complete'],
      [1, 'complete'],
    ]);
    for (const { value, reports } of trials) {
      // The training's own mean: of its last test.
      expect(reports.at(-1)).toEqual([1000, value]);
      expect(value).toBeGreaterThanOrEqual(0);
    }
    const { signal } = await bellman(tune('killed'), {
      onStdout: (text, kill) => {
        if (text.includes('trial 1: begins')) kill('SIGKILL');
      },
    });
    expect(signal).toBe('SIGKILL');
    const { code, stdout, stderr } = await bellman([
      'tune',
      '--resume',
      join(folder, 'killed.log'),
      '--trials',
      '2',
      '--retrain-seeds',
      '0',
      '--jobs',
      '1',
    ]);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout).toMatch(/^study {8}.*killed\.log, begun before: resumed$/m);
    expect(stdout).toMatch(/^trial 1: resumes: alpha=0\.\d+ gamma=0\.9/m);
    expect(factsOf('killed'), stdout).toEqual(trials);
    expect(stdout).toMatch(/^2 trials: 2 complete\.$/m);
  });

  it('gives a recipe that trains, with its source', async () => {
    const file = join(folder, 'calm-best.json');
    const recipe = JSON.parse(readFileSync(file, 'utf8'));
    const best = factsOf('calm').reduce((a, b) => (b.value! > a.value! ? b : a));
    expect(recipe).toMatchObject({
      id: 'q-learning-frozen-lake-tuned',
      config: { ...best.settings, maxIterations: 1000 },
    });
    expect(recipe.sources.alpha.why).toMatch(
      /^found by bellman tune .*: the best of 2 trials of 1 seed \(tpe, 1000 steps\), trial \d, score/,
    );
    const run = join(folder, 'tuned');
    const { stderr, stdout } = await bellmanHere(['train', file, '--run', run, '--json']);
    expect(stderr).toBe('');
    expect(JSON.parse(stdout)).toMatchObject({ recipe: 'q-learning-frozen-lake-tuned', step: 1000 });
    const config = JSON.parse(readFileSync(join(run, 'config.json'), 'utf8'));
    expect(config.config).toEqual(recipe.config);
  });

  it.each([
    [['--space', 'alfa=0.1..1'], /Unknown setting "alfa"\. Did you mean "alpha"\?/],
    [['--space', 'alpha=1..0.1'], /^bellman: alpha: got "1\.\.0\.1", allowed is the low end first/],
    [['--space', 'alpha=0.5..0.5'], /^bellman: alpha: got "0\.5\.\.0\.5", allowed is two ends that differ/],
    [['--space', 'gamma=0.9..2'], /^bellman: [^\n]*gamma: got 2/],
    [
      ['--space', 'maxIterations=1..9'],
      /^bellman: --space: got "maxIterations", allowed is a key that --steps does not say/,
    ],
    [
      ['--space', 'gamma=0.9,0.99', '--set', 'gamma=0.9'],
      /^bellman: --space: got "gamma", allowed is a key that --set/,
    ],
    [['--trials', '0'], /^bellman: --trials: got "0", allowed is a whole number from 1/],
    [['--sampler', 'grid'], /^bellman: alpha: got "a range without a step", allowed is a step/],
    [['--sampler', 'bayes'], /^bellman: --sampler: got "bayes", allowed is tpe, random, sobol, grid/],
    [['--study', folder], /^bellman: [^\n]*: a folder, not a file/],
    [['--study', '/dev/null'], /^bellman: \/dev\/null: a pipe or a device, not a file/],
    // Names that every object has.
    [['--space', '__proto__=1..2'], /^bellman: [^\n]*: got "__proto__", allowed is a key of the recipe\.\n$/],
    [['--space', 'constructor=1..2'], /^bellman: configuration: got "constructor", allowed is one of gamma/],
    [['--space-file', 'space.json'], /^bellman: --space-file: got "space\.json", allowed is one of --space and/],
  ])('%j: one line, and nothing is made', async (more, message) => {
    const { code, stdout, stderr } = await bellmanHere(tune('refused', ...more), { cwd: folder });
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
    expect(stderr).toMatch(message);
    expect(stderr.trimEnd()).not.toContain('\n');
    expect(existsSync(join(folder, 'refused.log'))).toBe(false);
    expect(existsSync(join(folder, 'refused'))).toBe(false);
  });

  it.each([
    [
      [
        'tune',
        'pqn',
        '--env',
        'Acrobot-v1',
        '--set',
        'rewardBound=null',
        '--objective',
        'steps',
        '--space',
        'gamma=0.9,0.99',
      ],
      /--objective: got "steps", allowed is score for .*, which has no bound; --reward sets one\.\n$/,
    ],
    [
      ['tune', 'sarsa'],
      /^bellman: --space: got undefined, allowed is KEY=RANGE, as .*: sarsa[\w-]* has no space of its own\.\n$/,
    ],
    [
      ['tune'],
      /^bellman: recipe: got undefined, allowed is a recipe whose settings are searched, or --resume with a study/,
    ],
    [
      ['tune', '--space', 'alpha=0.1..1', 'q-learning'],
      /^bellman: --space: got "q-learning", allowed is KEY=RANGE; the recipe stands before --space/,
    ],
    [['tune', '--resume', 'nothing.log'], /^bellman: --resume: got "nothing\.log", allowed is a study that was begun/],
    // Some editors mark their files as Unicode.
    [['tune', 'q-learning', '--space-file', 'marked.json'], /^bellman: configuration: got "nokey", allowed is one of/],
    [['tune', '--resume', 'none.log'], /^bellman: --resume: got "none\.log", allowed is a study that was begun/],
    [
      ['tune', 'q-learning', '--study', 'table.csv', '--space', 'alpha=0.1..1'],
      /^bellman: table\.csv: line 1 is no operation of a journal\. /,
    ],
    [
      ['tune', 'q-learning', '--study', 'other.log', '--space', 'alpha=0.1..1'],
      /^bellman: other\.log holds "lake", which `bellman tune` did not begin\. Name another file/,
    ],
    [['tune', 'q-learning', '--space-file', 'bad.json'], /^bellman: bad\.json: no JSON\. It holds a space/],
    [['train', 'bad.json'], /^bellman: bad\.json: no JSON\. It has to be a recipe/],
    [['train', 'space.json'], /^bellman: space\.json: [^\n]*id[^\n]*It has to be a recipe/],
    [
      ['train', 'code.json'],
      /^bellman: code\.json: its environment "\.\/evil\.mjs:Maze-v0" is code\. Name that with --env/,
    ],
  ])('%j: one line', async (args, message) => {
    writeFileSync(join(folder, 'table.csv'), 'step,reward\n1,2\n');
    writeFileSync(join(folder, 'bad.json'), '{');
    writeFileSync(join(folder, 'nothing.log'), '');
    writeFileSync(join(folder, 'marked.json'), '\uFEFF{"nokey": "0.1..1"}');
    writeFileSync(join(folder, 'space.json'), '{"alpha": "0.1..1"}');
    const evil = { id: 'evil', title: '', algorithm: 'q-learning', env: './evil.mjs:Maze-v0', config: {} };
    writeFileSync(join(folder, 'code.json'), JSON.stringify(evil));
    const other = new URL('../../src/node/tune/fixtures/optuna-study.log', import.meta.url);
    writeFileSync(join(folder, 'other.log'), readFileSync(other));
    const { code, stdout, stderr } = await bellmanHere(args, { cwd: folder });
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
    expect(stderr).toMatch(message);
    expect(stderr.trimEnd()).not.toContain('\n');
  });

  it('refuses a study of another space and other settings, by name', async () => {
    for (const [more, message] of [
      [
        ['--space', 'alpha=0.2..1', 'gamma=0.9,0.99'],
        /calm\.log was begun with other settings: space\.alpha\.low 0\.1, now 0\.2\. Use those, or another file/,
      ],
      [
        ['--steps', '9', '--seeds', '2'],
        /other settings: set\.maxIterations 1000, now 9; steps 1000, now 9; seeds \[0\], now \[0,1\]\./,
      ],
      [['--sampler', 'grid'], /begun with other settings: sampler "tpe", now "grid"\./],
    ] as const) {
      const { code, stderr } = await bellmanHere(tune('calm', ...more));
      expect(code).toBe(1);
      expect(stderr).toMatch(message);
    }
  });

  it.each(['null', '0.5', undefined])('goes on by its own settings where trainings had the bound %s', async (bound) => {
    const name = `bound-${bound}`;
    const said = bound === undefined ? [] : ['--set', `rewardBound=${bound}`];
    const begun = await bellmanHere(tune(name, ...said, '--minutes', '0'));
    expect(begun.stderr).toBe('');
    const { stdout, stderr } = await bellmanHere(['tune', '--resume', join(folder, `${name}.log`), '--minutes', '0']);
    expect(stderr).toBe('');
    expect(stdout).toContain('begun before: resumed\n');
    expect(stdout).toContain('\n0 trials: none begun.\n');
  });

  it('leaves a study that another program works on, and runs no code that a file alone names', async () => {
    const lock = RunLock.acquire(join(folder, 'calm'));
    symlinkSync(join(folder, 'calm.log'), join(folder, 'link.log'));
    for (const name of ['calm', 'link']) {
      const busy = await bellmanHere(tune(name, '--trials', '9'));
      expect(busy.code).toBe(1);
      expect(busy.stderr).toMatch(/^bellman: .*calm is being (written|opened) by [^\n]*\n$/);
    }
    lock.release();
    expect(factsOf('calm')).toHaveLength(2);
    const content = readFileSync(join(folder, 'calm.log'), 'utf8');
    writeFileSync(join(folder, 'evil.log'), content.replace('"recipe":"q-learning"', '"recipe":"./evil.mjs:dqn"'));
    const { code, stderr } = await bellmanHere(['tune', '--resume', join(folder, 'evil.log')]);
    expect(code).toBe(1);
    expect(stderr).toMatch(
      /allowed is a study without code of its own; name the recipe too, as this one runs \.\/evil\.mjs:dqn\.\n$/,
    );
  });

  it("draws a study, Optuna's own too", async () => {
    const optuna = new URL('../../src/node/tune/fixtures/optuna-study.log', import.meta.url).pathname;
    for (const [file, kind, words] of [
      ['calm.log', 'history', '2 trials of q-learning on FrozenLake-v1'],
      [optuna, 'parallel', 'Trials of lake'],
      [optuna, 'slices', '>share<'],
      [optuna, 'importances', 'share of variance'],
    ] as const) {
      const more = kind === 'history' ? [] : [`--${kind}`];
      const { code, stdout, stderr } = await bellmanHere(['plot', file, ...more], { cwd: folder });
      expect({ code, stdout, stderr }).toEqual({ code: 0, stdout: `Picture ${kind}.svg\n`, stderr: '' });
      expect(readFileSync(join(folder, `${kind}.svg`), 'utf8')).toContain(words);
    }
    writeFileSync(join(folder, 'empty.log'), '{"op_code":0,"worker_id":"w","study_name":"s","directions":[2]}\n');
    writeFileSync(join(folder, 'table.csv'), 'step,reward\n1,2\n');
    for (const [name, value] of [
      ['endless', Number.POSITIVE_INFINITY],
      ['bare', 1],
    ] as const) {
      const journal = new JournalFile(join(folder, `${name}.log`));
      const { id } = await journal.createStudy('s', 'minimize', {});
      await journal.createTrial(id, {}, () => ({ settings: {}, attributes: {} }));
      await journal.endTrial(0, 'complete', 1, {});
      const text = readFileSync(journal.path, 'utf8');
      // As Python writes it.
      writeFileSync(journal.path, text.replace('"values":[1]', `"values":[${value}]`));
    }
    const cases = [
      [['none.log', '--history'], /none\.log: no such file\. Check the path\.\n$/],
      [['empty.log'], /empty\.log: no trial of "s" has a finite value yet: there is nothing to draw\.\n$/],
      [['endless.log'], /endless\.log: no trial of "s" has a finite value yet/],
      [['bare.log', '--slices'], /bare\.log: the trials of "s" have no settings: --slices has nothing to draw\.\n$/],
      [['table.csv', '--slices'], /table\.csv: line 1 is no operation of a journal/],
      [['calm.log', 'calm.log'], /--history: got "2 studies", allowed is one study/],
      [
        ['calm.log', '--parallel', '--smooth', '3'],
        /--smooth: got 3, allowed is an option of curves, not of --parallel/,
      ],
    ] as const;
    for (const [args, message] of cases) {
      const { code, stderr } = await bellmanHere(['plot', ...args], { cwd: folder });
      expect(code).toBe(1);
      expect(stderr).toMatch(message);
    }
  });
});
