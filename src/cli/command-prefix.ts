import { basename, delimiter, dirname, isAbsolute, relative, resolve } from 'node:path';
import { shellWord } from '../core/shell-word.ts';

/** What a process knows of its start. */
export interface Start {
  /** The program's file, `process.argv[1]`. */
  readonly file: string;
  /** Options of Node, `process.execArgv`. */
  readonly execArgv: readonly string[];
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly cwd: string;
}

/**
 * What the user has to type for this program, by how it was started: `npx bellman`, `bellman` where a folder of PATH holds
 * it, else its path, behind `node` or `npx tsx` where it is a module.
 */
export function commandPrefix({ file, execArgv, env, cwd }: Start): string {
  const name = basename(file);
  const isCommand = name === 'bellman' || name === 'bellman-rl';
  if (!isAbsolute(file)) return isCommand ? name : shellWord(file);
  if (isCommand && env['npm_command'] === 'exec') return `npx ${name}`;
  const folder = dirname(file);
  if (isCommand && (env['PATH'] ?? '').split(delimiter).some((entry) => entry !== '' && resolve(entry) === folder)) {
    // Scripts of npm have node_modules/.bin on their PATH, the user's shell has not.
    return env['npm_command'] === undefined ? name : `npx ${name}`;
  }
  const path = shellWord(shorter(file, cwd));
  if (isCommand) return path.includes('/') ? path : `./${path}`;
  return file.endsWith('.ts') && execArgv.some((word) => word.includes('tsx')) ? `npx tsx ${path}` : `node ${path}`;
}

/** A path from the folder that the user is in, unless it lies elsewhere. */
function shorter(file: string, cwd: string): string {
  const path = relative(cwd, file);
  return path.startsWith('..') || isAbsolute(path) ? file : path;
}
