import { spawn } from 'node:child_process';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { transform } from 'esbuild';
import { expect } from 'vitest';
import { bellmanHere } from '../cli/bellman-here.ts';
import { bellman } from '../cli/run-bellman.ts';
import { pythonPath } from '../platform/programs.ts';
import { isBuilt, nodeOptions } from '../support/program.ts';

/** Commands that start the program again, or end its process when they are done. */
const OWN_PROCESS = /--seeds|bellman (?:suite|tune|queue)|--queue|python:/;
/** A module of the reader's own: whatever loads it, a run that is resumed too, shares its registries with it. */
const MODULE = /\.m?[jt]s\b/;

/** Words of a command, with single and double quotes as in a shell. */
export function words(command: string): string[] {
  return [...command.matchAll(/(?:'[^']*'|"[^"]*"|[^\s'"]+)+/g)].map(([word]) =>
    word.replace(/'([^']*)'|"([^"]*)"/g, (_, single?: string, double?: string) => single ?? double ?? ''),
  );
}

/** Whether one of the commands has `bellman` load a module. What `node` runs is none. */
export const loadsModules = (commands: readonly string[]): boolean =>
  commands.some((command) => command.startsWith('npx bellman') && MODULE.test(command));

/** Runs a command of a page: `npx bellman`, `node` on TypeScript or `python`. Fails unless it ends well.
 * @param modules whether its folder has modules that runs are of; by default whether it has any.
 * @returns what it printed. */
export async function runCommand(
  command: string,
  cwd: string,
  modules: boolean = readdirSync(cwd).some((name) => MODULE.test(name)),
): Promise<string> {
  const [program, ...args] = words(command);
  if (program === 'npx' && args[0] === 'bellman') {
    const run = OWN_PROCESS.test(command) || loadsModules([command]) || modules ? bellman : bellmanHere;
    const { code, stdout, stderr } = await run(args.slice(1), { cwd });
    expect({ command, code, stderr }).toEqual({ command, code: 0, stderr: '' });
    return stdout;
  }
  if (program === 'node') args[0] = await withoutTypes(args[0], cwd);
  const [file, ...rest] = program === 'node' ? [process.execPath, ...nodeOptions(args[0])] : [pythonPath()];
  if (program !== 'node' && program !== 'python') throw new Error(`a command that nothing runs: ${command}`);
  return await new Promise((resolve, reject) => {
    const child = spawn(file, [...rest, ...args], { cwd, stdio: ['ignore', 'pipe', 'inherit'] });
    let stdout = '';
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      stdout += text;
    });
    child.on('error', reject);
    child.on('close', (code) => (code === 0 ? resolve(stdout) : reject(new Error(`${command}: exit code ${code}`))));
  });
}

/** Node has left out types by itself since version 22; tsx, which older ones need, takes half a second.
 * @returns the name of a program that needs neither, beside the given one. */
async function withoutTypes(name: string, cwd: string): Promise<string> {
  if (!isBuilt || !name.endsWith('.mts')) return name;
  const plain = name.replace(/\.mts$/, '.mjs');
  const { code } = await transform(readFileSync(join(cwd, name), 'utf8'), {
    loader: 'ts',
    format: 'esm',
    target: 'node20',
  });
  writeFileSync(join(cwd, plain), code);
  return plain;
}
