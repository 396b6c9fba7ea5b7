import { loadAlgorithm } from '../../algorithms/registry.ts';
import { OptionError } from '../../core/errors.ts';
import { makeFromKwargs } from '../../envs/registry.ts';
import { checkSpace } from '../../tune/check-space.ts';
import { GridSampler, gridSize } from '../../tune/grid-sampler.ts';
import { MedianPruner } from '../../tune/median-pruner.ts';
import { RandomSampler } from '../../tune/random-sampler.ts';
import type { SearchSpace, Settings } from '../../tune/search-space.ts';
import { SobolSampler } from '../../tune/sobol-sampler.ts';
import { shippedSpace } from '../../tune/spaces.ts';
import { SuccessiveHalvingPruner } from '../../tune/successive-halving-pruner.ts';
import { TpeSampler } from '../../tune/tpe-sampler.ts';
import type { Pruner, Sampler } from '../../tune/trial.ts';
import { LENGTHS } from '../jobs/advance-run.ts';
import { namesPython } from '../runs/import-environment.ts';
import { type ResolvedRun, resolveRun } from '../runs/resolve-run.ts';
import type { Objective, PrunerName, SamplerName, StudySettings } from './study-settings.ts';
import { REPORTS, reportSteps } from './trial-reports.ts';

/** What a command line asks for; what is left out has the values that `settleStudy` names. */
export interface StudyRequest {
  readonly recipe: string;
  readonly env?: string | undefined;
  readonly kwargs?: Readonly<Record<string, unknown>> | undefined;
  readonly set?: Readonly<Record<string, unknown>> | undefined;
  /** Default: that which ships for the recipe. */
  readonly space?: SearchSpace | undefined;
  /** Default score. */
  readonly objective?: Objective | undefined;
  /** Default: the recipe's. */
  readonly reward?: number | undefined;
  /** Default: the recipe's. */
  readonly steps?: number | undefined;
  /** Default 0, 1, 2. */
  readonly seeds?: readonly number[] | undefined;
  /** Default 30 of networks whose score counts, else 0: the training's own mean. */
  readonly episodes?: number | undefined;
  /** Default 0.01. */
  readonly epsilon?: number | undefined;
  /** Default tpe. */
  readonly sampler?: SamplerName | undefined;
  readonly samplerSeed?: number | undefined;
  /** Default none. */
  readonly pruner?: PrunerName | undefined;
  readonly version: string;
}

/** Of final models. */
export const EVALUATION = { episodes: 30, epsilon: 0.01 } as const;
/** Keys that the command says by other options. */
const SAID_ELSEWHERE: ReadonlyMap<string, string> = new Map([
  ['maxSteps', '--steps'],
  ['maxIterations', '--steps'],
  ['rewardBound', '--reward'],
]);

export interface SettledStudy {
  readonly settings: StudySettings;
  /** Refuses settings of a trial. @throws BellmanError in one line. */
  readonly check: (settings: Settings) => Promise<ResolvedRun>;
  /** What a step is, in the plural. */
  readonly unit: string;
  readonly networks: boolean;
}

/**
 * Makes a request whole, and refuses what can be refused before anything is trained.
 * @throws BellmanError in one line: for a key that the recipe does not have, a bound that the objective needs, a grid without an end.
 */
export async function settleStudy(request: StudyRequest, device: string, threads: number): Promise<SettledStudy> {
  const { recipe, env, kwargs = {}, set = {}, objective = 'score', sampler = 'tpe', pruner = 'none' } = request;
  const { seeds = [0, 1, 2], epsilon = EVALUATION.epsilon, samplerSeed = 0, version } = request;
  const resolve = (values: Readonly<Record<string, unknown>>, reward?: number): Promise<ResolvedRun> =>
    resolveRun({ recipe, env, envKwargs: kwargs, reward, seed: seeds[0], device, threads, set: values });
  const run = await resolve(set, request.reward);
  const asked = request.space ?? shippedSpace(run.recipe);
  if (asked === undefined) {
    throw new OptionError(
      '--space',
      undefined,
      `KEY=RANGE, as learningRate=1e-5..1e-3:log: ${run.recipe} has no space of its own`,
    );
  }
  for (const key of Object.keys(asked)) {
    const said = Object.hasOwn(set, key) ? '--set' : SAID_ELSEWHERE.get(key);
    if (said !== undefined) throw new OptionError('--space', key, `a key that ${said} does not say`);
  }
  const length = LENGTHS.find((key) => key in run.config);
  if (length === undefined) {
    throw new OptionError('recipe', recipe, `a recipe that says how long it trains, by ${LENGTHS.join(' or ')}`);
  }
  const steps = request.steps ?? (run.config[length] as number);
  const bound = (run.config['rewardBound'] ?? null) as number | null;
  if (objective !== 'score' && bound === null) {
    throw new OptionError(
      '--objective',
      objective,
      `score for ${run.recipe} on ${run.env}, which has no bound; --reward sets one`,
    );
  }
  const { networks, unit } = await loadAlgorithm(run.algorithm);
  const episodes = request.episodes ?? (networks && objective === 'score' ? EVALUATION.episodes : 0);
  // A training that is scored by what it has come to is not to end at a bound.
  const ends = 'rewardBound' in run.config && !('rewardBound' in set);
  const fixed = {
    ...set,
    [length]: steps,
    ...(ends ? { rewardBound: objective === 'score' ? null : bound } : {}),
  };
  const check = (settings: Settings) => resolve({ ...fixed, ...settings });
  // Python starts a process; it says what it has to say when it trains.
  if (!namesPython(run.env)) makeFromKwargs(run.env, run.envKwargs).close?.();
  const space = await checkSpace(asked, check);
  if (Object.keys(space).length === 0) throw new OptionError('--space', 'nothing', 'KEY=RANGE, one at least');
  if (sampler === 'grid') gridSize(space);
  const settings: StudySettings = {
    ...{ recipe, env: run.env, kwargs: { ...kwargs }, set: fixed, space, objective, bound, steps, seeds: [...seeds] },
    evaluation: episodes === 0 ? null : { episodes, epsilon },
    ...{ sampler, samplerSeed, pruner, version },
  };
  return { settings, check, unit, networks };
}

export function samplerOf({ sampler, samplerSeed }: StudySettings): Sampler {
  switch (sampler) {
    case 'tpe':
      return new TpeSampler(samplerSeed);
    case 'sobol':
      return new SobolSampler(samplerSeed);
    case 'grid':
      return new GridSampler(samplerSeed);
    case 'random':
      return new RandomSampler(samplerSeed);
  }
}

export function prunerOf({ pruner, steps }: StudySettings): Pruner | undefined {
  switch (pruner) {
    case 'none':
      return undefined;
    // Its rungs are reports: a sixteenth, a quarter of a training.
    case 'asha':
      return new SuccessiveHalvingPruner({ minResource: Math.max(1, Math.floor(steps / REPORTS)) });
    // In its first eighth a training shows little of what it will come to.
    case 'median':
      return new MedianPruner({ warmupSteps: reportSteps(steps)[1] ?? 0 });
  }
}
