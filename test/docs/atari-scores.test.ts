/** The page of scores says what the kept runs say. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { tableOf } from '../../src/cli/plot-suite.ts';
import { tableMarkdown } from '../../src/node/suite/suite-table.ts';

const results = fileURLToPath(new URL('../../docs/results/', import.meta.url));
const page = readFileSync(join(results, 'atari-scores.md'), 'utf8');
const suites = readdirSync(join(results, 'atari-scores'));
const curvesOf = (name: string): object =>
  JSON.parse(readFileSync(join(results, 'atari-scores', name, 'curves.json'), 'utf8'));

describe.each(suites)('scores of atari-fast, %s', (name) => {
  const table = tableOf(join(results, 'atari-scores', name));

  it('stand on the page, with their aggregates', () => {
    // Published scores are columns between these.
    const cells = (line: string): string[] => line.split('|').map((cell) => cell.trim());
    const rows = tableMarkdown(table)
      .split('\n')
      .filter((line) => line.startsWith('| '));
    const shown = page.split('\n').map(cells);
    for (const row of rows.map(cells)) {
      expect(shown.some((line) => row.every((cell) => line.includes(cell)))).toBe(true);
    }
  });

  it('are of the protocol that the section is of', () => {
    expect(table.protocol).toMatchObject({ protocol: name, epsilon: 0.01, episodes: 30 });
  });

  it('have a curve each', () => {
    const runs = table.rows.flatMap(({ env, scores }) => scores.map(({ seed }) => `${env}/seed${seed}`));
    expect(Object.keys(curvesOf(name)).toSorted()).toEqual(runs.toSorted());
  });
});

it('the README says the median of the page, and those it is compared with', () => {
  const median = /^\| median \| (\S+) \| [^|]+ \| (\S+) \| (\S+) \|$/m.exec(page);
  const readme = readFileSync(join(results, '../../README.md'), 'utf8').replace(/\s+/g, ' ');
  expect(readme).toContain(
    `a median human-normalised score of ${median?.[1]}, where Dopamine's DQN has ${median?.[2]} and Rainbow ${median?.[3]} `,
  );
});

it('the README says the scores of the long runs', () => {
  const section = page.slice(page.indexOf('<!-- begin: no-ops -->'));
  const rowOf = (game: string): string[] =>
    (new RegExp(`\\| ${game}NoFrameskip-v4 .*`).exec(section)?.[0] ?? '').split('|').map((cell) => cell.trim());
  const scoreOf = (game: string): string => rowOf(game)[2];
  const humanOf = (game: string): string => rowOf(game)[5];
  const readme = readFileSync(join(results, '../../README.md'), 'utf8').replace(/\s+/g, ' ');
  expect(readme).toContain(
    [
      `After 40 million frames, one run each, Breakout has ${Math.round(Number(scoreOf('Breakout')))} (CleanRL's PQN 385)`,
      `and Pong ${scoreOf('Pong')} (20.5), Atlantis ${scoreOf('Atlantis')} and River Raid ${scoreOf('Riverraid')}`,
      `(a person ${humanOf('Atlantis')} and ${humanOf('Riverraid')})`,
    ].join(' '),
  );
});
