/** `bellman plot` of suites, whose files are written here: scores whose comparison is known. */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { bellmanHere } from './bellman-here.ts';
import { temporaryFolder } from './run-bellman.ts';

const folder = temporaryFolder();
const PONG = 'PongNoFrameskip-v4';
const BREAKOUT = 'BreakoutNoFrameskip-v4';

function suite(name: string, scores: Readonly<Record<string, readonly number[]>>, protocol = 'no-ops'): void {
  const evaluation = { episodes: 1, epsilon: 0.01, protocol };
  const games = Object.keys(scores);
  const dir = join(folder, name);
  const settings = { recipe: name, games, seeds: [0, 1], steps: 10, set: {}, kwargs: {}, evaluation, version: '1.0.0' };
  mkdirSync(dir);
  writeFileSync(join(dir, 'suite.json'), JSON.stringify(settings));
  for (const game of games) {
    mkdirSync(join(dir, game));
    scores[game].forEach((value, seed) => {
      const score = { step: 10, unit: 'frames', frames: 40, seconds: 60, protocol: { protocol }, returns: [value] };
      writeFileSync(join(dir, game, `seed${seed}.json`), JSON.stringify({ parts: [], score }));
    });
  }
}
// Human-normalised: 1 and 0 on Pong, 2 and 1 on Breakout; the other's are 0 and 0, 1 and 0.
suite('better', { [PONG]: [14.6, -20.7], [BREAKOUT]: [59.3, 30.5] });
suite('worse', { [BREAKOUT]: [30.5, 1.7], [PONG]: [-20.7, -20.7] });
suite('sticky', { [PONG]: [1, 2], [BREAKOUT]: [3, 4] }, 'sticky');
suite('pong-alone', { [PONG]: [1, 2] });
suite('pole', { 'CartPole-v1': [9, 10] });

const plot = (...args: string[]) => bellmanHere(['plot', ...args], { cwd: folder });

describe('plot of suites', () => {
  it('draws the profile by default and says how likely the first is better', async () => {
    const { code, stdout, stderr } = await plot('BETTER=better', 'worse');
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    // Pong: 1 beats both, 0 ties with both: 3/4. Breakout: 2 beats both, 1 ties with one and beats one: 7/8.
    expect(stdout).toMatch(
      /^Probability that a run of BETTER beats one of worse: 0\.813 \(0\.\d{3} to [01]\.\d{3}\)\nPicture profile\.svg\n$/,
    );
    const svg = readFileSync(join(folder, 'profile.svg'), 'utf8');
    for (const text of ['BETTER (2 seeds)', 'worse (2 seeds)', 'human-normalised score', 'stratified bootstrap']) {
      expect(svg).toContain(text);
    }
    // The axis begins at 0: three of the four runs of one are above it, one of the other's.
    const lines = [...svg.matchAll(/<path d="M76,([\d.]+)[^"]*" fill="none" stroke-width="2.4"/g)].map(([, y]) =>
      Number(y),
    );
    const [top, bottom] = ['1', '0'].map(
      (tick) => Number(new RegExp(`y="([\\d.]+)"[^>]*text-anchor="end">${tick}<`).exec(svg)?.[1]) - 4,
    );
    expect(lines.map((y) => Number(((bottom - y) / (bottom - top)).toFixed(2)))).toEqual([0.75, 0.25]);
  });

  it('draws aggregates', async () => {
    const { stdout, stderr } = await plot('better', '--aggregates', '-o', 'one.svg');
    expect({ stdout, stderr }).toEqual({ stdout: 'Picture one.svg\n', stderr: '' });
    const svg = readFileSync(join(folder, 'one.svg'), 'utf8');
    for (const text of ['median', 'interquartile mean', 'mean', 'optimality gap']) expect(svg).toContain(`>${text}<`);
  });

  it.each([
    [['better', 'sticky'], /better and sticky do not compare: protocols .*no-ops.* and .*sticky/],
    [['better', 'pong-alone'], /better and pong-alone do not compare: breakout is in one of them alone\.\n$/],
    [['pole'], /pole has no finished run of a game whose human score is known/],
    [
      ['better', '--profile', '--aggregates'],
      /--aggregates: got true, allowed is one of --profile and --aggregates\.\n$/,
    ],
    [['better', '--smooth', '3'], /--smooth: got 3, allowed is an option of curves, not of --profile\.\n$/],
    [['nothing', '--profile'], /^bellman: nothing: no suite\. /],
  ])('%j: one line', async (args, message) => {
    const { code, stdout, stderr } = await plot(...args);
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
    expect(stderr).toMatch(message);
    expect(stderr.trimEnd()).not.toContain('\n');
  });
});
