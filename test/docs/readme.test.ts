import { existsSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { commands } from '../../src/cli/commands.ts';
import { readOnnx } from '../../src/graph/index.ts';
import { readStatus } from '../../src/node/runs/run-status.ts';
import { bellman, temporaryFolder } from '../cli/run-bellman.ts';
import { runCommand } from './documented-commands.ts';
import { runnable } from './page.ts';

const readme = readFileSync(new URL('../../README.md', import.meta.url), 'utf8');
const blocks = [...readme.matchAll(/```sh\n([\s\S]*?)```/g)].map((match) => match[1].trim());

/** The commands of the tour, in order, without the two that install. */
const tour = blocks.flatMap((block) => block.split('\n')).filter((line) => line.startsWith('npx bellman '));

describe('the README', () => {
  const cwd = temporaryFolder();
  const programs = temporaryFolder();

  it('has its two commands, which CI and a fresh machine run', () => {
    expect(blocks).toContain('npm ci && npx bellman train');
    expect(blocks).toContain('npm ci && npm run verify');
    expect(readFileSync(new URL('../../.ci/run', import.meta.url), 'utf8')).toContain('npm ci && npm run verify');
    expect(tour.length).toBeGreaterThan(12);
  });

  it('installs the package under its name, and runs its program', () => {
    const { name, bin } = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8'));
    expect(readme).toContain(`npm install ${name}\n`);
    expect(bin).toHaveProperty('bellman');
  });

  it('names every command', () => {
    const row = readme.split('\n').find((line) => line.startsWith('| `bellman train`, '))!;
    const named = [...row.matchAll(/`(?:bellman )?(\w+)`/g)].map(([, name]) => name);
    expect(named.toSorted()).toEqual(commands.map(({ name }) => name).toSorted());
  });

  it('shows code and a picture on its first screen, and has every picture', () => {
    const pictures = [...readme.matchAll(/!\[[^\]]+\]\(([^)]+)\)/g)].map(([, path]) => path);
    expect(readme.split('\n').findIndex((line) => line.startsWith('!['))).toBeLessThan(30);
    for (const path of pictures) expect(existsSync(new URL(`../../${path}`, import.meta.url)), path).toBe(true);
    const bytes = pictures.map((path) => statSync(new URL(`../../${path}`, import.meta.url)).size);
    expect(Math.max(...bytes)).toBeLessThan(1_500_000);
  });

  it('has a program that learns and writes a model, here cut short', async () => {
    const program = /```js\n([\s\S]*?)```/.exec(readme)![1];
    expect(program.trim().split('\n').length).toBeLessThanOrEqual(16);
    const config = 'config: dqnCartPole.config,';
    expect(program).toContain(config);
    const short = program.replace(config, 'config: { ...dqnCartPole.config, maxSteps: 2000 },');
    writeFileSync(join(programs, 'pole.mjs'), runnable(short));
    expect(await runCommand('node pole.mjs', programs)).toMatch(/^\d+: done \d+ games, mean reward /m);
    const { inputs, outputs } = readOnnx(readFileSync(join(programs, 'pole.onnx')));
    expect([inputs, outputs].map(Object.keys)).toEqual([['observations'], ['q']]);
    expect(await runCommand('npx bellman play pole.onnx', programs)).toMatch(/Total reward: \d+/);
  });

  it('starts to train Pong, as its first command does', async () => {
    const run = 'runs/pong-built-in-seed0-1';
    // Rounds of 1,024 frames, each learned from.
    let watch: NodeJS.Timeout | undefined;
    const outcome = await bellman(['train'], {
      cwd,
      onStart: (kill) => {
        watch = setInterval(() => {
          if ((readStatus(join(cwd, run))?.step ?? 0) < 4096) return;
          clearInterval(watch);
          kill('SIGINT');
        }, 100);
      },
    });
    clearInterval(watch);
    expect(outcome.code).toBe(130);
    expect(outcome.stdout).toMatch(/^Stopped at step \d+\.$/m);
    expect(outcome.stdout).toMatch(/^ {2}.* train --resume runs\/pong-built-in-seed0-1$/m);
  });

  it.each(tour)('%s', async (line) => {
    const printed = await runCommand(line, cwd);
    if (line.includes('value-iteration')) expect(printed).toMatch(/Solved in 23 iterations!/);
    if (line.includes('train q-learning-full-taxi')) expect(printed).toMatch(/^Solved in \d+ iterations!$/m);
    if (line.includes('eval runs/taxi')) expect(printed).toMatch(/^Mean reward 7\.600,/m);
    if (line.includes('doctor')) expect(printed).toMatch(/All well\.\n$/);
  });
});
