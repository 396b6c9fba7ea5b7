import type { TrainingEvents } from '../../worker/protocol.ts';
import type { RemoteTraining, StartTrainingOptions } from '../../worker/remote-training.ts';
import { EpisodeCurve } from './episode-curve.ts';

type Start = Parameters<typeof import('../../worker/remote-training.ts').startTraining>[0];
/** `startTraining`, or what stands for it. */
export type StartTraining = (start: Start, options?: StartTrainingOptions) => Promise<RemoteTraining>;

export type LearningState = 'none' | 'starting' | 'paused' | 'running' | 'ended' | 'failed';

export interface LearningListener {
  /** Something that is shown has changed. */
  changed(): void;
  /** There is a newer network: the bytes of its file. Resolves when it plays. */
  model(bytes: Uint8Array): Promise<void>;
  /**
   * Looks at the training of a checkpoint before it takes the place of the present one.
   * @returns what is to be said of it, empty for nothing.
   * @throws BellmanError for one that the element cannot show: the present one stays.
   */
  admit?(training: RemoteTraining): string;
}

/** A training of an element: started on demand in its worker, with what the element shows of it. */
export class Learning {
  state: LearningState = 'none';
  /** What went wrong, or how it ended; empty otherwise. */
  message = '';
  /** What is to be said of the checkpoint that was given last, and whether it was refused. */
  notice = { text: '', refused: false };
  curve = new EpisodeCurve();
  /** While onnxruntime-web is fetched: the share that is there, NaN where it is not known. */
  loaded: number | undefined;
  /** Seconds that it has run. */
  seconds = 0;
  training: RemoteTraining | undefined;
  readonly #listener: LearningListener;
  readonly #startTraining: () => Promise<StartTraining>;
  readonly #now: () => number;
  readonly #modelEverySeconds: number;
  #limit: number | undefined;
  #firstStep = 0;
  #runningSince = 0;
  #nextModel = 0;
  #fetching = false;
  /** Counts starts, so that a late answer to an earlier one is not taken for this one's. */
  #turn = 0;

  /** @param modelEverySeconds between two looks at the newest network. */
  constructor(
    listener: LearningListener,
    modelEverySeconds: number,
    startTraining: () => Promise<StartTraining> = async () =>
      (await import('../../worker/remote-training.ts')).startTraining,
    now: () => number = () => performance.now() / 1000,
  ) {
    this.#listener = listener;
    this.#modelEverySeconds = modelEverySeconds;
    this.#startTraining = startTraining;
    this.#now = now;
  }

  get progress(): TrainingEvents['progress'] | undefined {
    return this.training?.progress;
  }

