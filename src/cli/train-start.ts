import { statSync } from 'node:fs';
import { MismatchError, OptionError } from '../core/errors.ts';
import type { ResolvedRun } from '../node/runs/resolve-run.ts';
import type { RunTrainingOptions } from '../node/runs/run-training.ts';
import { protocolValuesOf } from '../runs/protocol-kwargs.ts';
import type { EvaluationSettings } from '../train/evaluated-training.ts';
import { protocolWith } from '../wrappers/atari-protocol.ts';
import { optionName } from './command.ts';
import { DEFAULT_RECIPE, EVALUATION, type TrainCommandOptions } from './train-options.ts';

/** What a training starts from: a run that is resumed, or one that is resolved here.
 * @throws BellmanError for options that do not go together, and what no run can be made of. */
export async function startOf(
  recipe: string | undefined,
  options: TrainCommandOptions,
): Promise<RunTrainingOptions['start']> {
  if (options.resume !== undefined) {
    const { env, kwargs, seed, set, run, evalEvery, evalEpisodes, evalEpsilon, evalNoops } = options;
    const { actors, actorSteps, actorLag, actorSpread } = options;
    // A checkpoint alone goes on in a new run, which may be told its folder.
    const isFile = statSync(options.resume, { throwIfNoEntry: false })?.isFile() ?? false;
    const played = { actors, actorSteps, actorLag, actorSpread };
    const own = { recipe, env, kwargs, seed, set, evalEvery, evalEpisodes, evalEpsilon, evalNoops, ...played };
    const others = { ...own, run: isFile ? undefined : run };
    const clash = Object.entries(others).find(([, value]) => value !== undefined)?.[0];
    if (clash !== undefined) {
      const name = clash === 'recipe' ? `recipe ${recipe}` : optionName(clash);
      throw new MismatchError(`--resume goes with no ${name}: a run keeps its own settings.`);
    }
    const { resume, device, threads, reward, allowCode } = options;
    return { resume, path: run, device, threads, reward, allowCode };
  }
  if (options.allowCode) throw new OptionError('--allow-code', true, 'an option of --resume');
  const [{ resolveRun }, { everydayEnvironment }] = await Promise.all([
    import('../node/runs/resolve-run.ts'),
    import('../recipes/choose-recipe.ts'),
  ]);
  const run = await resolveRun({
    recipe: recipe ?? DEFAULT_RECIPE,
    env: options.env === undefined ? undefined : (everydayEnvironment(options.env) ?? options.env),
    envKwargs: options.kwargs,
    reward: options.reward,
    seed: options.seed ?? 0,
    device: options.device ?? 'cpu',
    threads: options.threads,
    set: options.set ?? {},
    evaluation: evaluationOf(options),
    actors: {
      actors: options.actors,
      steps: options.actorSteps,
      lag: options.actorLag,
      epsilonSpread: options.actorSpread,
    },
  });
  if (options.workers !== undefined && run.actors === undefined) {
    throw new OptionError('--workers', options.workers, 'an option of trainings with --actors');
  }
  const asked = options.evalNoops ?? noopsOf(run);
  const evaluation = run.evaluation === null ? null : { ...run.evaluation, noops: asked };
  const { preprocessing } = run.config as { readonly preprocessing?: { readonly kind: string } };
  if (options.evalNoops !== undefined && (preprocessing === undefined || preprocessing.kind === 'none')) {
    throw new OptionError(
      '--eval-noops',
      options.evalNoops,
      `an option of recipes that see pictures, not of ${run.recipe}`,
    );
  }
  return { run: { ...run, evaluation }, path: options.run };
}

/** No-ops of evaluations, where none are asked for: the protocol's. */
function noopsOf({ config }: Pick<ResolvedRun, 'config'>): number {
  const values = protocolValuesOf(config);
  return values === undefined || protocolWith(values) === undefined ? EVALUATION.noops : values.noopMax;
}

/** @throws OptionError when something is said of evaluations, but not how often. */
function evaluationOf(options: TrainCommandOptions): EvaluationSettings | undefined {
  const { evalEvery: every, evalEpisodes: episodes, evalEpsilon: epsilon, evalNoops: noops } = options;
  if (every === undefined) {
    if ((episodes ?? epsilon ?? noops) === undefined) return undefined;
    throw new OptionError('--eval-every', every, 'a whole number from 1 up, with the other options of evaluations');
  }
  return {
    every,
    episodes: episodes ?? EVALUATION.episodes,
    epsilon: epsilon ?? EVALUATION.epsilon,
    noops: noops ?? EVALUATION.noops,
  };
}
