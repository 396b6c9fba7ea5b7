import type { OptionNames } from '../core/options.ts';
import type { Source } from '../recipes/recipe.ts';
import type { ActorSettings } from '../train/actors/chunk.ts';
import type { EvaluationSettings } from '../train/evaluated-training.ts';

/** What a user asks for, on a command line or in a page. */
export interface RunRequest {
  /** Recipe id or algorithm. */
  readonly recipe: string;
  readonly env?: string | undefined;
  /** Constructor options of the environment, by Gymnasium's names. */
  readonly envKwargs?: Readonly<Record<string, unknown>> | undefined;
  /** Mean return above which training counts as solved. */
  readonly reward?: number | undefined;
  readonly seed: number;
  readonly device: string;
  /** For the networks. Default: two where they see pictures, else one. */
  readonly threads?: number | undefined;
  /** Values that replace the recipe's. */
  readonly set: Readonly<Record<string, unknown>>;
  /** Evaluation while it trains. Default: none. */
  readonly evaluation?: EvaluationSettings | undefined;
  /** How actors play its environments, where it differs from the recipe's. Default: the recipe's, which mostly has none. */
  readonly actors?: { readonly [K in keyof ActorSettings]?: ActorSettings[K] | undefined } | undefined;
}

/** @internal */
export const RUN_REQUEST: OptionNames<RunRequest> = {
  ...{ recipe: true, env: true, envKwargs: true, reward: true, seed: true },
  ...{ device: true, threads: true, set: true, evaluation: true, actors: true },
};

/** A run with nothing left open: what `config.json` holds. */
export interface ResolvedRun {
  readonly recipe: string;
  readonly algorithm: string;
  readonly env: string;
  readonly envKwargs: Readonly<Record<string, unknown>>;
  readonly seed: number;
  readonly device: string;
  readonly threads: number;
  readonly config: Readonly<Record<string, unknown>>;
  readonly sources: Readonly<Record<string, Source>>;
  /** Evaluation while it trains; null for none. */
  readonly evaluation: EvaluationSettings | null;
  /** How actors play its environments; missing where the training plays them itself. */
  readonly actors?: ActorSettings | undefined;
  /** What the run has otherwise than its recipe without having been asked to, in a line for people. */
  readonly note?: string | undefined;
}