  /**
   * Starts a training in place of the present one; it rests at first. What fails is said in `message`. One of a checkpoint takes the
   * place only when it is there and may be shown: until then, and where it is refused, which `notice` says, the present one goes on.
   * @returns whether it has started.
   */
  async start(start: Start): Promise<boolean> {
    const resumes = 'checkpoint' in start;
    if (!resumes || this.training === undefined || this.state === 'failed') this.close();
    const turn = ++this.#turn;
    const replaces = this.training !== undefined;
    this.notice = { text: replaces ? 'The checkpoint is being opened …' : '', refused: false };
    if (!replaces) this.state = 'starting';
    this.#listener.changed();
    let training: RemoteTraining | undefined;
    try {
      const startTraining = await this.#startTraining();
      training = await startTraining(start, {
        onLoad: ({ loaded, total }) => {
          if (turn !== this.#turn) return;
          this.loaded = total === undefined ? Number.NaN : loaded / total;
          this.#listener.changed();
        },
      });
      const text = resumes && turn === this.#turn ? (this.#listener.admit?.(training) ?? '') : '';
      const { content } = await training.model();
      if (turn === this.#turn && typeof content !== 'string') await this.#listener.model(content);
      if (turn !== this.#turn) {
        training.close();
        return false;
      }
      if (replaces) this.close();
      this.notice = { text, refused: false };
      this.#take(training);
    } catch (error) {
      training?.close();
      if (turn !== this.#turn) return false;
      const { message } = error as Error;
      if (replaces) this.notice = { text: message, refused: true };
      else this.#fail(message);
      training = undefined;
    }
    this.loaded = undefined;
    this.#listener.changed();
    return training !== undefined;
  }

  #take(training: RemoteTraining): void {
    this.training = training;
    this.#firstStep = training.progress.step;
    this.state = 'paused';
    training.addEventListener('progress', () => {
      void this.#look();
    });
    training.addEventListener('episode', ({ detail }) => this.curve.push(detail.reward));
    training.addEventListener('end', ({ detail }) => {
      this.#rest();
      this.state = 'ended';
      this.message = detail.message;
      void this.fetchModel();
      this.#listener.changed();
    });
    training.addEventListener('error', ({ detail }) => this.#fail(detail.message));
  }

  #fail(message: string): void {
    this.#rest();
    this.state = 'failed';
    this.message = message;
    this.#listener.changed();
  }

  async #look(): Promise<void> {
    if (this.state === 'running' && this.#now() >= this.#nextModel) await this.fetchModel();
    this.#listener.changed();
  }

  /** Seconds that it has run, with the present stretch. */
  get elapsed(): number {
    return this.seconds + (this.state === 'running' ? this.#now() - this.#runningSince : 0);
  }

  /** Seconds until all steps are done at the speed so far; undefined where that is not known. */
  get secondsLeft(): number | undefined {
    const { progress, elapsed } = this;
    if (this.state !== 'running' || progress === undefined || elapsed < 3) return undefined;
    const done = progress.step - this.#firstStep;
    return done > 0 ? ((progress.maxSteps - progress.step) * elapsed) / done : undefined;
  }

  #rest(): void {
    this.seconds = this.elapsed;
    this.#runningSince = this.#now();
  }

  /** Units a second, at most; undefined for as fast as it can. Holds for `run` too. */
  async limit(unitsPerSecond: number | undefined): Promise<void> {
    this.#limit = unitsPerSecond;
    if (this.state === 'running') await this.#ask((training) => training.run({ unitsPerSecond }));
  }

  async run(): Promise<void> {
    if (this.state !== 'paused') return;
    this.#runningSince = this.#now();
    this.#nextModel = this.#now() + this.#modelEverySeconds;
    this.state = 'running';
    this.#listener.changed();
    await this.#ask((training) => training.run({ unitsPerSecond: this.#limit }));
  }

  async pause(): Promise<void> {
    if (this.state !== 'running') return;
    this.#rest();
    this.state = 'paused';
    await this.#ask((training) => training.pause());
    await this.fetchModel();
    this.#listener.changed();
  }

  /** One more unit, then it rests. */
  async step(): Promise<void> {
    await this.pause();
    if (this.state !== 'paused') return;
    await this.#ask((training) => training.step(1));
    await this.fetchModel();
    this.#listener.changed();
  }

  /** Brings the newest network; one at a time. */
  async fetchModel(): Promise<void> {
    const { training } = this;
    if (training === undefined || this.#fetching) return;
    this.#fetching = true;
    await this.#ask(async () => {
      const { content } = await training.model();
      if (training === this.training && typeof content !== 'string') await this.#listener.model(content);
    });
    if (training !== this.training) return;
    this.#nextModel = this.#now() + this.#modelEverySeconds;
    this.#fetching = false;
  }

  /** The content of its `.bck` file; undefined where there is none. */
  checkpoint(): Promise<Uint8Array | undefined> {
    return this.#ask((training) => training.checkpoint());
  }

  /** Asks the training, where there is one; what fails is said, unless it was closed meanwhile. */
  async #ask<Answer>(question: (training: RemoteTraining) => Promise<Answer>): Promise<Answer | undefined> {
    const { training } = this;
    if (training === undefined) return undefined;
    try {
      return await question(training);
    } catch (error) {
      if (training === this.training) this.#fail((error as Error).message);
      return undefined;
    }
  }

  /** Ends the training; what was not saved is lost. */
  close(): void {
    this.#turn++;
    this.training?.close();
    this.training = undefined;
    this.state = 'none';
    this.message = '';
    this.notice = { text: '', refused: false };
    this.loaded = undefined;
    this.seconds = 0;
    this.curve = new EpisodeCurve();
    this.#fetching = false;
  }
}

/** Asks the reader for a file; undefined where none is chosen. @param accept endings, such as `.bck`. */
export function chosenFile(accept: string): Promise<Uint8Array | undefined> {
  return new Promise((resolve) => {
    const input = document.createElement('input');
    input.type = 'file';
    input.accept = accept;
    input.addEventListener('change', async () => {
      const file = input.files?.[0];
      resolve(file === undefined ? undefined : new Uint8Array(await file.arrayBuffer()));
    });
    input.addEventListener('cancel', () => resolve(undefined));
    input.click();
  });
}
