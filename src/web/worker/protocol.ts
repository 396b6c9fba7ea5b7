/**
 * What a page and the worker that trains for it say to each other. The page calls, one message each with a number; the worker
 * answers with that number, and tells what happens in batches of events.
 */
import type { RgbFrame } from '../../core/env.ts';
import type { JsonObject } from '../../runs/json.ts';
import type { RunRequest } from '../../runs/run.ts';
import type { EpisodeRecord, EvaluateOptions } from '../../train/evaluate.ts';
import type { EpisodeReport, EvaluationReport, ExportedModel, TrainingEnd } from '../../train/training.ts';
import type { ErrorFacts } from './error-facts.ts';

/** A training from its first step. */
export type NewTraining = Pick<RunRequest, 'recipe' | 'env' | 'envKwargs' | 'reward' | 'evaluation'> & {
  /** Default 0. */
  readonly seed?: number | undefined;
  /** Values that replace the recipe's, by their places, such as `{ 'network.hiddenSizes': [64] }`. */
  readonly set?: Readonly<Record<string, unknown>> | undefined;
};

/** A training that goes on from a checkpoint, of a page or of Node. */
export interface ResumedTraining {
  /** Content of a `.bck` file. */
  readonly checkpoint: Uint8Array;
  /** The `config.json` of its run; needed for checkpoints of versions before 0.2, which do not hold it. */
  readonly config?: JsonObject | undefined;
}

/** What runs networks: kernels of our own, onnxruntime-web, or the interpreter of graphs, the slow reference. */
export type WebRuntime = 'kernels' | 'onnxruntime' | 'interpreter';

export interface TrainingHostOptions {
  /**
   * Default `auto`: what a run was begun on, if a page has that; else onnxruntime-web for WebGPU and for pictures where it may
   * use three threads or more, the kernels for all else. Tables need none.
   */
  readonly runtime?: WebRuntime | 'auto' | undefined;
  /** Default `wasm`. `webgpu` needs onnxruntime-web's own files: `ort`. */
  readonly device?: 'wasm' | 'webgpu' | undefined;
  /** Of onnxruntime-web, where the page is cross-origin isolated; one elsewhere. Default: up to 4 for pictures, else 1. */
  readonly threads?: number | undefined;
  /** Address of the folder with onnxruntime-web's files. Default: that of the package. */
  readonly ort?: string | undefined;
  /** Cartridges for Atari games: `.bin` files, or zips of them. */
  readonly cartridges?: readonly Uint8Array[] | undefined;
  /** What is told in addition. Default: nothing. */
  readonly watch?: Watch | undefined;
}

/** How often a second things are told that cost time; 0, the default, for never. */
export interface Watch {
  /** Pictures of the first environment. */
  readonly frames?: number | undefined;
  /** Action values of what it shows. */
  readonly qvalues?: number | undefined;
}

/** What is known of a training once it is there. */
export interface TrainingFacts {
  /** Its `config.json`: recipe, environment, seed, every value with its source. */
  readonly config: JsonObject;
  /** What a unit is called, in the plural. */
  readonly unit: string;
  /** Where it begins. */
  readonly progress: ProgressReport;
  /** Settings that `set` takes. */
  readonly changeable: readonly string[];
  /** Names of the actions by their numbers, where they have any. */
  readonly actions: readonly string[] | undefined;
  /** The network in a line; undefined for a table. */
  readonly network: string | undefined;
  readonly table: { readonly nStates: number; readonly nActions: number } | undefined;
  readonly runtime: WebRuntime | 'none';
  readonly threads: number;
  /** What the run has otherwise than its recipe without having been asked to, for people. */
  readonly note: string | undefined;
  /** Whether the environment draws pictures. */
  readonly draws: boolean;
}

/** What a page may ask of a worker: arguments and answers by name. */
export interface TrainingCalls {
  start: { argument: { start: NewTraining | ResumedTraining; options: TrainingHostOptions }; answer: TrainingFacts };
  run: { argument: { unitsPerSecond?: number | undefined }; answer: undefined };
  pause: { argument: undefined; answer: undefined };
  step: { argument: number; answer: undefined };
  set: { argument: Readonly<Record<string, unknown>>; answer: JsonObject };
  watch: { argument: Watch; answer: undefined };
  checkpoint: { argument: undefined; answer: Uint8Array };
  model: { argument: { best: boolean }; answer: ExportedModel };
  qvalues: { argument: undefined; answer: Float32Array | Float64Array | undefined };
  evaluate: { argument: EvaluateOptions & { readonly noops?: number | undefined }; answer: EpisodeRecord[] };
  close: { argument: undefined; answer: undefined };
}

export type TrainingCall = keyof TrainingCalls;

/** How far onnxruntime-web's program is fetched. */
export interface LoadProgress {
  readonly loaded: number;
  /** Undefined where the server does not say. */
  readonly total: number | undefined;
}

export interface ProgressReport {
  readonly step: number;
  readonly maxSteps: number;
  /** What a progress bar shows, such as `reward -19.50, eps 0.02`. */
  readonly status: string;
  /** Over the last seconds; undefined while too little time has passed to tell. */
  readonly unitsPerSecond: number | undefined;
  readonly running: boolean;
  /** Of the last step and the last update; undefined where there was none. */
  readonly epsilon: number | undefined;
  readonly loss: number | undefined;
  readonly meanQ: number | undefined;
  /** Transitions in the replay; undefined without one. */
  readonly stored: { readonly size: number; readonly capacity: number } | undefined;
}

/** What a worker tells unasked: the detail of each event by its name. */
export interface TrainingEvents {
  /** While onnxruntime-web's program is fetched. */
  load: LoadProgress;
  /** Some ten times a second, and whenever it stops. */
  progress: ProgressReport;
  /** Numbers, as in `metrics.jsonl`. */
  metrics: { readonly step: number; readonly values: Readonly<Record<string, number>> };
  /** A line for people. */
  line: string;
  /** The agent is the best so far. */
  best: { readonly step: number; readonly score: number };
  episode: EpisodeReport;
  evaluation: EvaluationReport;
  /** The first environment's picture, when asked for. */
  frame: RgbFrame & { readonly step: number };
  /** Values of the actions there, when asked for. */
  qvalues: { readonly step: number; readonly values: Float32Array | Float64Array };
  /** It has ended by itself: solved, or all steps done. */
  end: TrainingEnd & { readonly step: number };
  /** It cannot go on: it diverged, or its environment failed. */
  error: ErrorFacts;
}

export type TrainingEvent = { [Name in keyof TrainingEvents]: [Name, TrainingEvents[Name]] }[keyof TrainingEvents];

export type ToWorker = {
  [Name in TrainingCall]: {
    readonly id: number;
    readonly call: Name;
    readonly argument: TrainingCalls[Name]['argument'];
  };
}[TrainingCall];

export type FromWorker =
  | { readonly id: number; readonly answer: TrainingCalls[TrainingCall]['answer'] }
  | { readonly id: number; readonly error: ErrorFacts }
  | { readonly events: readonly TrainingEvent[] };

/** The end of a channel that is used: of a `MessagePort`, a `Worker` or a worker's global scope. */
export interface Port {
  postMessage(message: unknown, transfer: Transferable[]): void;
  onmessage: ((event: MessageEvent) => void) | null;
}
