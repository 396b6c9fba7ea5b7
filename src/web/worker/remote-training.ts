import type { JsonObject } from '../../runs/json.ts';
import type { EpisodeRecord, EvaluateOptions } from '../../train/evaluate.ts';
import type { ExportedModel } from '../../train/training.ts';
import { errorFacts, errorOf } from './error-facts.ts';
import { openTrainingWorker } from './open-worker.ts';
import type {
  FromWorker,
  NewTraining,
  Port,
  ProgressReport,
  ResumedTraining,
  TrainingCall,
  TrainingCalls,
  TrainingEvents,
  TrainingFacts,
  TrainingHostOptions,
  Watch,
} from './protocol.ts';
import { TrainingLostError } from './training-lost-error.ts';

export interface StartTrainingOptions extends TrainingHostOptions {
  /** Makes the worker, in place of the package's: one of your own that calls `serveTraining(self)`, say. */
  readonly worker?: (() => Worker) | undefined;
  /** Called while onnxruntime-web's program is fetched, before the training is there. */
  readonly onLoad?: ((progress: TrainingEvents['load']) => void) | undefined;
}

/** Where a training stands, as far as the page has heard. */
export type TrainingState = 'paused' | 'running' | 'ended' | 'failed' | 'closed';

/**
 * Starts a training in a Web Worker: of a recipe from its first step, or from a checkpoint. It rests until `run` or `step`.
 * @throws BellmanError as in Node, for anything that can be put right; TrainingLostError when the worker does not load.
 */
export async function startTraining(
  start: NewTraining | ResumedTraining,
  { worker: open = openTrainingWorker, onLoad, ...options }: StartTrainingOptions = {},
): Promise<RemoteTraining> {
  const worker = open();
  const link = new TrainingLink(worker, () => worker.terminate());
  worker.addEventListener('error', (event) => {
    event.preventDefault();
    link.lose(
      event.message ? `The worker of the training died: ${event.message}` : 'The worker of the training does not load.',
    );
  });
  worker.addEventListener('messageerror', () => link.lose('A message from the worker of the training was lost.'));
  return RemoteTraining.begin(link, start, options, onLoad);
}

export type TrainingListener<Name extends keyof TrainingEvents> =
  | ((event: CustomEvent<TrainingEvents[Name]>) => void)
  | { handleEvent(event: CustomEvent<TrainingEvents[Name]>): void };

/** The page's end of the channel to a worker. @internal */
export class TrainingLink {
  /** Hears the events; until then they wait. */
  hear: ((name: keyof TrainingEvents, detail: unknown) => void) | undefined;
  /** Hears that nothing will come any more. */
  lost: ((error: TrainingLostError) => void) | undefined;
  readonly #port: Port;
  readonly #end: () => void;
  readonly #waiting = new Map<number, { resolve(answer: never): void; reject(error: Error): void }>();
  #count = 0;
  #gone: TrainingLostError | undefined;

  /** @param end ends the worker. */
  constructor(port: Port, end: () => void) {
    this.#port = port;
    this.#end = end;
    port.onmessage = ({ data }: MessageEvent<FromWorker>) => this.#receive(data);
  }

