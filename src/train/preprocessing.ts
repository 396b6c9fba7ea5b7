import type { NetworkSpec } from '../agents/network-spec.ts';
import type { PreprocessingConfig } from '../agents/preprocessing-config.ts';
import type { Env } from '../core/env.ts';
import { MismatchError } from '../core/errors.ts';
import type { Space } from '../core/space.ts';
import { atariSide } from '../wrappers/atari-like.ts';
import { withDiscreteActions } from '../wrappers/discretize-action.ts';
import { DtypeObservation } from '../wrappers/dtype-observation.ts';
import { FlattenObservation } from '../wrappers/flatten-observation.ts';
import { lapanPreprocessing } from '../wrappers/lapan-preprocessing.ts';

/** What a network for DQN sees: bytes of a picture, or floats. */
export type Observation = Uint8Array | Float32Array;

/** Puts the wrappers around an environment that a configuration asks for.
 * @throws MismatchError or OptionError when they do not fit the environment. */
export function wrapForDqn(env: Env<unknown, number>, view: PreprocessingConfig): Env<Observation, number> {
  if (view.kind === 'none') {
    const numbered = withDiscreteActions(env, view.actionBins);
    return (isNumbered(env.observationSpace) ? oneHot(numbered) : numbered) as Env<Observation, number>;
  }
  const { kind: _, frameSize: size, stickyActions, ...options } = view;
  return lapanPreprocessing(env, { size, ...options, repeatActionProbability: missingStickiness(env, stickyActions) });
}

/** How sticky actions must become, beyond what the game does itself.
 * @throws MismatchError where its own are other than wanted. */
function missingStickiness(env: Env<unknown, number>, wanted: number | null): number {
  const { repeatActionProbability: own = 0 } = atariSide(env, 'preprocessing');
  if (wanted === null || wanted === own) return 0;
  if (own === 0) return wanted;
  throw new MismatchError(
    `${env.spec?.id ?? 'The environment'} has sticky actions ${own}, stickyActions is ${wanted}; give it repeat_action_probability ${wanted}.`,
  );
}

/** Whether observations are whole numbers that stand for cases, several of them perhaps. */
function isNumbered(space: Space): boolean {
  if (space.kind === 'tuple') return (space as Space & { readonly spaces: readonly Space[] }).spaces.every(isNumbered);
  return space.kind === 'discrete' || space.kind === 'multi-discrete';
}

/** Numbered observations as a network takes them: 1 where the number is, 0 elsewhere. */
const oneHot = (env: Env<unknown, number>): Env<Float32Array, number> =>
  new DtypeObservation(new FlattenObservation(env), 'float32');

/** Shape, element type and action count of a network for this environment.
 * @throws MismatchError unless observations are a box of bytes or float32 and actions are numbered from 0. */
export function networkSpec(env: { readonly observationSpace: Space; readonly actionSpace: Space }): NetworkSpec {
  // What a box and a discrete space have; others are refused by their kind.
  const { kind, shape, dtype } = env.observationSpace as Space & { shape: readonly number[]; dtype: string };
  const actionSpace = env.actionSpace as Space & { n: number; start?: number };
  if (kind !== 'box' || (dtype !== 'uint8' && dtype !== 'float32')) {
    throw new MismatchError(
      `DQN needs observations that are a Box of uint8 or float32; this environment has ${env.observationSpace}. A tabular method fits it.`,
    );
  }
  if (actionSpace.kind !== 'discrete' || (actionSpace.start ?? 0) !== 0) {
    const cure = actionSpace.kind === 'box' ? ' --set actionBins=5 divides each number of an action into five.' : '';
    throw new MismatchError(`DQN needs actions that are Discrete(n); this environment has ${env.actionSpace}.${cure}`);
  }
  return { inputShape: shape, inputDType: dtype, actions: actionSpace.n };
}
