import type { Info } from '../core/env.ts';
import { MismatchError, show } from '../core/errors.ts';
import { copyValue, isPlainObject } from '../core/trajectory.ts';
import type { BoxArrays, BoxType } from '../spaces/box.ts';
import type { VectorInfo } from './vector-env.ts';

type Numbers = BoxArrays[BoxType];

/** Told every info, of which an episode's last comes as `final_obs` and `final_info`, and the environment's number. */
export type TakeInfo = (info: Info, i: number) => void;

/** What a column of numbers holds for each environment. Columns of other values are lists, those of dictionaries objects. */
type ColumnKind = 'number' | 'boolean' | 'array';

/** Of columns that their length does not tell: arrays of one look like numbers, booleans like bytes. */
const kinds = new WeakMap<object, ColumnKind>();

function kindOf(column: Numbers, numEnvs: number): ColumnKind {
  return column.length === numEnvs ? (kinds.get(column) ?? 'number') : 'array';
}

/**
 * Adds the info of environment `i` to that of all (see `VectorInfo`). Arrays become rows of one array; dictionaries are
 * added in the same way. The first environment that gives a key says of what kind its values are; others fill theirs in
 * as NumPy does: a number fills a row, a boolean counts as 0 or 1. Undefined is not given.
 * @throws MismatchError for a value of another kind or length, or a key that is the name of another key's mask.
 */
function addInfo(infos: VectorInfo, info: Info, i: number, numEnvs: number, path = 'info'): void {
  for (const key in info) {
    const value = info[key];
    if (value === undefined) continue;
    const mask = maskOf(key);
    if (!Object.hasOwn(infos, key) || !Object.hasOwn(infos, mask)) addColumn(infos, key, value, numEnvs, path);
    const column = infos[key];
    if (typeof value === 'number' && column instanceof Float64Array && column.length === numEnvs) {
      // The most frequent case.
      column[i] = value;
    } else if (isPlainObject(column)) {
      if (!isPlainObject(value)) throw misfit(path, infos, key, value, i, 'a dictionary');
      addInfo(column, value, i, numEnvs, `${path}.${key}`);
    } else if (Array.isArray(column)) {
      column[i] = copyValue(value);
    } else {
      const allowed = writeCell(column as Numbers, value, i, numEnvs);
      if (allowed !== undefined) throw misfit(path, infos, key, value, i, allowed);
    }
    (infos[mask] as Uint8Array)[i] = 1;
  }
}

/** Names of masks by key: a joined text is slow to look up until the engine knows it. */
const maskNames = new Map<string, string>();
/** Keys that are ever others are not collected for ever. */
const MOST_NAMES = 1000;

function maskOf(key: string): string {
  const known = maskNames.get(key);
  if (known !== undefined) return known;
  const name = `_${key}`;
  if (maskNames.size < MOST_NAMES) maskNames.set(key, name);
  return name;
}

/** Makes an empty column and its mask. */
function addColumn(infos: VectorInfo, key: string, value: unknown, numEnvs: number, path: string): void {
  const mask = maskOf(key);
  const taken = key === '__proto__' || mask === '__proto__' || Object.hasOwn(infos, mask);
  if (taken || (key.startsWith('_') && Object.hasOwn(infos, key.slice(1)))) {
    throw new MismatchError(
      `${path}.${key}: the names of an info's keys may be neither __proto__ nor another key's with _.`,
    );
  }
  infos[key] = key === 'final_obs' ? new Array<null>(numEnvs).fill(null) : emptyColumn(value, numEnvs);
  infos[mask] = new Uint8Array(numEnvs);
}

function emptyColumn(value: unknown, numEnvs: number): unknown {
  const made = (kind: ColumnKind, column: object): object => {
    kinds.set(column, kind);
    return column;
  };
  if (typeof value === 'number') return new Float64Array(numEnvs);
  if (typeof value === 'boolean') return made('boolean', new Uint8Array(numEnvs));
  if (isPlainObject(value)) return {};
  if (!isNumbers(value)) return new Array<null>(numEnvs).fill(null);
  // By the array's name, since the class of Node's buffers makes none of zeros.
  const type = (globalThis as Record<string, unknown>)[value[Symbol.toStringTag]] as Float64ArrayConstructor;
  const column = new type(numEnvs * value.length);
  return value.length === 1 ? made('array', column) : column;
}

function isNumbers(value: unknown): value is Numbers {
  return ArrayBuffer.isView(value) && !(value instanceof DataView);
}

/** Below this a loop copies a row faster than `set`. */
const SHORT = 32;

/** Writes a value into a column of numbers.
 * @returns what the column takes, if it does not take the value. */
