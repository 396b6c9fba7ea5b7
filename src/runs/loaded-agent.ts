import type { PreprocessingConfig } from '../agents/preprocessing-config.ts';
import type { Env } from '../core/env.ts';
import type { OptionNames } from '../core/options.ts';
import type { ModelSpec } from '../graph/emit-onnx.ts';
import type { GraphRunner } from '../graph/runner.ts';
import type { Player } from '../train/evaluate.ts';
import type { AtariProtocolName } from '../wrappers/atari-protocol.ts';
import { makeDrawn, type WantedMode } from './make-drawn.ts';

/** A trained agent and the environment that it sees. */
export interface LoadedAgent extends Player {
  readonly modelPath: string;
  readonly envId: string;
  /** Whether observations are pictures: no-op starts apply. */
  readonly image: boolean;
  /** What it sees of an Atari game and under which protocol it plays, where the model says it. */
  readonly atari?: (PreprocessingConfig & { readonly kind: 'atari' }) | undefined;
  close(): Promise<void>;
}

export interface LoadOptions {
  /** Environment instead of the model's own. */
  readonly env?: string | undefined;
  readonly envKwargs?: Readonly<Record<string, unknown>> | undefined;
  /** How the environment draws. Default: not at all. */
  readonly renderMode?: WantedMode | undefined;
  /** Random no-ops after each reset instead of the model's own number; image environments only. */
  readonly noopMax?: number | undefined;
  /** The number of no-ops where neither `noopMax` nor a protocol of the model's own says it. Default: the model's own. */
  readonly usualNoops?: number | undefined;
  /** Protocol to play Atari games by, instead of the model's own. */
  readonly protocol?: AtariProtocolName | undefined;
  /** For a model of another program: what it sees of a game, one of `FOREIGN_VIEWS`. */
  readonly preprocessing?: string | undefined;
  /** For an ONNX model of another program: whether it takes bytes as numbers from 0 to 1. Default false. */
  readonly scaled?: boolean | undefined;
  /** Whether code that the run or model names may run where this user did not begin the run on this machine. Default false. */
  readonly allowCode?: boolean | undefined;
}

/** @internal */
export const LOAD_OPTIONS: OptionNames<LoadOptions> = {
  ...{ env: true, envKwargs: true, renderMode: true, noopMax: true, usualNoops: true },
  ...{ protocol: true, preprocessing: true, scaled: true, allowCode: true },
};

/** A model's content, and what errors call it: a path that ends in `.json` is of a table. */
export interface ModelFile {
  readonly content: Uint8Array | string;
  readonly path: string;
}

/** Makes a model runnable: the bytes of an ONNX file, and of its inputs and outputs what is fed and read. */
export type CreateModelRunner = (model: Uint8Array, spec: ModelSpec) => Promise<GraphRunner>;

/** What opening a model needs of the program. */
export interface AgentHost {
  /** For networks; tables need none. */
  readonly createModelRunner: CreateModelRunner;
  /** Loads the module of the model's own environment; by default it is loaded already. */
  readonly importEnv?: (model: { readonly env: string; readonly envKwargs: unknown }) => Promise<void>;
}

/** Makes the environment that the options name, or a model's own. */
export function makeAgentEnv(
  id: string,
  stored: Readonly<Record<string, unknown>>,
  options: LoadOptions,
): Env<unknown, number> {
  const kwargs = { ...(options.env === undefined ? stored : {}), ...options.envKwargs };
  return makeDrawn(options.env ?? id, kwargs, options.renderMode) as Env<unknown, number>;
}