  call<Name extends TrainingCall>(
    call: Name,
    argument: TrainingCalls[Name]['argument'],
  ): Promise<TrainingCalls[Name]['answer']> {
    if (this.#gone !== undefined) return Promise.reject(this.#gone);
    const id = this.#count++;
    return new Promise((resolve, reject) => {
      this.#waiting.set(id, { resolve, reject });
      this.#port.postMessage({ id, call, argument }, []);
    });
  }

  /** Gives the worker up: what was asked of it is refused. */
  lose(message: string): void {
    if (this.#gone !== undefined) return;
    this.#gone = new TrainingLostError(message);
    this.#end();
    for (const { reject } of this.#waiting.values()) reject(this.#gone);
    this.#waiting.clear();
    this.lost?.(this.#gone);
  }

  #receive(message: FromWorker): void {
    if ('events' in message) {
      for (const [name, detail] of message.events) this.hear?.(name, detail);
      return;
    }
    const waiting = this.#waiting.get(message.id);
    this.#waiting.delete(message.id);
    if ('error' in message) waiting?.reject(errorOf(message.error));
    else waiting?.resolve(message.answer as never);
  }
}

/**
 * A training that another thread does. Its events are `CustomEvent`s whose `detail` is that of `TrainingEvents`; one that fails
 * or is lost is told as `error`, and refuses what was asked of it.
 */
export class RemoteTraining extends EventTarget {
  /** What is known of it since its start. */
  readonly facts: TrainingFacts;
  readonly #link: TrainingLink;
  #config: JsonObject;
  #progress: ProgressReport;
  #state: TrainingState = 'paused';

  private constructor(link: TrainingLink, facts: TrainingFacts) {
    super();
    this.facts = facts;
    this.#link = link;
    this.#config = facts.config;
    this.#progress = facts.progress;
    link.hear = (name, detail) => this.#hear(name, detail);
    link.lost = (error) => {
      if (this.#state === 'closed') return;
      this.#state = 'failed';
      this.#dispatch('error', errorFacts(error));
    };
  }

  /** Starts a training at the other end of a link. @internal */
  static async begin(
    link: TrainingLink,
    start: NewTraining | ResumedTraining,
    options: TrainingHostOptions,
    onLoad?: (progress: TrainingEvents['load']) => void,
  ): Promise<RemoteTraining> {
    link.hear = (name, detail) => {
      if (name === 'load') onLoad?.(detail as TrainingEvents['load']);
    };
    try {
      return new RemoteTraining(link, await link.call('start', { start, options }));
    } catch (error) {
      link.lose('The training did not start.');
      throw error;
    }
  }

  /** `config.json` of its run: recipe, environment, seed, every value with its source, settings as they are now. */
  get config(): JsonObject {
    return this.#config;
  }
  /** Where it stands, as far as the page has heard. */
  get progress(): ProgressReport {
    return this.#progress;
  }
  get state(): TrainingState {
    return this.#state;
  }

  /**
   * Trains on and on, until `pause` or its end.
   * @param unitsPerSecond at most so many, for watching. Default: as fast as it can.
   */
  async run({ unitsPerSecond }: { readonly unitsPerSecond?: number | undefined } = {}): Promise<void> {
    await this.#link.call('run', { unitsPerSecond });
  }

  /** Rests. Resolves once it does, with all events before told. */
  async pause(): Promise<void> {
    await this.#link.call('pause', undefined);
  }

  /** Does so many units and rests: fewer, where it ends; more, where environments are stepped together, up to one step of all. */
  async step(units: number): Promise<void> {
    await this.#link.call('step', units);
  }

  /**
   * Changes settings from the next unit on: those of `facts.changeable`. A `learningRate` or an `epsilon` by itself holds from then
   * on; with the other values of its schedule it is the schedule's start.
   * @throws OptionError for a setting that is decided at the start, or a value out of range.
   */
  async set(settings: Readonly<Record<string, unknown>>): Promise<void> {
    this.#config = await this.#link.call('set', settings);
  }

  /** What is shown, and how often a second. */
  async watch(watch: Watch): Promise<void> {
    await this.#link.call('watch', watch);
  }

  /** Everything that it needs to go on, as the content of a `.bck` file: here, in another page, or in Node. */
  checkpoint(): Promise<Uint8Array> {
    return this.#link.call('checkpoint', undefined);
  }

  /**
   * The agent: an `.onnx` file or a table.
   * @param best the best so far, in place of the one of now.
   * @throws OrderError for the best one before there is one.
   */
  model({ best = false }: { readonly best?: boolean } = {}): Promise<ExportedModel> {
    return this.#link.call('model', { best });
  }

  /** Values of the actions in what the first environment shows now; undefined where there are none. Changes nothing. */
  qValues(): Promise<Float32Array | Float64Array | undefined> {
    return this.#link.call('qvalues', undefined);
  }

  /** Plays episodes with the agent of now, in an environment of their own; the training waits and goes on as it would have. */
  evaluate(options: EvaluateOptions & { readonly noops?: number | undefined }): Promise<readonly EpisodeRecord[]> {
    return this.#link.call('evaluate', options);
  }

  /** Ends the worker at once. What was not saved is lost. */
  close(): void {
    if (this.#state === 'closed') return;
    this.#state = 'closed';
    this.#link.lose('The training was closed.');
  }

  override addEventListener<Name extends keyof TrainingEvents>(
    type: Name,
    listener: TrainingListener<Name> | null,
    options?: boolean | AddEventListenerOptions,
  ): void {
    super.addEventListener(type, listener as EventListener | null, options);
  }

  override removeEventListener<Name extends keyof TrainingEvents>(
    type: Name,
    listener: TrainingListener<Name> | null,
    options?: boolean | EventListenerOptions,
  ): void {
    super.removeEventListener(type, listener as EventListener | null, options);
  }

  #hear(name: keyof TrainingEvents, detail: unknown): void {
    if (this.#state === 'closed') return;
    if (name === 'progress') {
      this.#progress = detail as ProgressReport;
      if (this.#progress.running) this.#state = 'running';
      else if (this.#state === 'running') this.#state = 'paused';
    } else if (name === 'end') this.#state = 'ended';
    else if (name === 'error') this.#state = 'failed';
    this.#dispatch(name, detail);
  }

  #dispatch(name: keyof TrainingEvents, detail: unknown): void {
    this.dispatchEvent(new CustomEvent(name, { detail }));
  }
}
