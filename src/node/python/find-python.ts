import { accessSync, constants, statSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { OptionError, UnavailableError } from '../../core/errors.ts';

/** A Python program, and why it was chosen. */
export interface PythonChoice {
  readonly path: string;
  /** Such as `BELLMAN_PYTHON`, for messages. */
  readonly from: string;
}

/**
 * The Python that environments live in: `BELLMAN_PYTHON`, else that of an active virtual environment (`VIRTUAL_ENV`,
 * `CONDA_PREFIX`), of a folder `.venv` here, or `python3` of the path.
 * @throws OptionError when BELLMAN_PYTHON is no program, UnavailableError when there is no Python.
 */
export function findPython(
  environment: Readonly<Record<string, string | undefined>> = process.env,
  folder = process.cwd(),
): PythonChoice {
  const asked = environment['BELLMAN_PYTHON'];
  if (asked !== undefined && asked !== '') {
    // A bare name is looked up in the path, like that of any program.
    const path = asked.includes('/') ? asked : onPath(asked, environment['PATH']);
    if (path === undefined || !isProgram(path)) throw new OptionError('BELLMAN_PYTHON', asked, 'a Python program');
    return { path, from: 'BELLMAN_PYTHON' };
  }
  for (const name of ['VIRTUAL_ENV', 'CONDA_PREFIX']) {
    const prefix = environment[name];
    const path = prefix === undefined || prefix === '' ? undefined : join(prefix, 'bin', 'python');
    if (path !== undefined && isProgram(path)) return { path, from: name };
  }
  const own = join(folder, '.venv', 'bin', 'python');
  if (isProgram(own)) return { path: own, from: '.venv' };
  const path = onPath('python3', environment['PATH']);
  if (path !== undefined) return { path, from: 'python3 of the path' };
  throw new UnavailableError(
    'There is no Python here: no virtual environment, and no python3 in the path.',
    'Install Python 3.10 or later, or name one with BELLMAN_PYTHON.',
  );
}

function onPath(name: string, path = ''): string | undefined {
  return path
    .split(delimiter)
    .filter((folder) => folder !== '')
    .map((folder) => join(folder, name))
    .find(isProgram);
}

function isProgram(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return statSync(path).isFile();
  } catch {
    return false;
  }
}
