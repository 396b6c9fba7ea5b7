/**
 * A training in a thread of its own, as calls from outside see it: run, pause, step, change, save. Calls are answered one after
 * another, between units, so that none meets a training in the middle of one.
 */

import { loadAlgorithm } from '../../algorithms/registry.ts';
import type { Env } from '../../core/env.ts';
import { MismatchError, OptionError, OrderError } from '../../core/errors.ts';
import { joinBytes } from '../../core/join-bytes.ts';
import { checkOptionNames, type OptionNames } from '../../core/options.ts';
import { actionMeanings } from '../../envs/action-meanings.ts';
import { describeNetwork } from '../../nn/describe-network.ts';
import type { Source } from '../../recipes/recipe.ts';
import { createTrainingOn, modelEvaluator } from '../../runs/create-training.ts';
import type { JsonObject } from '../../runs/json.ts';
import { restoreTraining } from '../../runs/restore-training.ts';
import type { ResolvedRun } from '../../runs/run.ts';
import { checkIdentity, identityOf, newRunId } from '../../runs/run-identity.ts';
import { runFromJson, runToJson } from '../../runs/run-json.ts';
import { settleRun } from '../../runs/settle-run.ts';
import { VERSION } from '../../runs/version.ts';
import { type Checkpoint, decodeCheckpoint, encodeCheckpoint } from '../../storage/checkpoint-format.ts';
import type { EpisodeRecord } from '../../train/evaluate.ts';
import { SpeedMeter } from '../../train/speed-meter.ts';
import type { ExportedModel, Training, TrainingObserver } from '../../train/training.ts';
import { browserName } from './browser-name.ts';
import { errorFacts } from './error-facts.ts';
import { type PagePlatform, pagePlatform, pictureOf } from './page-platform.ts';
import { openRuntime, type Runtime } from './page-runtime.ts';
import type {
  NewTraining,
  ProgressReport,
  ResumedTraining,
  TrainingCalls,
  TrainingEvent,
  TrainingFacts,
  TrainingHostOptions,
  Watch,
} from './protocol.ts';

/** Between two looks at the messages. A page draws 60 pictures a second. */
const YIELD_EVERY_MS = 15;
const PROGRESS_EVERY_MS = 100;
/** Units between two looks at the clock. */
const MOST_UNSEEN = 256;

/** Gives events to the page, with the arrays that may move there. */
export type Tell = (events: readonly TrainingEvent[], transfer: Transferable[]) => void;

export class HostedTraining {
  readonly #training: Training;
  readonly #env: Env | undefined;
  readonly #runtime: Runtime;
  readonly #tell: Tell;
  readonly #speed = new SpeedMeter(() => performance.now());
  readonly #observer: TrainingObserver;
  #run: ResolvedRun;
  /** With the run's id. */
  #config: JsonObject;
  #best: ExportedModel | undefined;
  #watch: Watch;
  /** The step to rest at; infinite while it runs. */
  #until = 0;
  #unitsPerSecond = Number.POSITIVE_INFINITY;
  #loop: Promise<void> | undefined;
  /** What waits for the end of a unit. */
  #jobs: (() => Promise<void>)[] = [];
  #events: TrainingEvent[] = [];
  #nextProgress = 0;
  #nextFrame = 0;
  #nextValues = 0;
  #failure: unknown;
  #closed = false;
  #last: { epsilon?: number; loss?: number; meanQ?: number } = {};

