import { readFileSync } from 'node:fs';
import type { Env } from '../../src/core/env.ts';
import { generateRandomMap, makeFromKwargs } from '../../src/envs/index.ts';

/** One configuration of an environment that is compared with Gymnasium. */
export interface TraceCase {
  readonly name: string;
  readonly env: string;
  /** Arguments of `gymnasium.make`. */
  readonly kwargs: Readonly<Record<string, unknown>>;
  /** Arguments of `generate_random_map`, whose map becomes `desc`. */
  readonly map?: { readonly size: number; readonly p: number; readonly seed: number };
  /** What Gymnasium does not take as an argument but has as attributes of the environment; here options by the same
   * names in small letters. */
  readonly attributes?: Readonly<Record<string, unknown>>;
  /** Options of every reset. */
  readonly reset?: Readonly<Record<string, unknown>>;
  /** Allowed difference of two numbers a and b: tolerance x max(1, |a|). Absent: none. */
  readonly tolerance?: number;
  /** Differences in the last bit grow within an episode, beyond the tolerance late in some. Such a case is compared step
   * by step, each from Gymnasium's state (a single step agrees to the tolerance), and the free run is only reported. */
  readonly unstable?: boolean;
}

/** Attributes of Gymnasium's CartPole that follow from others here. */
const DERIVED = ['total_mass', 'polemass_length'];

export const traceCases: readonly TraceCase[] = JSON.parse(
  readFileSync(new URL('trace-cases.json', import.meta.url), 'utf8'),
);

export function makeCase(traceCase: TraceCase, extra: Readonly<Record<string, unknown>> = {}): Env {
  const kwargs: Record<string, unknown> = { ...traceCase.kwargs, ...extra };
  const { map, attributes } = traceCase;
  if (map !== undefined) kwargs['desc'] = generateRandomMap(map.size, map.p, map.seed);
  for (const [name, value] of Object.entries(attributes ?? {})) {
    if (!DERIVED.includes(name)) kwargs[name.toLowerCase()] = value;
  }
  return makeFromKwargs(traceCase.env, kwargs);
}
