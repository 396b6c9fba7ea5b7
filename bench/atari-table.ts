/**
 * Compares every game with ale-py frame by frame and writes docs/results/atari.md.
 *
 *   npx tsx bench/atari-table.ts [--frames 20000] [--seeds 3] [--state FILE] [--write] [GAME ...]
 *
 * With --state, results are kept in a file from run to run, and games that are there already with as many frames and seeds
 * are left out. --write writes the page from all results. Needs the Python of the tests (scripts/setup-tests.sh).
 */
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { GAMES } from '../src/atari/games/index.ts';
import { titleOf } from '../src/atari/names.ts';
import { writeFileAtomic } from '../src/node/files/atomic-file.ts';
import { type Agreement, aleFrames, compareFrames, ourFrames } from '../test/oracle/atari-frames.ts';
import { page } from './report.ts';

interface GameResult {
  readonly frames: number;
  /** One for each seed from 0. */
  readonly agreements: Agreement[];
}

const { values, positionals } = parseArgs({
  options: {
    frames: { type: 'string', default: '20000' },
    seeds: { type: 'string', default: '3' },
    state: { type: 'string' },
    write: { type: 'boolean', default: false },
  },
  allowPositionals: true,
});
const frames = Number(values.frames);
const seeds = Number(values.seeds);
const results: Record<string, GameResult> =
  values.state !== undefined && existsSync(values.state) ? JSON.parse(readFileSync(values.state, 'utf8')) : {};

for (const { name } of GAMES) {
  if (positionals.length > 0 ? !positionals.includes(name) : isDone(results[name])) continue;
  const agreements: Agreement[] = [];
  for (let seed = 0; seed < seeds; seed++) {
    for await (const theirs of aleFrames([{ game: name }], frames, seed)) {
      agreements.push(compareFrames(ourFrames({ game: name }, frames, seed), theirs));
    }
  }
  results[name] = { frames, agreements };
  console.log(`${isEqual(results[name]) ? 'equal' : 'DIFFERS'} ${name} ${describe(results[name])}`);
  if (values.state !== undefined) writeFileSync(values.state, JSON.stringify(results));
}
if (values.write) writeFileAtomic(page('results/atari.md'), text());

function isDone(result: GameResult | undefined): boolean {
  return result !== undefined && result.frames >= frames && result.agreements.length >= seeds;
}

function isEqual({ agreements }: GameResult): boolean {
  return agreements.every(({ first }) => first === undefined);
}

function describe({ agreements }: GameResult): string {
  return agreements
    .map(
      ({ ram, screen, outcome, first }) =>
        `${ram}/${screen}/${outcome}${first === undefined ? '' : ` at ${first.frame}`}`,
    )
    .join(', ');
}

function text(): string {
  const rows = GAMES.filter(({ name }) => results[name] !== undefined).map(({ name }) => {
    const { agreements, frames } = results[name];
    const sum = (part: 'ram' | 'screen' | 'outcome'): string =>
      agreements.reduce((total, agreement) => total + Math.max(0, agreement[part] - 1), 0).toLocaleString('en-US');
    const compared = `${agreements.length} x ${frames.toLocaleString('en-US')}`;
    return `| ${titleOf(name)} | ${compared} | ${sum('ram')} | ${sum('screen')} | ${sum('outcome')} |`;
  });
  const equal = GAMES.filter(({ name }) => results[name] !== undefined && isEqual(results[name])).length;
  return `# Atari 2600: frames equal to ale-py's

${equal} of ${rows.length} games are equal to ale-py 0.12.1, byte for byte, in every frame compared: RAM, screen (palette numbers; RGB and
grayscale in every 60th frame) and outcome (reward, lives, end). Each seed, from 0, plays random minimal actions held for 8 frames,
without sticky actions, with a reset after every end; the columns count the equal frames from the start.

\`npx tsx bench/atari-table.ts --write\` compares again, 3 seeds of 20,000 frames for each game, and writes this page.
\`bellman trace --ale GAME\` prints the same frames as text.

| game | compared | RAM | screen | outcome |
|---|---:|---:|---:|---:|
${rows.join('\n')}
`;
}
