import { checkReset, checkStep } from '../core/check-result.ts';
import type { Env, ResetOptions, ResetResult, StepResult } from '../core/env.ts';
import { MismatchError, OptionError, show } from '../core/errors.ts';
import { isIndex } from '../core/is-index.ts';
import type { Space } from '../core/space.ts';
import { Wrapper } from '../core/wrapper.ts';
import { Discrete } from '../spaces/discrete.ts';
import type { Cells } from './config.ts';

/** A finite set of observations, numbered from 0. */
export interface Numbering {
  readonly size: number;
  /** @throws MismatchError for what is no member of the space: its number would be another one's. */
  indexOf(value: never): number;
}

/** Tables beyond this are a mistake: nobody visits a hundred million states. */
const MOST_STATES = 100_000_000;

/**
 * Numbers the members of a finite space: `Discrete`; `MultiDiscrete` and `MultiBinary` row-major, the last element fastest;
 * `Tuple` and `Dict` likewise over their parts, a `Dict` in the order of its keys. Undefined for spaces that are not
 * finite or have more than 100 million members.
 */
export function numberingOf(space: Space): Numbering | undefined {
  const { kind } = space;
  if (kind === 'discrete') {
    const { n, start = 0 } = space as Space & { n: number; start?: number };
    return finite(n, (value: number) => within(value, start, n));
  }
  if (kind === 'multi-discrete') {
    const { nvec, start } = space as Space & { nvec: Float64Array; start: Int32Array };
    return finite(product(nvec), (value: ArrayLike<number>) => {
      let index = 0;
      for (let i = 0; i < nvec.length; i++) index = index * nvec[i] + within(value[i], start[i], nvec[i]);
      return index;
    });
  }
  if (kind === 'multi-binary') {
    const bits = product(space.shape ?? []);
    return finite(2 ** bits, (value: ArrayLike<number>) => {
      let index = 0;
      for (let i = 0; i < bits; i++) index = 2 * index + within(value[i], 0, 2);
      return index;
    });
  }
  if (kind !== 'tuple' && kind !== 'dict') return undefined;
  const { spaces, keys = Object.keys(spaces) } = space as Space & {
    spaces: Readonly<Record<string, Space>>;
    keys?: readonly string[];
  };
  const parts: Numbering[] = [];
  for (const key of keys) {
    const part = numberingOf(spaces[key]);
    if (part === undefined) return undefined;
    parts.push(part);
  }
  return finite(product(parts.map(({ size }) => size)), (value: Readonly<Record<string, never>>) => {
    let index = 0;
    for (let i = 0; i < parts.length; i++) index = index * parts[i].size + parts[i].indexOf(value[keys[i]]);
    return index;
  });
}

/** A number as an index, from 0. */
function within(value: number, start: number, n: number): number {
  const index = value - start;
  if (isIndex(index, n)) return index;
  throw new MismatchError(
    `The environment gave an observation with ${show(value)}, which its space does not have: allowed are ${start} to ${start + n - 1}. Mend the environment.`,
  );
}

/**
 * Numbers the cells that `Cells` cuts vectors into, row-major, the last number fastest.
 * @throws OptionError when the space is no box of as many numbers.
 */
export function numberingOfCells(space: Space, { low, high, bins }: Cells): Numbering {
  const size = product(bins);
  const length = space.shape === undefined ? Number.NaN : product(space.shape);
  if (space.kind !== 'box' || length !== bins.length) {
    throw new OptionError('cells', `${bins.length} numbers of ${space}`, 'one range for each number of a Box');
  }
  if (size > MOST_STATES) throw new OptionError('cells', `${size} states`, `at most ${MOST_STATES} states`);
  const scale = bins.map((n, i) => n / (high[i] - low[i]));
  const indexOf = (value: ArrayLike<number>): number => {
    let index = 0;
    for (let i = 0; i < scale.length; i++) {
      const cell = Math.floor((value[i] - low[i]) * scale[i]);
      index = index * bins[i] + Math.min(bins[i] - 1, Math.max(0, cell));
    }
    return index;
  };
  return { size, indexOf: indexOf as Numbering['indexOf'] };
}

/** Gives each observation's number in place of the observation. */
export class NumberedStates<O> extends Wrapper<number, number, O> {
  private readonly states: Discrete;
  private readonly indexOf: (observation: O) => number;

  constructor(env: Env<O, number>, numbering: Numbering) {
    super(env);
    this.states = new Discrete(numbering.size);
    this.indexOf = numbering.indexOf as unknown as (observation: O) => number;
  }
  override get observationSpace(): Discrete {
    return this.states;
  }
  reset(options?: ResetOptions): ResetResult<number> {
    const { observation, info } = checkReset(this.env.reset(options));
    return { observation: this.indexOf(observation), info };
  }
  step(action: number): StepResult<number> {
    const { observation, reward, terminated, truncated, info } = checkStep(this.env.step(action));
    return { observation: this.indexOf(observation), reward, terminated, truncated, info };
  }
}

/**
 * An environment as tables need it: itself where observations are numbered from 0, else in `NumberedStates`.
 * @param cells how to cut observations that are vectors; null for none.
 * @throws MismatchError when the observations are not finitely many and no cells are given; OptionError when cells do not fit.
 */
export function withNumberedStates(env: Env<unknown, number>, cells: Cells | null): Env<number, number> {
  const space = env.observationSpace;
  if (cells !== null) return new NumberedStates(env, numberingOfCells(space, cells));
  const { n, start = 0 } = space as Space & { n?: number; start?: number };
  if (space.kind === 'discrete' && n !== undefined && start === 0) return env as Env<number, number>;
  const numbering = numberingOf(space);
  if (numbering !== undefined) return new NumberedStates(env, numbering);
  throw new MismatchError(
    `A table needs finitely many observations; this environment has ${space}. Cut them into cells (--set cells=...) or use an agent with a network.`,
  );
}

const product = (counts: ArrayLike<number>): number => Array.from(counts).reduce((total, n) => total * n, 1);

function finite<T>(size: number, indexOf: (value: T) => number): Numbering | undefined {
  return size <= MOST_STATES ? { size, indexOf: indexOf as unknown as Numbering['indexOf'] } : undefined;
}
