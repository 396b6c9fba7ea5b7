import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const here = (name: string) => fileURLToPath(new URL(name, import.meta.url));

/**
 * A Python with the peers in it: `BELLMAN_PEERS_PYTHON`, or a virtual environment that is made on first use.
 * @throws Error when Python or a package cannot be had.
 */
export function peerPython(): string {
  const given = process.env['BELLMAN_PEERS_PYTHON'];
  if (given !== undefined) return given;
  const python = here('../.venv-bench/bin/python');
  if (!existsSync(python)) {
    console.error('Setting up the peers in .venv-bench (once) ...');
    execFileSync('python3', ['-m', 'venv', here('../.venv-bench')], { stdio: 'inherit' });
  }
  const requirements = here('peers/requirements.txt');
  const pip = ['-m', 'pip', 'install', '--quiet', '--disable-pip-version-check', '-r', requirements];
  execFileSync(python, pip, { stdio: 'inherit' });
  return python;
}

/** Runs a script of `bench/peers` and reads the JSON object on its last line. @throws Error with its messages. */
export function runPeer<T>(python: string, script: string, args: readonly string[]): T {
  return lastJson(python, [here(`peers/${script}`), ...args]);
}

/** Runs `bellman` as built in dist and reads the JSON object on its last line. */
export function runBellman<T>(args: readonly string[]): T {
  return lastJson(process.execPath, [here('../dist/cli/main.js'), ...args]);
}

function lastJson<T>(program: string, args: readonly string[]): T {
  const { stdout, stderr } = spawnSync(program, args, { encoding: 'utf8', maxBuffer: 1 << 28 });
  const line = stdout?.trimEnd().split('\n').at(-1);
  // A training that was not solved says so in its object and exits with 1.
  if (!line?.startsWith('{')) throw new Error(`${program} ${args.join(' ')} failed:\n${stderr}`);
  return JSON.parse(line) as T;
}
