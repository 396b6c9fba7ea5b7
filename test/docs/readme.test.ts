import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { readOnnx } from '../../src/graph/index.ts';
import { bellman, temporaryFolder } from '../cli/run-bellman.ts';
import { runCommand } from './documented-commands.ts';
import { runnable } from './page.ts';

const readme = readFileSync(new URL('../../README.md', import.meta.url), 'utf8');
const blocks = [...readme.matchAll(/```sh\n([\s\S]*?)```/g)].map((match) => match[1].trim());

/** The commands of the tour, in order, without the two that install. */
const tour = blocks.flatMap((block) => block.split('\n')).filter((line) => line.startsWith('npx bellman '));

describe('the README', () => {
  const cwd = temporaryFolder();

  it('has its two commands, which CI and a fresh machine run', () => {
    expect(blocks[0]).toBe('export ONNXRUNTIME_NODE_INSTALL=skip && npm ci && npx bellman train');
    expect(blocks[1]).toBe('export ONNXRUNTIME_NODE_INSTALL=skip && npm ci && npm run verify');
    expect(readFileSync(new URL('../../.ci/run', import.meta.url), 'utf8')).toContain('npm ci && npm run verify');
    expect(tour.length).toBeGreaterThan(8);
  });

  it('has a program that learns and writes a model, here cut short', { timeout: 120_000 }, async () => {
    const program = /```ts\n([\s\S]*?)```/.exec(readme)![1];
    expect(program.trim().split('\n').length).toBeLessThanOrEqual(15);
    const config = 'config: dqnCartPole.config,';
    expect(program).toContain(config);
    const short = program.replace(config, 'config: { ...dqnCartPole.config, maxSteps: 2000 },');
    writeFileSync(join(cwd, 'program.mts'), runnable(short));
    expect(await runCommand('node program.mts', cwd)).toMatch(/^\d+: done \d+ games, mean reward /m);
    const { inputs, outputs } = readOnnx(readFileSync(join(cwd, 'pole.onnx')));
    expect([inputs, outputs].map(Object.keys)).toEqual([['observations'], ['q']]);
  });

  it('starts to train Pong, as its first command does', { timeout: 120_000 }, async () => {
    let sent = false;
    const outcome = await bellman(['train'], {
      cwd,
      onStdout: (text, kill) => {
        if (!sent && /done \d+ games/.test(text)) {
          sent = true;
          kill('SIGINT');
        }
      },
    });
    expect(outcome.code).toBe(130);
    expect(outcome.stdout).toMatch(
      /Stopped at step \d+\. Resume with: bellman train --resume runs\/pong-built-in-seed0-1\n$/,
    );
  });

  it.each(tour)('%s', { timeout: 240_000 }, async (line) => {
    const outcome = await bellman(line.split(' ').slice(2), { cwd });
    expect(outcome).toMatchObject({ code: 0, stderr: '' });
    if (line.includes('value-iteration')) expect(outcome.stdout).toMatch(/Solved in 23 iterations!\n$/);
    if (line.includes('q-learning')) expect(outcome.stdout).toMatch(/Solved in \d+ iterations!\n$/);
    if (line.includes('doctor')) expect(outcome.stdout).toMatch(/All well\.\n$/);
  });
});
