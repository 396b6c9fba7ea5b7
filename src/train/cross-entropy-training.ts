import { drawBySoftmax, eliteBound } from '../agents/cross-entropy.ts';
import type { CrossEntropyConfig } from '../agents/cross-entropy-config.ts';
import { type CrossEntropyBatch, CrossEntropyLearner } from '../agents/cross-entropy-learner.ts';
import { loadQNetwork } from '../agents/load-q-network.ts';
import type { NetworkSpec } from '../agents/network-spec.ts';
import { Generator } from '../core/random/index.ts';
import { SavedState } from '../core/saved-state.ts';
import { sizeOf } from '../core/shape.ts';
import type { Snapshot } from '../core/snapshot.ts';
import { Adam } from '../nn/adam.ts';
import { NetworkTraining, type NetworkTrainingOptions } from './network-training.ts';
import type { Observation } from './preprocessing.ts';
import { Progress } from './progress.ts';
import type { TrainingObserver } from './training.ts';

export type CrossEntropyTrainingOptions = NetworkTrainingOptions<CrossEntropyConfig>;

/** A played episode. */
interface PlayedEpisode {
  readonly observations: Observation[];
  readonly actions: number[];
  reward: number;
}

/** What a training is made of; `createCrossEntropyTraining` makes it. */
export interface CrossEntropyParts {
  /** What the network takes and gives. */
  readonly spec: NetworkSpec;
  readonly learner: CrossEntropyLearner;
  readonly batch: CrossEntropyBatch;
  /** Draws actions. */
  readonly dice: Generator;
  /** Draws the steps of an elite that is too long. */
  readonly selection: Generator;
}

/** Builds a training by the cross-entropy method at its first step, with one environment.
 * @throws UnknownNameError for an option of another name; OptionError for the first setting that is unknown, missing or out of
 *   range; MismatchError when environment, wrappers and network do not fit. */
export async function createCrossEntropyTraining(given: CrossEntropyTrainingOptions): Promise<CrossEntropyTraining> {
  const { options, spec } = (await import('./check-options.ts')).checkCrossEntropyOptions(given);
  const { config, seed, createRunner } = options;
  const { batchSize, learningRate, optimizerEpsilon: epsilon } = config;
  const network = await loadQNetwork({ network: config.network, values: { kind: 'scalar', loss: 'mse' } }, spec);
  const [initialisation, dice, selection] = new Generator(seed).spawn(3);
  const learner = await CrossEntropyLearner.create({
    network,
    batchSize,
    createOptimizer: (size, memory) => new Adam(size, { learningRate, epsilon, memory }),
    random: initialisation,
    createRunner,
  });
  const length = batchSize * sizeOf(spec.inputShape);
  const batch = {
    observations: spec.inputDType === 'uint8' ? new Uint8Array(length) : new Float32Array(length),
    actions: new Int32Array(batchSize),
    weights: new Float32Array(batchSize),
  };
  return new CrossEntropyTraining(options, { spec, learner, batch, dice, selection });
}

/** The loop of the cross-entropy method. One unit is one step, after `batchEpisodes` episodes with the update that follows. */
export class CrossEntropyTraining extends NetworkTraining<CrossEntropyConfig> {
  readonly learner: CrossEntropyLearner;
  readonly changeable = [];
  readonly #parts: CrossEntropyParts;
  readonly #actions = new Int32Array(1);
  /** The episodes of this batch; the last one is being played. */
  #episodes: PlayedEpisode[] = [newEpisode()];

  constructor(options: CrossEntropyTrainingOptions, parts: CrossEntropyParts) {
    const { rewardBound, rewardWindow, maxSteps } = options.config;
    const progress = { environments: 1, epsilonStart: 0, rewardBound, rewardWindow, maxSteps };
    super(options, parts.spec, new Progress(progress, options.now));
    this.#parts = parts;
    this.learner = parts.learner;
  }

  async advance(observer: TrainingObserver): Promise<void> {
    const { config, observations, actionMasks, progress } = this;
    const { learner, dice } = this.#parts;
    const episode = this.#episodes[this.#episodes.length - 1];
    const action = drawBySoftmax(await learner.scores(observations), dice.random(), actionMasks);
    episode.observations.push(observations.slice());
    episode.actions.push(action);
    this.#actions[0] = action;
    const step = this.stepEnvironments(this.#actions);
    episode.reward += step.rewards[0];
    progress.addStep(step, this.#actions, observer);
    if (step.terminations[0] === 0 && step.truncations[0] === 0) return;
    if (this.#episodes.length === config.batchEpisodes) {
      this.#fillBatch();
      await learner.learn(this.#parts.batch);
      progress.addUpdate(learner, observer);
      this.#episodes = [];
    }
    this.#episodes.push(newEpisode());
  }

  /** Writes the elite's steps into the batch. */
  #fillBatch(): void {
    const { batch, selection } = this.#parts;
    const { elitePercentile, batchSize } = this.config;
    const bound = eliteBound(
      this.#episodes.map(({ reward }) => reward),
      elitePercentile,
    );
    const elite = this.#episodes.filter(({ reward }) => reward >= bound);
    const steps = elite.flatMap(({ observations, actions }) =>
      actions.map((action, i) => ({ observation: observations[i], action })),
    );
    const drawn =
      steps.length <= batchSize
        ? steps
        : (selection.permutation(steps.length) as number[]).slice(0, batchSize).map((i) => steps[i]);
    batch.weights.fill(0);
    drawn.forEach(({ observation, action }, row) => {
      batch.observations.set(observation, row * observation.length);
      batch.actions[row] = action;
      batch.weights[row] = batchSize / drawn.length;
    });
  }

  saveState(): Snapshot {
    this.checkWeights();
    const { learner, dice, selection } = this.#parts;
    return {
      ...this.progress.saveState(),
      episodes: this.#episodes.map(({ observations, actions, reward }) => ({
        observations: concatenated(observations, this.observations),
        actions: Int32Array.from(actions),
        reward,
      })),
      env: this.env.saveState(),
      dice: dice.saveState(),
      selection: selection.saveState(),
      learner: learner.saveState(),
    };
  }

  restoreState(state: Snapshot): void {
    const saved = new SavedState(state, 'training');
    const { learner, dice, selection } = this.#parts;
    const { length } = this.observations;
    this.progress.restoreState(state);
    const episodes = saved.list('episodes');
    const { batchEpisodes } = this.config;
    saved.require(episodes.length > 0 && episodes.length <= batchEpisodes, 'episodes', `1 to ${batchEpisodes} of them`);
    this.#episodes = episodes.map((episode) => {
      const one = new SavedState(episode, 'episode');
      const actions = one.array('actions', this.#actions);
      one.within('actions', actions, 0, this.spec.actions - 1);
      const observations = one.array('observations', this.observations, actions.length * length);
      return {
        observations: Array.from(actions, (_, i) => observations.slice(i * length, (i + 1) * length)),
        actions: [...actions],
        reward: one.finite('reward'),
      };
    });
    this.env.restoreState(saved.part('env'));
    dice.restoreState(saved.part('dice'));
    selection.restoreState(saved.part('selection'));
    learner.restoreState(saved.part('learner'));
  }
}

const newEpisode = (): PlayedEpisode => ({ observations: [], actions: [], reward: 0 });

/** Observations one after the other, in an array of the kind of `like`. */
function concatenated(parts: readonly Observation[], like: Observation): Observation {
  const length = parts.length * like.length;
  const all = like instanceof Uint8Array ? new Uint8Array(length) : new Float32Array(length);
  for (const [i, part] of parts.entries()) all.set(part, i * like.length);
  return all;
}
