/**
 * The Atari 2600 compared with ale-py on ten games, the book's wrappers with Stable-Baselines3's, and the console in
 * headless Chromium: writes docs/results/atari-speed.md.
 *
 *   npm run build && npx tsx bench/atari-speed.ts [--rounds 7] [--frames 5000] [--steps 2000] [--write] [GAME ...]
 *
 * A round measures one and then the other; the table has medians of the rounds. Both count their processor time, all
 * threads together, so that other programs on the machine matter little. Needs imported cartridges (`bellman roms`), and
 * Chromium as the tests have it (`BELLMAN_CHROMIUM`). BELLMAN_PEERS_PYTHON: a Python with bench/peers/requirements.txt.
 */
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { Ale } from '../src/atari/ale.ts';
import { measureAle } from '../src/atari/bench-ale.ts';
import { cartridgeOf } from '../src/atari/cartridges.ts';
import { gameNamed } from '../src/atari/games/index.ts';
import { titleOf } from '../src/atari/names.ts';
import '../src/atari/atari-family.ts';
import type { Env } from '../src/core/env.ts';
import { Generator } from '../src/core/random/index.ts';
import { make } from '../src/envs/index.ts';
import { writeFileAtomic } from '../src/node/files/atomic-file.ts';
import { useCartridgeFolder } from '../src/node/roms/cartridge-folder.ts';
import { lapanPreprocessing } from '../src/wrappers/lapan-preprocessing.ts';
import { launchChromium } from '../test/support/launch-chromium.ts';
import { peerPython, runPeer } from './peers.ts';
import { machine, median, page } from './report.ts';

const { values, positionals } = parseArgs({
  options: {
    rounds: { type: 'string', default: '7' },
    frames: { type: 'string', default: '5000' },
    steps: { type: 'string', default: '2000' },
    write: { type: 'boolean', default: false },
  },
  allowPositionals: true,
});
const rounds = Number(values.rounds);
const frames = Number(values.frames);
const steps = Number(values.steps);
const TEN = 'pong breakout atlantis riverraid space_invaders seaquest qbert beam_rider enduro freeway'.split(' ');
const games = positionals.length > 0 ? positionals : TEN;
const python = peerPython();
useCartridgeFolder();

interface Speed {
  readonly act: number;
  readonly actAndGray: number;
}

const processorTime = (): number => {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
};
const per = (speed: number): string => Math.round(speed).toLocaleString('en-US');
const times = (here: readonly number[], there: readonly number[]): string => {
  const ratios = here.map((speed, i) => speed / there[i]);
  return `**${median(ratios).toFixed(2)}** (${Math.min(...ratios).toFixed(2)} to ${Math.max(...ratios).toFixed(2)})`;
};

function compareGame(game: string): string {
  const ale = new Ale(cartridgeOf(gameNamed(game)), { repeatActionProbability: 0 });
  // The compiler warms up.
  measureAle(ale, 4000, processorTime);
  const ours: Speed[] = [];
  const theirs: Speed[] = [];
  for (let round = 0; round < rounds; round++) {
    ours.push(measureAle(ale, frames, processorTime));
    const peer = runPeer<{ act: number; act_and_gray: number }>(python, 'ale_speed.py', [
      game,
      '--frames',
      `${frames}`,
    ]);
    theirs.push({ act: peer.act, actAndGray: peer.act_and_gray });
  }
  const columns = (['act', 'actAndGray'] as const).flatMap((kind) => {
    const here = ours.map((speed) => speed[kind]);
    const there = theirs.map((speed) => speed[kind]);
    return [per(median(here)), per(median(there)), times(here, there)];
  });
  const row = `| ${[titleOf(game), ...columns].join(' | ')} |`;
  console.log(row);
  return row;
}