  private constructor(
    training: Training,
    { run, config }: { readonly run: ResolvedRun; readonly config: JsonObject },
    parts: { readonly env: Env | undefined; readonly runtime: Runtime; readonly tell: Tell; readonly watch: Watch },
  ) {
    this.#training = training;
    this.#run = run;
    this.#config = config;
    this.#env = parts.env;
    this.#runtime = parts.runtime;
    this.#tell = parts.tell;
    this.#watch = parts.watch;
    this.#speed.restart(training.step);
    const say = (event: TrainingEvent): void => void this.#events.push(event);
    this.#observer = {
      scalars: (step, values) => say(['metrics', { step, values }]),
      line: (text) => say(['line', text]),
      best: (score) => {
        this.#best = training.exportModel();
        say(['best', { step: training.step, score }]);
      },
      step: ({ epsilon }) => {
        this.#last.epsilon = epsilon;
      },
      update: ({ loss, meanQ }) => {
        this.#last.loss = loss;
        this.#last.meanQ = meanQ;
      },
      episode: (report) => say(['episode', report]),
      evaluation: (report) => say(['evaluation', report]),
    };
  }

  /** @throws BellmanError for a request that no training can be made of. */
  static async start(
    start: NewTraining | ResumedTraining,
    options: TrainingHostOptions,
    tell: Tell,
  ): Promise<{ readonly hosted: HostedTraining; readonly facts: TrainingFacts }> {
    checkOptionNames(start, 'checkpoint' in start ? RESUMED_TRAINING : NEW_TRAINING);
    checkOptionNames(options, HOST_OPTIONS);
    checkOptionNames(options.watch, WATCH);
    if (options.cartridges !== undefined) {
      const { addCartridges } = await import('../../atari/cartridge-archive.ts');
      for (const bytes of options.cartridges) addCartridges(bytes);
    }
    const request = 'checkpoint' in start ? await resumed(start) : await requested(start);
    const { networks, unit } = await loadAlgorithm(request.run.algorithm);
    const { config } = request.run;
    const begunOn = request.checkpoint && request.run.device;
    const runtime = openRuntime({ networks, config, begunOn }, options, (loaded, total) =>
      tell([['load', { loaded, total }]], []),
    );
    const begun = 'config' in request ? request : begin(request.run, runtime);
    const { run } = begun;
    const platform: PagePlatform = pagePlatform(run, runtime.runners);
    const training = await createTrainingOn(platform, run, runtime.createModelRunner);
    if (begun.checkpoint !== undefined) restoreTraining(training, begun.checkpoint, run.algorithm, CHECKPOINT);
    const env = platform.first;
    const hosted = new HostedTraining(training, begun, { env, runtime, tell, watch: options.watch ?? {} });
    const { network, table } = training;
    const facts: TrainingFacts = {
      config: begun.config,
      unit,
      progress: hosted.#progress(),
      changeable: changeableOf(training),
      actions: env === undefined ? undefined : actionMeanings(env),
      network: network === undefined ? undefined : describeNetwork(network),
      table: table === undefined ? undefined : { nStates: table.nStates, nActions: table.nActions },
      runtime: runtime.name,
      threads: runtime.threads,
      note: run.note,
      draws: env?.renderMode === 'rgb_array',
    };
    return { hosted, facts };
  }

  /** Trains on and on. @param unitsPerSecond at most so many; default as fast as it can. */
  async run({ unitsPerSecond = Number.POSITIVE_INFINITY }: TrainingCalls['run']['argument']): Promise<undefined> {
    if (!(unitsPerSecond > 0)) throw new OptionError('unitsPerSecond', unitsPerSecond, 'a number above 0');
    this.#check();
    this.#unitsPerSecond = unitsPerSecond;
    this.#until = Number.POSITIVE_INFINITY;
    this.#start();
    return undefined;
  }

  /** Rests; resolves when it does. */
  async pause(): Promise<undefined> {
    this.#until = 0;
    await this.#loop;
    return undefined;
  }

  /** Does at least so many units, fewer at the training's end, and rests. */
  async step(units: number): Promise<undefined> {
    if (!Number.isSafeInteger(units) || units < 1) throw new OptionError('step', units, 'a whole number from 1');
    await this.pause();
    this.#check();
    this.#unitsPerSecond = Number.POSITIVE_INFINITY;
    this.#until = this.#training.step + units;
    this.#start();
    await this.#loop;
    if (this.#failure !== undefined) throw this.#failure;
    return undefined;
  }

  /** Between two units; at once where it rests. */
  between<T>(job: () => Promise<T>): Promise<T> {
    if (this.#loop === undefined) return job();
    return new Promise((resolve, reject) => {
      this.#jobs.push(() => job().then(resolve, reject));
    });
  }

  /** @throws OptionError for a setting that is decided at the start, or a value out of range. */
  async set(settings: Readonly<Record<string, unknown>>): Promise<JsonObject> {
    const changes = settled(settings, this.#run.config);
    const allowed = changeableOf(this.#training);
    for (const key of Object.keys(changes)) {
      if (!allowed.includes(key)) {
        const known = allowed.length === 0 ? 'nothing: all is decided at the start' : allowed.join(', ');
        throw new OptionError('set', key, `what may change while it learns: ${known}`);
      }
    }
    const algorithm = await loadAlgorithm(this.#run.algorithm);
    const config: Readonly<Record<string, unknown>> = {
      ...algorithm.parse({ ...this.#run.config, ...changes }),
    };
    this.#training.change?.(changes);
    // What ended by the old bound, or would have, goes on to the new one.
    if ('rewardBound' in changes || 'maxSteps' in changes) {
      if (this.#training.step < this.#training.maxSteps) this.#training.reopen?.();
    }
    const { step } = this.#training;
    const sources: Record<string, Source> = { ...this.#run.sources };
    for (const key of Object.keys(changes))
      sources[key] = { from: JSON.stringify(this.#run.config[key]), why: `changed at step ${step}` };
    this.#run = { ...this.#run, config, sources };
    this.#config = { ...this.#config, config, sources } as JsonObject;
    return this.#config;
  }

  watch(watch: Watch): undefined {
    checkOptionNames(watch, WATCH);
    this.#watch = watch;
    this.#nextFrame = this.#nextValues = 0;
    return undefined;
  }

  /** The content of a `.bck` file, with the run's configuration in its header. */
  async checkpoint(): Promise<Uint8Array> {
    const { step } = this.#training;
    const header = {
      kind: this.#run.algorithm,
      version: VERSION,
      step,
      run: identityOf(this.#config),
      config: this.#config,
    };
    return joinBytes(encodeCheckpoint(this.#training.saveState(), header));
  }

  /** @throws OrderError for the best one before there is one. */
  async model({ best }: { readonly best: boolean }): Promise<ExportedModel> {
    if (!best) return this.#training.exportModel();
    if (this.#best === undefined) throw new OrderError('There is no best model yet: no episode has ended.');
    return this.#best;
  }

  async qvalues(): Promise<Float32Array | Float64Array | undefined> {
    return (await this.#training.presentValues?.())?.slice(0, this.#actions);
  }

  async evaluate({ noops, ...options }: TrainingCalls['evaluate']['argument']): Promise<EpisodeRecord[]> {
    const play = modelEvaluator(this.#run, this.#runtime.createModelRunner, noops);
    return [...(await play(this.#training.exportModel(), options))];
  }

  async close(): Promise<undefined> {
    if (this.#closed) return undefined;
    this.#closed = true;
    await this.pause();
    await this.#training.close();
    return undefined;
  }

  get #actions(): number {
    const space = this.#env?.actionSpace as { readonly n?: number } | undefined;
    return (this.#training.table?.nActions ?? space?.n) as number;
  }

  #check(): void {
    if (this.#closed) throw new OrderError('The training was closed.');
    if (this.#failure !== undefined) throw this.#failure;
  }

  #start(): void {
    this.#loop ??= this.#work().finally(() => {
      this.#loop = undefined;
    });
  }

  async #work(): Promise<void> {
    // The caller hears that it runs before it hears of what it does.
    await yieldToEvents();
    const training = this.#training;
    const started = performance.now();
    let nextYield = started + YIELD_EVERY_MS;
    const first = training.step;
    // Steps of a table are so short that a look at the clock takes longer: several without one.
    let unseen = 0;
    let stride = 1;
    let seen = started;
    try {
      while (training.step < this.#until && training.end === undefined) {
        const work = training.advance(this.#observer);
        if (work !== undefined) await work;
        else if (++unseen < stride && this.#unitsPerSecond === Number.POSITIVE_INFINITY) continue;
        const now = performance.now();
        stride = now - seen < 1 ? Math.min(2 * stride, MOST_UNSEEN) : Math.ceil(stride / 2);
        seen = now;
        unseen = 0;
        this.#speed.count(training.step);
        const due = started + ((training.step - first) / this.#unitsPerSecond) * 1000;
        if (now < nextYield && now >= due && this.#jobs.length === 0) continue;
        await this.#look();
        await (due > now ? rest(due - now) : yieldToEvents());
        await this.#doJobs();
        nextYield = performance.now() + YIELD_EVERY_MS;
      }
      if (training.end !== undefined) this.#events.push(['end', { ...training.end, step: training.step }]);
    } catch (error) {
      this.#failure = error;
      this.#events.push(['error', errorFacts(error)]);
    }
    this.#until = 0;
    // What came while the last unit was done.
    await this.#doJobs();
    this.#nextProgress = this.#nextFrame = this.#nextValues = 0;
    await this.#look();
  }

  async #doJobs(): Promise<void> {
    const jobs = this.#jobs;
    this.#jobs = [];
    for (const job of jobs) await job();
  }

  /** Tells what has happened, and shows what is asked for. */
  async #look(): Promise<void> {
    const events = this.#events;
    this.#events = [];
    const transfer: Transferable[] = [];
    const { step } = this.#training;
    const now = performance.now();
    if (now >= this.#nextProgress) {
      this.#nextProgress = now + PROGRESS_EVERY_MS;
      events.unshift(['progress', this.#progress()]);
    }
    const { frames = 0, qvalues = 0 } = this.#watch;
    if (frames > 0 && now >= this.#nextFrame) {
      this.#nextFrame = now + 1000 / frames;
      const frame = pictureOf(this.#env);
      if (frame !== undefined) {
        events.push(['frame', { ...frame, step }]);
        transfer.push(frame.data.buffer as ArrayBuffer);
      }
    }
    if (qvalues > 0 && now >= this.#nextValues && this.#failure === undefined) {
      this.#nextValues = now + 1000 / qvalues;
      const values = await this.qvalues();
      if (values !== undefined) events.push(['qvalues', { step, values }]);
    }
    if (events.length > 0) this.#tell(events, transfer);
  }

  #progress(): ProgressReport {
    const training = this.#training;
    return {
      step: training.step,
      maxSteps: training.maxSteps,
      status: training.status(),
      unitsPerSecond: this.#speed.speed(training.step),
      running: this.#until > training.step && this.#failure === undefined && training.end === undefined,
      epsilon: this.#last.epsilon,
      loss: this.#last.loss,
      meanQ: this.#last.meanQ,
      stored: training.stored,
    };
  }
}

const NEW_TRAINING: OptionNames<NewTraining> = {
  ...{ recipe: true, env: true, envKwargs: true, reward: true },
  ...{ evaluation: true, seed: true, set: true },
};
const RESUMED_TRAINING: OptionNames<ResumedTraining> = { checkpoint: true, config: true };
const WATCH: OptionNames<Watch> = { frames: true, qvalues: true };
const HOST_OPTIONS: OptionNames<TrainingHostOptions> = {
  ...{ runtime: true, device: true, threads: true, ort: true },
  ...{ cartridges: true, watch: true },
};

interface Begun {
  readonly run: ResolvedRun;
  readonly config: JsonObject;
  readonly checkpoint: Checkpoint | undefined;
}

async function requested({ seed = 0, set = {}, ...request }: NewTraining) {
  return { run: await settleRun({ ...request, seed, set, device: 'cpu', threads: 1 }), checkpoint: undefined };
}

function begin(settledRun: ResolvedRun, { device, threads }: Runtime): Begun {
  const run = { ...settledRun, device, threads };
  const origin = {
    version: VERSION,
    runtime: browserName(globalThis.navigator?.userAgent ?? ''),
    command: 'startTraining()',
  };
  return { run, config: { ...runToJson(run, origin), id: newRunId() }, checkpoint: undefined };
}

const CHECKPOINT = 'The checkpoint';

async function resumed({ checkpoint: bytes, config: given }: ResumedTraining): Promise<Begun> {
  const checkpoint = decodeCheckpoint(bytes, CHECKPOINT);
  const config = given ?? (checkpoint.header.config as JsonObject | undefined);
  if (config === undefined) {
    throw new MismatchError(
      `${CHECKPOINT} holds no configuration, as those of versions before 0.2. Give the run's config.json too: { checkpoint, config }.`,
    );
  }
  checkIdentity(CHECKPOINT, checkpoint.header, identityOf(config));
  const run = await runFromJson(config, CHECKPOINT);
  return { run, config, checkpoint };
}

/** A rate and an epsilon by themselves hold from now on: their schedules end. */
const SCHEDULES: Readonly<Record<string, readonly [start: string, final: string, steps: string]>> = {
  learningRate: ['learningRate', 'learningRateFinal', 'learningRateDecaySteps'],
  epsilon: ['epsilonStart', 'epsilonFinal', 'epsilonDecaySteps'],
};

function settled(
  settings: Readonly<Record<string, unknown>>,
  config: Readonly<Record<string, unknown>>,
): Record<string, unknown> {
  const changes = { ...settings };
  for (const [name, [start, final, steps]] of Object.entries(SCHEDULES)) {
    if (!(name in settings) || !(start in config) || final in settings || steps in settings) continue;
    delete changes[name];
    Object.assign(changes, { [start]: settings[name], [final]: settings[name], [steps]: 0 });
  }
  return changes;
}

function changeableOf({ changeable = [] }: Training): readonly string[] {
  return changeable.includes('epsilonStart') ? [...changeable, 'epsilon'] : changeable;
}

const rest = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

/** Lets messages in. A timer would wait for some milliseconds more each time. */
function yieldToEvents(): Promise<void> {
  return new Promise((resolve) => {
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = () => {
      port1.close();
      resolve();
    };
    port2.postMessage(undefined);
  });
}
