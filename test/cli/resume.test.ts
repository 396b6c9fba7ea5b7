import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { readCheckpointFile } from '../../src/node/runs/checkpoint-file.ts';
import { listCheckpoints } from '../../src/node/runs/run-checkpoints.ts';
import { bellman, temporaryFolder, typed } from './run-bellman.ts';

/** Kills for each kind of run; 50 in all are `BELLMAN_KILLS=17 npx vitest run test/cli/resume.test.ts`. */
const KILLS = Number(process.env['BELLMAN_KILLS'] ?? 2);

const pongInSmall = [
  ...[
    'learningStarts=900',
    'bufferSize=2000',
    'epsilonDecaySteps=400',
    'network.kind=dqn-2013',
    'preprocessing.frameSize=42',
  ],
  ...['preprocessing.edition=second', 'nStep=3'],
].flatMap((value) => ['--set', value]);

/** A run is stopped once after `half` of its steps; `spread` is how many steps lie between one kill and the next at most. */
const cases = [
  { name: 'tabular', args: ['q-learning', '--reward', '1.1'], half: 1500, spread: 100 },
  { name: 'CartPole', args: ['dqn-cart-pole', '--reward', '501'], half: 800, spread: 40 },
  { name: 'Pong', args: ['dqn-pong', ...pongInSmall], half: 950, spread: 10 },
];

/** More steps than any run here gets to: a kill is late on a busy machine, but never too late. */
const NEVER = 1_000_000_000;

/** What a run ends with: the whole state, and the logs without their times. */
function ending(run: string) {
  const [newest] = listCheckpoints(run);
  const { header, snapshot } = readCheckpointFile(newest.path);
  const metrics = readFileSync(join(run, 'metrics.jsonl'), 'utf8')
    .trimEnd()
    .split('\n')
    .map((line) => {
      const { time: _, speed: __, ...rest } = JSON.parse(line) as Record<string, unknown>;
      return rest;
    });
  return { step: header.step, snapshot, metrics };
}

describe.each(cases)('a $name run', ({ args, half, spread }) => {
  const folder = temporaryFolder();
  const train = (run: string, stopAfter: number) => [
    ...['train', ...args, '--seed', '3', '--run', run, '--quiet', '--stop-after', `${stopAfter}`],
  ];

  it('that was stopped, and killed while it trained, ends as one that never stopped', {
    timeout: 600_000,
  }, async () => {
    // Stopped once in an orderly way, then killed again and again while checkpoints are written all the time.
    const broken = join(folder, 'broken');
    expect(await bellman(train(broken, half))).toMatchObject({ code: 0, stderr: '' });
    const reached = () => listCheckpoints(broken)[0].step;
    expect(reached()).toBe(half);
    const resume = (stopAfter: number, ...more: string[]) => [
      ...['train', '--resume', broken, '--quiet', '--stop-after', `${stopAfter}`],
      ...more,
    ];
    for (let i = 0; i < KILLS; i++) {
      const from = reached();
      // A later checkpoint than the one it began with proves that it trains.
      const ahead = 1 + ((i * 37) % spread);
      let watch: NodeJS.Timeout | undefined;
      const outcome = await bellman(resume(NEVER, '--checkpoint-every', '0'), {
        onStart: (kill) => {
          watch = setInterval(() => {
            if (reached() >= from + ahead) kill('SIGKILL');
          }, 2);
        },
      });
      clearInterval(watch);
      expect(outcome).toMatchObject({ code: null, signal: 'SIGKILL' });
      expect(reached()).toBeGreaterThanOrEqual(from + ahead);
    }
    const left = 100;
    const steps = reached() + left;
    expect(await bellman(resume(left))).toMatchObject({ code: 0, stderr: '' });
    const actual = ending(broken);
    expect(actual.step).toBe(steps);

    const straight = join(folder, 'straight');
    expect(await bellman(train(straight, steps))).toMatchObject({ code: 0, stderr: '' });
    const expected = ending(straight);
    expect(expected.step).toBe(steps);
    expect(actual.snapshot).toEqual(expected.snapshot);
    expect(actual.metrics).toEqual(expected.metrics);
    expect(readdirSync(broken).filter((name) => name.endsWith('.tmp'))).toEqual([]);
  });
});

it('Ctrl-C saves, says how to go on, and exits with 130', async () => {
  const folder = temporaryFolder();
  const run = join(folder, 'run');
  let sent = false;
  const outcome = await bellman(['train', 'dqn-cart-pole', '--run', run], {
    onStdout: (text, kill) => {
      if (!sent && text.includes('done 20 games')) {
        sent = true;
        kill('SIGINT');
      }
    },
  });
  expect(outcome.code).toBe(130);
  const step = listCheckpoints(run)[0].step;
  const lines = outcome.stdout.split('\n');
  expect(lines).toContain(`Stopped at step ${step}.`);
  expect(lines).toContain(`  ${typed()} train --resume ${run}`);
});

it('keeps models along the way, whether stopped in between or not', async () => {
  const folder = temporaryFolder();
  const models = (run: string) =>
    Object.fromEntries(
      readdirSync(join(run, 'models')).map((name) => [
        name,
        readFileSync(join(run, 'models', name)).toString('base64'),
      ]),
    );
  const every = ['--snapshot-every', '1000', '--quiet'];
  const [straight, broken] = [join(folder, 'straight'), join(folder, 'broken')];
  await bellman(['train', 'dqn-cart-pole', '--run', straight, '--stop-after', '3000', ...every]);
  await bellman(['train', 'dqn-cart-pole', '--run', broken, '--stop-after', '1500', ...every]);
  await bellman(['train', '--resume', broken, '--stop-after', '1500', ...every]);
  expect(Object.keys(models(straight))).toEqual([1000, 2000, 3000].map((step) => `step-00000${step}.onnx`));
  expect(models(broken)).toEqual(models(straight));
});
