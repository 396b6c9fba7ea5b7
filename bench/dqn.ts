/**
 * The book's DQN recipe and its gradient step compared with PyTorch and Stable-Baselines3, in turn on the same machine; medians
 * and ratios go to docs/results/dqn-speed.md.
 *
 *   npm run build && npx tsx bench/dqn.ts [--rounds 5] [--frames 300] [--one-thread]
 *
 * The peers time --frames frames after a short warm-up; bellman times a whole interval between copies to the target
 * network, with a full replay, since its gradient steps differ within one (--interval, --replay).
 * With --one-thread all use one thread and processor time counts, so that a busy machine matters less; a table of its own.
 */
import { parseArgs } from 'node:util';
import { peerPython, runBellman, runPeer } from './peers.ts';
import { machine, median, page, writeSection } from './report.ts';

const { values } = parseArgs({
  options: {
    rounds: { type: 'string', default: '5' },
    frames: { type: 'string', default: '300' },
    interval: { type: 'string', default: '1000' },
    replay: { type: 'string', default: '10000' },
    'one-thread': { type: 'boolean', default: false },
  },
});
const rounds = Number(values.rounds);
const oneThread = values['one-thread'];
const mode = oneThread ? ['--threads', '1', '--processor-time'] : [];
const frames = ['--frames', values.frames, ...mode];
const ourFrames = ['--frames', values.interval, '--warmup', values.replay, ...mode];

interface Speed {
  readonly frames_per_s?: number;
  readonly ms_per_gradient_step?: number;
  readonly version?: string;
}

/** Name in the table, and how to run it once. */
interface Competitor {
  readonly name: string;
  readonly run: () => Speed;
}

const python = peerPython();
const versions: string[] = [];
const ours = (args: readonly string[]) => () =>
  runBellman<Speed>(['bench', 'dqn', '--env', 'PongNoFrameskip-v4', '--json', ...ourFrames, ...args]);
const torch = (args: readonly string[]) => () => runPeer<Speed>(python, 'dqn_torch.py', [...frames, ...args]);

/** Runs all in turn, round by round, and gives each one's medians. */
function contest(competitors: readonly Competitor[]): ReadonlyMap<string, Speed> {
  const seen = new Map<string, Speed[]>(competitors.map(({ name }) => [name, []]));
  for (let round = 0; round < rounds; round++) {
    for (const { name, run } of competitors) {
      const speed = run();
      seen.get(name)!.push(speed);
      if (round === 0 && speed.version !== undefined) versions.push(`${name}: ${speed.version}`);
      console.log(`round ${round + 1}, ${name}: ${JSON.stringify(speed)}`);
    }
  }
  const middle = (speeds: readonly Speed[], key: 'frames_per_s' | 'ms_per_gradient_step') => {
    const known = speeds.map((speed) => speed[key]).filter((value) => value !== undefined);
    return known.length === 0 ? undefined : median(known);
  };
  const medians = [...seen].map(([name, speeds]): [string, Speed] => {
    const [fps, ms] = [middle(speeds, 'frames_per_s'), middle(speeds, 'ms_per_gradient_step')];
    return [
      name,
      { ...(fps !== undefined && { frames_per_s: fps }), ...(ms !== undefined && { ms_per_gradient_step: ms }) },
    ];
  });
  return new Map(medians);
}

function rows(medians: ReadonlyMap<string, Speed>): string[] {
  const [[, us]] = [...medians];
  const text = (value: number | undefined, digits: number) => value?.toFixed(digits) ?? '';
  const times = (value: number | undefined) => (value === undefined ? '' : `${value.toFixed(2)}x`);
  return [...medians].map(([name, { frames_per_s: fps, ms_per_gradient_step: ms }]) => {
    const faster = fps === undefined ? undefined : us.frames_per_s! / fps;
    const shorter = ms === undefined ? undefined : ms / us.ms_per_gradient_step!;
    return `| ${name} | ${text(fps, 1)} | ${times(faster)} | ${text(ms, 1)} | ${times(shorter)} |`;
  });
}

const head = ['| | agent frames/s | bellman is | ms a gradient step | bellman is |', '|---|--:|--:|--:|--:|'];
const whole = contest([
  { name: 'bellman', run: ours([]) },
  { name: 'PyTorch, as the book writes it', run: torch([]) },
  { name: 'PyTorch, channels-last, fused Adam', run: torch(['--mode', 'fast']) },
  { name: 'PyTorch, the same compiled', run: torch(['--mode', 'compile']) },
  { name: 'Stable-Baselines3', run: () => runPeer<Speed>(python, 'dqn_sb3.py', frames) },
]);
const small = ['dqn-2013', 'small-42'].map((network) => {
  const side =
    network === 'small-42' ? ['--set', 'preprocessing.edition=second', '--set', 'preprocessing.frameSize=42'] : [];
  const learnOnly = (mode: string) => torch(['--learn-only', '--network', network, '--mode', mode]);
  const medians = contest([
    { name: 'bellman', run: ours(['--set', `network.kind=${network}`, ...side]) },
    { name: 'PyTorch, eager', run: learnOnly('eager') },
    { name: 'PyTorch, channels-last, fused Adam', run: learnOnly('fast') },
    { name: 'PyTorch, the same compiled', run: learnOnly('compile') },
  ]);
  return ['', `Network \`${network}\`:`, '', ...head, ...rows(medians)];
});
writeSection(page('results/dqn-speed.md'), oneThread ? 'bench/dqn.ts --one-thread' : 'bench/dqn.ts', [
  `${machine()} ${oneThread ? 'One thread, by processor time. ' : ''}Medians of ${rounds} rounds in turn. ${[...new Set(versions)].join('; ')}.`,
  '',
  ...head,
  ...rows(whole),
  ...small.flat(),
]);
