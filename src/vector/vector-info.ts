import type { Info } from '../core/env.ts';
import { copyValue, isPlainObject } from '../core/trajectory.ts';
import type { VectorInfo } from './vector-env.ts';

type Numbers = Uint8Array | Float32Array;

/** Adds the info of environment `i` to that of all (see `VectorInfo`). Arrays become rows of one array; dictionaries are
 * added in the same way. */
export function addInfo(infos: VectorInfo, info: Info, i: number, numEnvs: number): void {
  for (const key in info) {
    const value = info[key];
    if (key !== 'final_obs' && isPlainObject(value)) {
      infos[key] ??= {};
      addInfo(infos[key] as VectorInfo, value, i, numEnvs);
    } else {
      infos[key] ??= emptyColumn(key, value, numEnvs);
      const column = infos[key] as unknown[] | Numbers;
      if (key !== 'final_obs' && ArrayBuffer.isView(value)) {
        (column as Numbers).set(value as Numbers, i * (value as Numbers).length);
      } else {
        column[i] = value as never;
      }
    }
    infos[`_${key}`] ??= new Uint8Array(numEnvs);
    (infos[`_${key}`] as Uint8Array)[i] = 1;
  }
}

function emptyColumn(key: string, value: unknown, numEnvs: number): unknown {
  if (key !== 'final_obs') {
    if (typeof value === 'number') return new Float64Array(numEnvs);
    if (typeof value === 'boolean') return new Uint8Array(numEnvs);
    if (ArrayBuffer.isView(value)) {
      const array = value as Numbers;
      return new (array.constructor as new (length: number) => Numbers)(numEnvs * array.length);
    }
  }
  return new Array<null>(numEnvs).fill(null);
}

/** The infos of each environment for itself (Gymnasium's `DictInfoToList`). */
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
  const size = array.length / numEnvs;
  return size === 1 ? array[i] : array.slice(i * size, (i + 1) * size);
}

/** Collects the infos of a call; while they are empty it makes no objects. */
export class InfoColumns {
  /** What was added since `clear`. */
  all: VectorInfo = {};
  readonly #numEnvs: number;
  readonly wanted: boolean;
  #empty = true;

  /** @param wanted without it nothing is collected. */
  constructor(numEnvs: number, wanted: boolean) {
    this.#numEnvs = numEnvs;
    this.wanted = wanted;
  }

  clear(): void {
    if (!this.#empty) this.all = {};
    this.#empty = true;
  }

  /** Adds the info of environment i. */
  add(info: Info, i: number): void {
    if (!this.wanted) return;
    for (const _ in info) {
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