function compareWrappers(): string {
  const env = lapanPreprocessing(make('PongNoFrameskip-v4') as Env<unknown, number>, { noopMax: 30, clipReward: true });
  const actions = new Generator(0).integersArray(0, 6, steps);
  env.reset({ seed: 0 });
  const measure = (): number => {
    const start = processorTime();
    for (const action of actions) {
      const { terminated, truncated } = env.step(action);
      if (terminated || truncated) env.reset();
    }
    return (steps / (processorTime() - start)) * 1000;
  };
  // Translated programs are at full speed after some 3,000 frames of four a step.
  for (let done = 0; done < 3000; done += steps) measure();
  const [here, there]: [number[], number[]] = [[], []];
  for (let round = 0; round < rounds; round++) {
    here.push(measure());
    there.push(runPeer<{ steps: number }>(python, 'atari_wrappers.py', ['--steps', `${steps}`]).steps);
  }
  const row = `| ${[per(median(here)), per(median(there)), times(here, there)].join(' | ')} |`;
  console.log(row);
  return row;
}

/** The built package in a page, on Pong; the page's clock is a wall clock. */
async function measureChromium(): Promise<{ readonly version: string; readonly speed: Speed }> {
  const root = fileURLToPath(new URL('..', import.meta.url));
  const browser = await launchChromium();
  try {
    const tab = await browser.newPage();
    const imports = { '@noble/hashes/': '/node_modules/@noble/hashes/', leven: '/node_modules/leven/index.js' };
    const map = { imports };
    await tab.route('http://bellman.test/**', async (route) => {
      const { pathname } = new URL(route.request().url());
      if (pathname === '/') {
        const body = `<!doctype html><script type="importmap">${JSON.stringify(map)}</script>`;
        await route.fulfill({ contentType: 'text/html', body });
      } else await route.fulfill({ contentType: 'text/javascript', body: readFileSync(`${root}${pathname}`) });
    });
    await tab.goto('http://bellman.test/');
    const cartridge = [...cartridgeOf(gameNamed('pong'))];
    // A string, which the page runs as it is.
    const speeds: Speed[] = await tab.evaluate(`(async () => {
      const [{ Ale }, { measureAle }] = await Promise.all([import('/dist/atari/ale.js'), import('/dist/atari/bench-ale.js')]);
      const ale = new Ale(Uint8Array.from(${JSON.stringify(cartridge)}), { repeatActionProbability: 0 });
      measureAle(ale, 3000, () => performance.now());
      return Array.from({ length: ${rounds} }, () => measureAle(ale, ${frames}, () => performance.now()));
    })()`);
    const speed = {
      act: median(speeds.map(({ act }) => act)),
      actAndGray: median(speeds.map(({ actAndGray }) => actAndGray)),
    };
    console.log(
      `Chromium ${browser.version()}: ${per(speed.act)} frames/s, ${per(speed.actAndGray)} with grayscale read`,
    );
    return { version: browser.version(), speed };
  } finally {
    await browser.close();
  }
}

const rows = games.map(compareGame);
const wrappers = compareWrappers();
const { version, speed } = await measureChromium();
// The section of bench/atari-vectors.ts, its words too.
const [vectors = ''] =
  /## Vectors of[\s\S]*?(?=\n## )/.exec(readFileSync(page('results/atari-speed.md'), 'utf8')) ?? [];
const text = `# Atari 2600: speed

## Emulated frames per second

| game | unread | ale-py | times as fast | gray read | ale-py | times as fast |
|---|--:|--:|--:|--:|--:|--:|
${rows.join('\n')}

Compared with ale-py 0.12.1: random minimal actions, ${per(frames)} frames a round, resets included, with the screen unread, and with the
grayscale screen read after every frame. Medians of ${rounds} rounds in turn in one run, one core, by processor time, with the range of the
ratio in parentheses. ${machine()}

\`npm run build && npx tsx bench/atari-speed.ts --write\` measures again and writes this page.

## The book's wrappers on Pong, agent steps per second

| bellman | Stable-Baselines3 | times as fast |
|--:|--:|--:|
${wrappers}

\`PongNoFrameskip-v4\` with no-op starts, four frames a step with the brighter of the last two, fire on reset, 84x84 gray, clipped
rewards and four frames stacked, compared with Gymnasium 1.4.0 with Stable-Baselines3's wrappers. ${per(steps)} steps a round.

${vectors}
## In the browser

Pong in headless Chromium ${version}, by the wall clock: ${per(speed.act)} frames/s with the screen unread,
${per(speed.actAndGray)} with grayscale read.
`;
if (values.write) writeFileAtomic(page('results/atari-speed.md'), text);
