/**
 * Runs that version 0.1.0 began, with its flat configurations: made by it (commit cdab41a) with
 *
 *     bellman train dqn-cart-pole --set hiddenSizes=[4] --set learningStarts=64 --set bufferSize=128 --set batchSize=16
 *       --set replay=prioritized --set noisy=true --set values=quantile --set quantiles=5 --set targetUpdateInterval=20
 *       --threads 1 --seed 3 --stop-after 300
 *     bellman train pqn-cart-pole --set hiddenSizes=[4] --set environments=4 --set rolloutSteps=8 --set minibatches=2
 *       --threads 1 --seed 3 --stop-after 300
 *
 * and its logs of the same without a stop until step 600.
 */
import { cpSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { bellman, temporaryFolder } from './run-bellman.ts';

const fixtures = fileURLToPath(new URL('../oracle/fixtures/runs-0.1.0/', import.meta.url));

type Line = Readonly<Record<string, number>>;
const lines = (path: string): Line[] =>
  readFileSync(path, 'utf8')
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line));

/** It wrote a line for each episode; now those that end in one step have one, with their mean. */
function oneOfEachStep(all: readonly Line[]): Line[] {
  const steps = new Map<number, Line[]>();
  for (const line of all) steps.set(line['step'], [...(steps.get(line['step']) ?? []), line]);
  return [...steps.values()].map((same) => ({
    ...same[0],
    reward: same.reduce((sum, { reward }) => sum + reward, 0) / same.length,
  }));
}

describe.each(['dqn', 'pqn'])('a %s run of version 0.1.0', (name) => {
  const cwd = temporaryFolder();
  cpSync(join(fixtures, name), join(cwd, 'run'), { recursive: true });

  it('goes on as it did there', async () => {
    const resumed = await bellman(['train', '--resume', 'run', '--stop-after', '300', '--quiet'], { cwd });
    expect(resumed).toMatchObject({ code: 0, stderr: '' });
    const ours = oneOfEachStep(lines(join(cwd, 'run', 'metrics.jsonl')));
    const theirs = oneOfEachStep(lines(join(fixtures, `${name}-straight.jsonl`)));
    expect(ours.map(({ step, reward }) => ({ step, reward }))).toEqual(
      theirs.map(({ step, reward }) => ({ step, reward })),
    );
    expect(ours.at(-1)!.step).toBeGreaterThan(500);
    ours.forEach((line, i) => {
      // Last bits of sums depend on the processor.
      for (const key of ['loss', 'mean_q']) expect(line[key] ?? 0).toBeCloseTo(theirs[i][key] ?? 0, 3);
    });
  });

  it('is played', async () => {
    expect(await bellman(['eval', 'run', '--episodes', '1'], { cwd })).toMatchObject({ code: 0, stderr: '' });
  });
});

describe('a run of a later version', () => {
  const cwd = temporaryFolder();
  it.each([
    [{ format: 3 }, 'run has a configuration of form 3, this version knows 1 to 2.'],
    [{ format: 'new' }, 'run has a configuration of form "new", this version knows 1 to 2.'],
    [{ config: null }, 'run/config.json, config: got null, allowed is an object.'],
    [{ seed: 'x' }, 'run/config.json, seed: got "x", allowed is a whole number, at least 0.'],
    [{ env: 7 }, 'run/config.json, env: got 7, allowed is a name.'],
    [{ algorithm: 'dqm' }, 'Unknown algorithm "dqm". Did you mean "dqn"?'],
  ])('%j is refused', async (change, message) => {
    cpSync(join(fixtures, 'dqn'), join(cwd, 'run'), { recursive: true });
    const file = join(cwd, 'run', 'config.json');
    writeFileSync(file, JSON.stringify({ ...JSON.parse(readFileSync(file, 'utf8')), ...change }));
    const { code, stderr } = await bellman(['train', '--resume', 'run'], { cwd });
    expect(code).toBe(1);
    expect(stderr).toContain(message);
    expect(stderr.trim().split('\n')).toHaveLength(1);
  });
});
