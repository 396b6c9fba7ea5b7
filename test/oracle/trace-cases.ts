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
  /** CartPole's integrator, which Gymnasium does not take as an argument. */
  readonly integrator?: string;
  /** Allowed difference of two numbers a and b: tolerance x max(1, |a|). Absent: none. */
  readonly tolerance?: number;
}

export const traceCases: readonly TraceCase[] = JSON.parse(
  readFileSync(new URL('trace-cases.json', import.meta.url), 'utf8'),
);

export function makeCase(traceCase: TraceCase, extra: Readonly<Record<string, unknown>> = {}): Env {
  const kwargs: Record<string, unknown> = { ...traceCase.kwargs, ...extra };
  const { map, integrator } = traceCase;
  if (map !== undefined) kwargs['desc'] = generateRandomMap(map.size, map.p, map.seed);
  if (integrator !== undefined) kwargs['kinematics_integrator'] = integrator;
  return makeFromKwargs(traceCase.env, kwargs);
}
