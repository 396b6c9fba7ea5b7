/**
 * A run may name code: a module for its environment, algorithm, network or values, or an environment in Python. Whoever opens
 * the folder would run it, so a folder from elsewhere runs none unless it is allowed. A run that this user began on this machine
 * needs no word: its `config.json` has a mark, a keyed hash of the code that it names, with the files' full paths. The key
 * lies among the user's data, so nobody else can make one, and a mark that comes back in another's folder allows nothing but
 * the user's own files again.
 */
import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto';
import * as fs from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { MismatchError } from '../../core/errors.ts';
import { moduleOf } from '../../envs/registry.ts';
import type { JsonObject } from '../../runs/json.ts';
import { type CodeNames, namesPython } from '../../runs/run-host.ts';
import { temporaryPath } from '../files/atomic-file.ts';
import { dataFolder } from '../files/data-folder.ts';
import { makeFolder } from '../files/folder.ts';
import { moduleFile } from './import-module.ts';
import { readRunConfig } from './run-directory.ts';

/** The code that a run names, as what it would load; none for most. */
export function codeOf({ env, envKwargs, algorithm, config }: CodeNames): string[] {
  const parts = (config ?? {}) as { readonly network?: unknown; readonly values?: unknown };
  // Configurations of version 0.1 had the kind itself there.
  const kind = (part: unknown): unknown =>
    typeof part === 'string' ? part : (part as { kind?: unknown } | null)?.kind;
  const names = [env, algorithm, kind(parts.network), kind(parts.values)];
  return names.flatMap((name) => {
    if (typeof name !== 'string') return [];
    if (namesPython(name)) return pythonCode(name, envKwargs);
    const module = moduleOf(name);
    return module === undefined ? [] : `${name} (${moduleFile(module)})`;
  });
}

/** Wrappers of Python's environments may be of any module, and modules may lie in the present folder. */
function pythonCode(id: string, kwargs: unknown): string {
  const options = JSON.stringify(kwargs ?? {});
  const others = id.slice('python:'.length).includes(':') || options !== '{}';
  return others ? `${id} with ${options} (in ${resolve('.')})` : id;
}

/** The mark of a new run; undefined where it names no code, or the user's data cannot be written. */
export function makeCodeMark(run: CodeNames): string | undefined {
  const code = codeOf(run);
  const key = code.length === 0 ? undefined : readKey(true);
  return key === undefined ? undefined : markOf(code, key);
}

/**
 * @param path of the run or model, for the message.
 * @param allowed what the user said.
 * @throws MismatchError where the code that a configuration names must not run.
 */
export function checkCode(path: string, config: CodeNames & { readonly codeMark?: unknown }, allowed = false): void {
  const code = codeOf(config);
  if (code.length === 0 || allowed || isMarked(code, config.codeMark)) return;
  refuse(path, code);
}

/**
 * The same for a model, by what its file says of itself. One in a run that has the mark may load what the run does.
 * @param path of the model's file.
 */
export function checkCodeOfModel(path: string, env: string, envKwargs: unknown, allowed = false): void {
  const code = codeOf({ env, envKwargs });
  if (code.length === 0 || allowed) return;
  for (const folder of [dirname(path), dirname(dirname(path))]) {
    const config = configOf(folder);
    if (config === undefined) continue;
    const named = codeOf(config);
    if (code.every((one) => named.includes(one)) && isMarked(named, config['codeMark'])) return;
  }
  refuse(path, code, ` or name its environment yourself: --env ${env}`);
}

function refuse(path: string, code: readonly string[], else_ = ''): never {
  throw new MismatchError(
    `${path} names code that would run here: ${code.join(', ')}. Only runs that you began on this machine run theirs unasked. If you trust it: --allow-code${else_}`,
  );
}

function configOf(folder: string): JsonObject | undefined {
  try {
    return readRunConfig(folder);
  } catch {
    return undefined;
  }
}

function isMarked(code: readonly string[], mark: unknown): boolean {
  const key = typeof mark === 'string' ? readKey(false) : undefined;
  if (key === undefined) return false;
  const [given, right] = [Buffer.from(mark as string), Buffer.from(markOf(code, key))];
  return given.length === right.length && timingSafeEqual(given, right);
}

const markOf = (code: readonly string[], key: Buffer): string =>
  createHmac('sha256', key).update(JSON.stringify(code)).digest('hex');

const KEY_BYTES = 32;

/** Undefined where there is none, and none can be made. */
function readKey(make: boolean): Buffer | undefined {
  const path = join(dataFolder(), 'code-key');
  try {
    if (make && !fs.existsSync(path)) makeKey(path);
    const key = fs.readFileSync(path);
    return key.length === KEY_BYTES ? key : undefined;
  } catch {
    return undefined;
  }
}

/** Appears whole, and only once: of two programs that make it the first wins. */
function makeKey(path: string): void {
  makeFolder(dirname(path));
  const temporary = temporaryPath(path);
  fs.writeFileSync(temporary, randomBytes(KEY_BYTES), { mode: 0o600, flag: 'wx' });
  try {
    fs.linkSync(temporary, path);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  } finally {
    fs.rmSync(temporary, { force: true });
  }
}
