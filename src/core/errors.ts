import { printable } from './printable.ts';

/**
 * Every mistake a user can make is one of these. Each carries a stable `code`, and its message is one line that
 * says what was wrong, what was received and what is allowed, with control characters shown (`printable`), as it may repeat what
 * stands in anyone's file. Assertions are for our own bugs and are plain `Error`s.
 */
export class BellmanError extends Error {
  /** Written out in each class, since the names of classes are lost to minifiers. */
  override name = 'BellmanError';
  /** Stable, machine-readable name of the mistake, such as `UNKNOWN_ENVIRONMENT`. */
  readonly code: string;
  constructor(code: string, message: string, options?: ErrorOptions) {
    super(printable(message), options);
    this.code = code;
  }
}

/** A name that is not in a registry: environment, recipe, option or command. */
export class UnknownNameError extends BellmanError {
  override name = 'UnknownNameError';
  readonly received: string;
  readonly known: readonly string[];
  /** @param advice what to do, in place of the list of known names. */
  constructor(kind: string, received: string, known: readonly string[], suggestion?: string, advice?: string) {
    const hint = suggestion === undefined ? '' : ` Did you mean "${suggestion}"?`;
    const rest = advice ?? (known.length <= 24 ? `Known: ${known.join(', ')}.` : '');
    const code = `UNKNOWN_${kind.toUpperCase().replaceAll(' ', '_')}`;
    const shown = received.length > LONGEST_NAME ? `${received.slice(0, LONGEST_NAME - 1)}…` : received;
    super(code, `Unknown ${kind} "${shown}".${hint} ${rest}`.trimEnd());
    this.received = received;
    this.known = known;
  }
}

/** Characters of a name that a message repeats. */
const LONGEST_NAME = 200;

/** A value that is out of range or of the wrong type: a constructor option, a recipe key, a command-line argument. */
export class OptionError extends BellmanError {
  override name = 'OptionError';
  constructor(name: string, received: unknown, allowed: string) {
    super('BAD_OPTION', `${name}: got ${show(received)}, allowed is ${allowed}.`);
  }
}

/** An action outside the action space. */
export class ActionError extends BellmanError {
  override name = 'ActionError';
  constructor(received: unknown, space: string) {
    super('BAD_ACTION', `Action ${show(received)} is not in ${space}.`);
  }
}

/** An action mask that does not fit the action space, or that forbids every action. */
export class ActionMaskError extends BellmanError {
  override name = 'ActionMaskError';
  constructor(received: unknown, actions: number) {
    super(
      'BAD_ACTION_MASK',
      `action_mask: got ${show(received)}, allowed is ${actions} entries of 0 and 1, not all 0.`,
    );
  }
}

/** Learning that has left the numbers: its loss or its values are not finite any more. */
export class DivergenceError extends BellmanError {
  override name = 'DivergenceError';
  constructor(message: string) {
    super('DIVERGED', message);
  }
}

/** A call in the wrong order: a step before reset, or after the end of an episode. */
export class OrderError extends BellmanError {
  override name = 'OrderError';
  constructor(message: string) {
    super('WRONG_ORDER', message);
  }
}

/** Tensors whose shapes or types do not fit. Thrown while a graph is built, never while it runs. */
export class ShapeError extends BellmanError {
  override name = 'ShapeError';
  constructor(message: string) {
    super('BAD_SHAPE', message);
  }
}

/** A file's name in a line; none at all, as an empty variable of a shell gives it, is seen by its quotes. */
const nameOf = (path: string): string => (path === '' ? '""' : path);

/** A file that is missing, corrupt, truncated or of the wrong kind; the message names the file. */
export class FileFormatError extends BellmanError {
  override name = 'FileFormatError';
  constructor(path: string, problem: string, cure: string, options?: ErrorOptions) {
    super('BAD_FILE', `${nameOf(path)}: ${problem}. ${cure}`, options);
  }
}

/** A file that cannot be written: full disk, read-only folder. */
export class WriteError extends BellmanError {
  override name = 'WriteError';
  constructor(path: string, problem: string, options?: ErrorOptions) {
    super('CANNOT_WRITE', `Cannot write ${nameOf(path)}: ${problem}.`, options);
  }
}

/** A model that does not fit the environment, or a run directory that does not fit the command. */
export class MismatchError extends BellmanError {
  override name = 'MismatchError';
  constructor(message: string, code = 'MISMATCH') {
    super(code, message);
  }
}

/** A run's folder that another program writes, or has filled in the meantime. */
export class RunTakenError extends MismatchError {
  override name = 'RunTakenError';
  static readonly code = 'RUN_TAKEN';
  constructor(message: string) {
    super(message, RunTakenError.code);
  }
}

/** An environment in Python that raised an exception, ended or took too long. */
export class PythonError extends BellmanError {
  override name = 'PythonError';
  constructor(message: string) {
    super('PYTHON_FAILED', message);
  }
}

/** Something asked for that this platform or installation lacks. */
export class UnavailableError extends BellmanError {
  override name = 'UnavailableError';
  constructor(what: string, cure: string, options?: ErrorOptions) {
    super('UNAVAILABLE', `${what} ${cure}`, options);
  }
}

/** A short, one-line rendering of any value for an error message. */
export function show(value: unknown): string {
  if (typeof value === 'string') return JSON.stringify(value.length > 60 ? `${value.slice(0, 57)}...` : value);
  if (typeof value === 'bigint') return `${value}n`;
  if (typeof value === 'function') return 'a function';
  if (ArrayBuffer.isView(value)) {
    const array = value as Uint8Array;
    const head = Array.from(array.subarray(0, 6)).join(', ');
    return `${array.constructor.name}(${array.length}) [${head}${array.length > 6 ? ', ...' : ''}]`;
  }
  if (typeof value === 'object' && value !== null) {
    const name = value.constructor?.name || 'object';
    const json = jsonOf(value);
    // Of a Map or an ArrayBuffer JSON has nothing to tell.
    const silent = json === undefined || (json === '{}' && name !== 'Object' && name !== 'object');
    const text = silent ? `${/^[AEIOaeio]/.test(name) ? 'an' : 'a'} ${name}` : json;
    return text.length > 80 ? `${text.slice(0, 77)}...` : text;
  }
  return String(value);
}

/** Undefined where an object has no JSON: it contains itself, a bigint, or a property that throws. */
function jsonOf(value: object): string | undefined {
  try {
    return JSON.stringify(value) ?? String(value);
  } catch {
    return undefined;
  }
}
