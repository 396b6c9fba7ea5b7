import type { PreprocessingConfig } from '../agents/preprocessing-config.ts';
import { BellmanError } from '../core/errors.ts';
import type { Finding } from '../doctor/finding.ts';
import { describeNetwork } from '../nn/describe-network.ts';
import type { Training } from '../train/training.ts';
import type { Algorithm, Platform, TrainingTask } from './algorithm.ts';

/** Episodes and steps of the random player: seconds for the slowest built-in environment. */
const RANDOM_EPISODES = 20;
const RANDOM_STEPS = 40_000;

/** What an examined configuration has. */
interface Examined {
  readonly preprocessing: PreprocessingConfig;
  readonly maxSteps: number;
}

/** The checks for an algorithm with a network: what it sees, its gradients, a problem with known answers, its speed. */
export async function* examineNetwork(
  task: TrainingTask<Examined>,
  platform: Platform,
  { create, measure }: Algorithm,
): AsyncIterable<Finding> {
  // Loaded on use: training needs none of it.
  const [
    { checkGradients },
    { checkTwoStepProblem },
    { checkView },
    { judgeRandomPlay, playAtRandom },
    { speedFinding },
    { wrapForDqn },
  ] = await Promise.all([
    import('../doctor/gradient-check.ts'),
    import('../doctor/two-step-problem.ts'),
    import('../doctor/view-findings.ts'),
    import('../doctor/environment-findings.ts'),
    import('../doctor/speed-check.ts'),
    import('../train/preprocessing.ts'),
  ]);
  const { seed, config } = task;
  const env = wrapForDqn(platform.makeEnv(), config.preprocessing);
  yield* checkView(env, seed);
  yield* judgeRandomPlay(playAtRandom(env, RANDOM_EPISODES, RANDOM_STEPS, seed));
  env.close();
  yield* networkFinding(() => create(task, platform));
  const { createRunner } = await platform.runners();
  yield await checkGradients(createRunner);
  yield await checkTwoStepProblem(createRunner);
  if (measure === undefined) return;
  yield speedFinding(await measure(task, platform, { now: platform.now }), config.maxSteps);
}

/** The network of the very training that would begin, or why it cannot. */
async function* networkFinding(create: () => Promise<Training>): AsyncIterable<Finding> {
  try {
    const training = await create();
    const { network } = training;
    await training.close();
    if (network !== undefined) yield { check: 'network', ok: true, detail: describeNetwork(network) };
  } catch (error) {
    if (!(error instanceof BellmanError)) throw error;
    yield { check: 'network', ok: false, detail: error.message };
  }
}