function writeCell(column: Numbers, value: unknown, i: number, numEnvs: number): string | undefined {
  const size = column.length / numEnvs;
  if (size > 1 && isNumbers(value) && value.constructor === column.constructor && value.length === size) {
    if (size < SHORT) for (let k = 0, at = i * size; k < size; k++, at++) column[at] = value[k];
    else column.set(value, i * size);
    return undefined;
  }
  const kind = kindOf(column, numEnvs);
  const scalar = typeof value === 'number' || typeof value === 'boolean';
  if (kind !== 'array') {
    if (!scalar) return `a ${kind}`;
    column[i] = kind === 'boolean' ? Number(Boolean(value)) : Number(value);
    return undefined;
  }
  const type = column[Symbol.toStringTag];
  const big = type.startsWith('Big');
  const allowed = `a ${type} of ${size}`;
  if (scalar) {
    if (big) return allowed;
    const row = column.subarray(i * size, (i + 1) * size).fill(Number(value));
    return type.startsWith('Float') || size === 0 || row[0] === Number(value) ? undefined : allowed;
  }
  const list = isNumbers(value) || Array.isArray(value) ? (value as Numbers | readonly unknown[]) : undefined;
  if (list === undefined || (list.length !== size && list.length !== 1) || !hold(list, big)) return allowed;
  if (list.length === size) column.set(list as Numbers, i * size);
  else column.fill(list[0] as number, i * size, (i + 1) * size);
  return undefined;
}

/** Whether a list's elements are numbers of the wanted sort. */
function hold(list: Numbers | readonly unknown[], big: boolean): boolean {
  if (isNumbers(list)) return list[Symbol.toStringTag].startsWith('Big') === big;
  return list.every((one) => typeof one === (big ? 'bigint' : 'number'));
}

function misfit(
  path: string,
  infos: VectorInfo,
  key: string,
  value: unknown,
  i: number,
  allowed: string,
): MismatchError {
  const first = (infos[maskOf(key)] as Uint8Array).indexOf(1);
  const given = `got ${show(value)} of environment ${i}, but ${allowed} of environment ${first}`;
  return new MismatchError(`${path}.${key}: ${given}.`);
}

/** The infos of each environment for itself (Gymnasium's `DictInfoToList`). Of columns that were copied, booleans are 0 or
 * 1, and arrays of one are their element. */
export function infosOfEach(infos: VectorInfo, numEnvs: number): Info[] {
  const list: Info[] = Array.from({ length: numEnvs }, () => ({}));
  for (const [key, column] of Object.entries(infos)) {
    const mask = infos[`_${key}`];
    if (!(mask instanceof Uint8Array)) continue;
    const parts = isPlainObject(column) ? infosOfEach(column, numEnvs) : undefined;
    for (let i = 0; i < numEnvs; i++) if (mask[i] === 1) list[i][key] = parts?.[i] ?? cell(column, i, numEnvs);
  }
  return list;
}

function cell(column: unknown, i: number, numEnvs: number): unknown {
  const array = column as Numbers;
  const kind = kindOf(array, numEnvs);
  if (kind === 'boolean') return array[i] === 1;
  const size = array.length / numEnvs;
  return kind === 'number' ? array[i] : array.slice(i * size, (i + 1) * size);
}

/** Collects the infos of a call; while they are empty it makes no objects. */
export class InfoColumns {
  /** What was added since `clear`. */
  all: VectorInfo = {};
  readonly wanted: boolean;
  readonly #numEnvs: number;
  readonly #take: TakeInfo | undefined;
  #empty = true;

  /** @param wanted without it nothing is collected.
   * @param take is told instead, and `all` stays empty. */
  constructor(numEnvs: number, wanted: boolean, take?: TakeInfo) {
    this.#numEnvs = numEnvs;
    this.wanted = wanted;
    this.#take = take;
  }

  clear(): void {
    if (!this.#empty) this.all = {};
    this.#empty = true;
  }

  /** Adds the info of environment i.
   * @throws MismatchError when it does not fit those of the others. */
  add(info: Info, i: number): void {
    if (!this.wanted) return;
    for (const _ in info) {
      if (this.#take !== undefined) {
        this.#take(info, i);
        return;
      }
      this.#empty = false;
      addInfo(this.all, info, i, this.#numEnvs);
      return;
    }
  }

  /** Adds copies of the last observation and info of an episode of environment i. */
  addFinal(observation: unknown, info: Info, i: number): void {
    if (!this.wanted) return;
    this.add({ final_obs: copyValue(observation), final_info: copyValue(info) }, i);
  }
}
