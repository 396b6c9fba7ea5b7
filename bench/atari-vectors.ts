/**
 * Vectors of Atari games with DQN's preprocessing: `AtariVectorEnv` compared with ale-py's and with EnvPool, ten games, one
 * thread each. Writes a section of docs/results/atari-speed.md.
 *
 *   npx tsx bench/atari-vectors.ts [--rounds 3] [--steps 2000] [--environments 8] [--write] [GAME ...]
 *
 * A round measures one after the other; the table has medians. All count their processor time, so that other programs on the
 * machine matter little. Needs imported cartridges (`bellman roms`). BELLMAN_PEERS_PYTHON: as in atari-speed.ts.
 */
import { parseArgs } from 'node:util';
import { AtariVectorEnv } from '../src/atari/atari-vector-env.ts';
import { titleOf } from '../src/atari/names.ts';
import { Generator } from '../src/core/random/index.ts';
import { useCartridgeFolder } from '../src/node/roms/cartridge-folder.ts';
import type { Discrete } from '../src/spaces/discrete.ts';
import { peerPython, runPeer } from './peers.ts';
import { machine, median, page, writeSection } from './report.ts';

const { values, positionals } = parseArgs({
  options: {
    rounds: { type: 'string', default: '3' },
    steps: { type: 'string', default: '2000' },
    environments: { type: 'string', default: '8' },
    write: { type: 'boolean', default: false },
  },
  allowPositionals: true,
});
const [rounds, steps, environments] = [values.rounds, values.steps, values.environments].map(Number);
const TEN = 'pong breakout atlantis riverraid space_invaders seaquest qbert beam_rider enduro freeway'.split(' ');
const games = positionals.length > 0 ? positionals : TEN;
const python = peerPython();
useCartridgeFolder();

function startVector(game: string): () => number {
  const env = new AtariVectorEnv({ game, numEnvs: environments });
  const { n } = env.singleActionSpace as unknown as Discrete;
  const random = new Generator(0);
  const play = (count: number): void => {
    for (let t = 0; t < count; t += environments) env.step(Int32Array.from(random.integersArray(0, n, environments)));
  };
  env.reset({ seed: 0 });
  // Translated programs are at full speed after some 3,000 frames.
  play(3000);
  return () => {
    const { user, system } = process.cpuUsage();
    play(steps);
    const after = process.cpuUsage();
    return (steps * 1e6) / (after.user + after.system - user - system);
  };
}

type Speeds = Readonly<Record<string, number>>;
const measured: { here: Speeds; ale: Speeds; envpool: Speeds }[] = [];
const vectors = games.map((game) => [game, startVector(game)] as const);
for (let round = 0; round < rounds; round++) {
  const here = Object.fromEntries(vectors.map(([game, measure]) => [game, measure()]));
  const peer = (name: string): Speeds =>
    runPeer(python, 'atari_vector.py', [name, ...games, '--steps', `${steps}`, '--environments', `${environments}`]);
  measured.push({ here, ale: peer('ale-py'), envpool: peer('envpool') });
}
const rows = games.map((game) => {
  const middle = (of: keyof (typeof measured)[number]) => median(measured.map((round) => round[of][game]));
  const ratio = median(measured.map(({ here, ale, envpool }) => here[game] / Math.max(ale[game], envpool[game])));
  const speeds = [middle('here'), middle('ale'), middle('envpool')].map((s) => Math.round(s).toLocaleString('en-US'));
  return `| ${titleOf(game)} | ${speeds.join(' | ')} | **${ratio.toFixed(2)}** |`;
});
const lines = [
  '| game | bellman | ale-py | EnvPool | times as fast as the better |',
  '|---|--:|--:|--:|--:|',
  ...rows,
  '',
  `Agent steps of four frames per second of processor time, ${environments} games in one thread, random actions, ${steps.toLocaleString('en-US')} steps a round, resets`,
  `included, ${rounds === 1 ? 'one round' : `medians of ${rounds} rounds`} in turn; the last column is of the rounds' ratios. ${machine()}`,
];
console.log(lines.join('\n'));
if (values.write) writeSection(page('results/atari-speed.md'), 'bench/atari-vectors.ts', lines);
