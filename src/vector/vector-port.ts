import type { Info } from '../core/env.ts';
import type { Snapshot } from '../core/snapshot.ts';
import type { Batch } from './batch-space.ts';
import type { AutoresetMode } from './vector-env.ts';

/** One end of a line to a thread; a platform supplies it (a `Worker`, a `MessagePort`). */
export interface VectorPort {
  postMessage(message: unknown): void;
  /** Called once, before anything is posted. */
  onMessage(handler: (message: unknown) => void): void;
  /** Called once; the handler learns why the thread ended by itself. */
  onEnd?(handler: (reason: Error) => void): void;
  /** Ends the thread. */
  end?(): void;
}

/** What a thread is told. Answers come in the order of the questions. */
export type VectorRequest =
  | {
      readonly kind: 'start';
      /** Id of a registered environment, or the module and the name under which it exports a function that makes one. */
      readonly source: string | { readonly module: string; readonly name: string };
      readonly count: number;
      readonly envOptions: Readonly<Record<string, unknown>>;
      readonly autoresetMode: AutoresetMode;
      /** Rows of the observations, on shared memory. */
      readonly observations: Batch;
      /** Module that registers environments when it is imported. */
      readonly setup: string | undefined;
    }
  | {
      readonly kind: 'reset';
      readonly seed: readonly (number | undefined)[];
      readonly options: Readonly<Record<string, unknown>> | undefined;
    }
  | { readonly kind: 'step'; readonly actions: unknown }
  | { readonly kind: 'save' }
  | { readonly kind: 'restore'; readonly state: Snapshot };

export type VectorAnswer =
  | { readonly infos: Info }
  | {
      readonly infos: Info;
      readonly rewards: Float64Array;
      readonly terminations: Uint8Array;
      readonly truncations: Uint8Array;
    }
  | { readonly state: Snapshot }
  | { readonly error: { readonly code: string; readonly message: string } };
