/**
 * Every bench, one after the other: the figures of docs/results made anew on this machine.
 *
 *   npm run bench                       all of it: hours, on a machine that does nothing else
 *   npm run bench -- --quick            a few minutes: does each still run? Writes nothing
 *   npm run bench -- --only dqn,replay
 *
 * Builds the package, makes a virtual environment with the peers in .venv-bench (unless BELLMAN_PEERS_PYTHON names a Python
 * that has them), and takes the cartridges of ale-py where none were imported. A bench that fails does not stop the
 * others; it is named at the end, and the exit status is 1.
 */
import { execFileSync, spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdtempSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { cartridgePath } from '../src/node/roms/cartridge-folder.ts';
import { peerPython } from './peers.ts';
import { DOCS_FOLDER } from './report.ts';

interface Bench {
  readonly script: string;
  readonly args?: readonly string[];
  /** For `--quick`; without it the bench is left out there: it trains until something is learned. */
  readonly quick?: readonly string[];
}

const BENCHES: Readonly<Record<string, Bench>> = {
  tabular: { script: 'tabular.ts', quick: ['--seeds', '1', '--timed', '1'] },
  'tabular-agents': { script: 'tabular-agents.ts', quick: ['--only', 'speed', '--seeds', '1'] },
  environments: { script: 'environments.ts', quick: ['--rounds', '1', '--seconds', '0.1', 'Taxi-v3', 'CartPole-v1'] },
  replay: { script: 'replay.ts', quick: ['--transitions', '2000'] },
  dqn: { script: 'dqn.ts', quick: ['--rounds', '1', '--frames', '10', '--interval', '10', '--replay', '200'] },
  slower: { script: 'slower.ts', args: ['--write'], quick: ['--rounds', '1', '--steps', '1'] },
  actors: { script: 'actors.ts', quick: ['--turns', '1', '--rounds', '1', '--workers', '0,1'] },
  'dqn-one-thread': { script: 'dqn.ts', args: ['--one-thread'] },
  scaling: {
    script: 'scaling.ts',
    args: ['--write'],
    quick: ['--write', '--rounds', '1', '--steps', '256', '--updates', '5', '--replay', '200'],
  },
  'atari-speed': {
    script: 'atari-speed.ts',
    args: ['--write'],
    quick: ['--write', '--rounds', '1', '--frames', '300', '--steps', '100', 'pong'],
  },
  'atari-vectors': {
    script: 'atari-vectors.ts',
    args: ['--write'],
    quick: ['--write', '--rounds', '1', '--steps', '160', 'pong'],
  },
  'atari-table': {
    script: 'atari-table.ts',
    args: ['--write'],
    quick: ['--write', '--frames', '300', '--seeds', '1', 'pong'],
  },
  'random-scores': { script: 'random-scores.ts', args: ['--write'], quick: ['--write', '--games', '2', 'breakout'] },
  tune: { script: 'tune.ts', args: ['--write'], quick: ['--seeds', '1', '--problem', 'branin'] },
  'taxi-masks': { script: 'taxi-masks.ts', args: ['--write'] },
  web: {
    script: 'web.ts',
    args: ['--write'],
    quick: ['--write', '--rounds', '1', '--seeds', '1', '--only', 'DQN, CartPole'],
  },
  'cart-pole': { script: 'cart-pole.ts' },
  family: { script: 'family.ts' },
  'pong-fast': { script: 'pong-fast.ts', args: ['--write'] },
};

const { values } = parseArgs({
  options: { quick: { type: 'boolean', default: false }, only: { type: 'string' } },
});
const names = values.only?.split(',') ?? Object.keys(BENCHES);
const unknown = names.filter((name) => !(name in BENCHES));
if (unknown.length > 0) {
  console.error(`No bench is called ${unknown.join(', ')}. There are: ${Object.keys(BENCHES).join(', ')}.`);
  process.exit(2);
}

const root = fileURLToPath(new URL('..', import.meta.url));
execFileSync('npm', ['run', '--silent', 'build'], { cwd: root, stdio: 'inherit' });
const python = peerPython();
const env: NodeJS.ProcessEnv = { BELLMAN_PYTHON: python, ...process.env, BELLMAN_PEERS_PYTHON: python };
if (!existsSync(cartridgePath('pong'))) {
  const find = 'import ale_py, pathlib; print(pathlib.Path(ale_py.__file__).parent / "roms")';
  env['BELLMAN_ROMS'] = execFileSync(python, ['-c', find], { encoding: 'utf8' }).trim();
}
let scratch: string | undefined;
if (values.quick) {
  scratch = mkdtempSync(join(tmpdir(), 'bellman-bench-'));
  cpSync(join(root, 'docs'), scratch, { recursive: true });
  env[DOCS_FOLDER] = scratch;
}

const tsx = createRequire(import.meta.url).resolve('tsx/cli');
const outcomes: string[] = [];
let failures = 0;
for (const name of names) {
  const { script, args = [], quick } = BENCHES[name];
  if (values.quick && quick === undefined) {
    outcomes.push(`left out  ${name}: it has no short form`);
    continue;
  }
  const given = values.quick ? quick! : args;
  console.log(`\n== ${name}: bench/${script} ${given.join(' ')}`);
  const began = performance.now();
  const { status, signal } = spawnSync(process.execPath, [tsx, join(root, 'bench', script), ...given], {
    cwd: root,
    env,
    stdio: 'inherit',
  });
  const seconds = `${((performance.now() - began) / 1000).toFixed(0)} s`;
  if (status !== 0) failures++;
  outcomes.push(
    status === 0 ? `done      ${name}, ${seconds}` : `FAILED    ${name}, ${seconds}: ${signal ?? `status ${status}`}`,
  );
}
if (scratch !== undefined) rmSync(scratch, { recursive: true });
console.log(`\n${outcomes.join('\n')}`);
process.exitCode = failures > 0 ? 1 : 0;
