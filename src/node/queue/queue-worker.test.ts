import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { PASSWORD, type QueueServer, startPostgres, startRedis } from '../../../test/support/queue-servers.ts';
import type { TrainingEnd, TrainingExecutor, TrainingJob, TrainingReport } from '../jobs/training-job.ts';
import { FolderStore } from '../store/folder-store.ts';
import { queueAddress } from './queue-address.ts';
import { QueueExecutor } from './queue-executor.ts';
import { QueueWorker, type WorkerEvent } from './queue-worker.ts';
import { type QueuedTraining, queuedTraining } from './queued-training.ts';
import { TrainingQueue, type WorkerHandle } from './training-queue.ts';

const root = mkdtempSync(join(tmpdir(), 'queue-worker-'));
afterAll(() => rmSync(root, { recursive: true, force: true }));

const VERSION = '1.2.3';
const LENGTH = 12;

const jobOf = (id: string, more: Partial<TrainingJob> = {}): TrainingJob => ({
  ...{ id, recipe: 'sarsa', env: 'CliffWalking-v1', kwargs: {}, set: {}, seed: 7, evaluation: null },
  ...more,
});

/** What the fake trains: a number that depends on each step before it. */
const advance = (value: number, seed: number): number => (value * 48_271 + seed) % 2_147_483_647;

function alone({ seed }: TrainingJob): TrainingEnd {
  let value = 1;
  for (let step = 0; step < LENGTH; step++) value = advance(value, seed);
  return { kind: 'ended', step: LENGTH, seconds: 1, solved: null, score: value };
}

/** Where trainings of these tests wait, and what they did. */
class Course {
  /** Trainings stop before this step until it is raised. */
  limit = LENGTH;
  /** Whether the disk takes nothing. */
  full = false;
  readonly steps: string[] = [];
}

/** A training without learning: a checkpoint after each step, and all that counts in it. */
class FakeExecutor implements TrainingExecutor {
  readonly slots = 1;
  readonly #folder: string;
  readonly #course: Course;
  constructor(folder: string, course: Course) {
    this.#folder = folder;
    this.#course = course;
  }

  async run(job: TrainingJob, onReport: (report: TrainingReport) => void, stop: AbortSignal): Promise<TrainingEnd> {
    const run = join(this.#folder, job.id);
    const checkpoints = join(run, 'checkpoints');
    mkdirSync(checkpoints, { recursive: true });
    const [name] = readdirSync(checkpoints);
    let [step, value] = name === undefined ? [0, 1] : JSON.parse(readFileSync(join(checkpoints, name), 'utf8'));
    if (this.#course.full) return { kind: 'failed', message: 'Cannot write it: full.', cause: 'unwritable' };
    while (step < LENGTH) {
      while (step >= this.#course.limit && !stop.aborted) await sleep(5);
      if (stop.aborted) return { kind: 'stopped', step };
      value = advance(value, job.seed);
      step++;
      this.#course.steps.push(`${job.id} ${step}`);
      writeFileSync(join(checkpoints, `checkpoint-${step}.bck`), JSON.stringify([step, value]));
      rmSync(join(checkpoints, `checkpoint-${step - 1}.bck`), { force: true });
      writeFileSync(join(run, 'log.txt'), `step ${step}\n`, { flag: 'a' });
      onReport({ step, seconds: step, score: value });
    }
    return { kind: 'ended', step, seconds: 1, solved: null, score: value };
  }

  async close(): Promise<void> {}
}

/** Waits for something that others bring about. */
async function until(what: () => boolean): Promise<void> {
  while (!what()) await sleep(10);
}

const never = new AbortController().signal;

describe.each([
  ['Redis', startRedis],
  ['PostgreSQL', startPostgres],
] as const)('on %s', (engine, start) => {
  let server: QueueServer;
  const opened: TrainingQueue[] = [];
  const workers = new Set<QueueWorker>();
  let count = 0;

  const open = async (): Promise<TrainingQueue> => {
    const queue = await TrainingQueue.open(queueAddress(server.url));
    opened.push(queue);
    return queue;
  };

  interface Worker {
    readonly worker: QueueWorker;
    readonly events: WorkerEvent[];
    readonly name: string;
  }

  // Leases that outlast what a busy machine makes of a moment: whoever loses one has its job trained twice, as it should be.
  async function work(course: Course, { version = VERSION, grace = 30, lease = 60 } = {}): Promise<Worker> {
    const events: WorkerEvent[] = [];
    const name = `tester-${++count}-2`;
    const worker = new QueueWorker({
      ...{ queue: await open(), store: new FolderStore(join(root, engine)), name, slots: 2 },
      abilities: { version, device: 'cpu', threads: 1, allowCode: false },
      work: join(root, name),
      executorIn: (folder) => new FakeExecutor(folder, course),
      ...{ leaseSeconds: lease, patienceSeconds: 60, graceSeconds: grace, onEvent: (event) => events.push(event) },
    });
    workers.add(worker);
    return { worker, events, name };
  }

  const end = async ({ worker }: Worker) => {
    workers.delete(worker);
    await worker.stop();
  };

  const ask = async () => QueueExecutor.open({ queue: await open(), version: VERSION, lookMs: 25 });

  beforeAll(async () => {
    server = await start();
  });
  // Those of a test that failed would take the jobs of the next.
  afterEach(async () => {
    for (const worker of workers) await worker.stop();
    workers.clear();
  });
  afterAll(async () => {
    for (const queue of opened) await queue.close();
    await server.stop();
  });

  it('trains each job once, whoever asks, and brings its reports', async () => {
    const course = new Course();
    const [a, b] = [await work(course), await work(course)];
    const [first, second] = [await ask(), await ask()];
    const jobs = [1, 2, 3, 4, 5].map((seed) => jobOf(`many/seed${seed}`, { seed }));
    const reports: TrainingReport[] = [];
    const results = await Promise.all([
      ...jobs.map((job) => first.run(job, (report) => job.seed === 1 && reports.push(report), never)),
      ...jobs.map((job) => second.run(job, () => {}, never)),
    ]);
    expect(results).toEqual([...jobs, ...jobs].map(alone));
    expect(course.steps).toHaveLength(jobs.length * LENGTH);
    expect(reports.map(({ step }) => step)).toEqual([...new Set(reports.map(({ step }) => step))]);
    expect(first.slots).toBeGreaterThan(0);
    await expect(first.run({ ...jobs[0]!, seed: 9 }, () => {}, never)).rejects.toThrow(
      'The queue has a job many/seed1 with other settings.',
    );
    await end(a);
    await end(b);
  });

  it('goes on elsewhere with what a worker that ends gives back, to the same result', async () => {
    const course = new Course();
    course.limit = 5;
    const asker = await ask();
    const job = jobOf('moved/seed7');
    const taken: string[] = [];
    const result = asker.run(job, () => {}, never);
    const a = await work(course);
    await until(() => course.steps.includes('moved/seed7 5'));
    await end(a);
    expect(a.events.at(-1)).toEqual({ kind: 'gives back', id: job.id, why: 'asked to stop' });
    course.limit = LENGTH;
    const b = await work(course);
    expect(await result).toEqual(alone(job));
    expect(b.events[0]).toEqual({ kind: 'begins', id: job.id, step: 5 });
    // No step twice: it went on from where it was.
    expect(course.steps).toEqual(Array.from({ length: LENGTH }, (_, i) => `moved/seed7 ${i + 1}`));
    expect(taken).toEqual([]);
    await end(b);
  });

  it('gives back what it has no room for and ends, and another one trains it', async () => {
    const course = new Course();
    course.full = true;
    const asker = await ask();
    const job = jobOf('full/seed7');
    const result = asker.run(job, () => {}, never);
    const a = await work(course);
    await expect(a.worker.failure).rejects.toThrow(
      'Cannot write it: full. Make room, or mend what may be written, and start the worker again.',
    );
    await end(a);
    expect(a.events.map(({ kind }) => kind)).toEqual(['begins', 'gives back']);
    course.full = false;
    const b = await work(course);
    expect(await result).toEqual(alone(job));
    await end(b);
  });

  it('has a job done again whose end the server did not take', async () => {
    const queue = await open();
    const job = jobOf('refused/seed7');
    let times = 0;
    const worker = queue.work('tester-0-1', 1, 2000, async () => {
      // What the client of a database throws that goes down while the end is told.
      if (times++ === 0) throw new Error('terminating connection due to unexpected postmaster exit');
      return alone(job);
    });
    worker.on('error', () => {});
    expect(await (await ask()).run(job, () => {}, never)).toEqual(alone(job));
    expect(times).toBe(2);
    await worker.close();
  });

  // Redis ends leases by its own clock, whatever is asked of it.
  it.runIf(engine === 'PostgreSQL')('has a job held by its worker alone, whatever their clocks say', async () => {
    const queue = await open();
    const taken: string[] = [];
    const holders: WorkerHandle[] = [];
    let letGo = () => {};
    const over = new Promise<void>((resolve) => {
      letGo = resolve;
    });
    /** A worker that keeps what it takes. */
    const hold = async (name: string, lease: number, id?: string) => {
      if (id !== undefined) await queue.add(queuedTraining(jobOf(id), VERSION));
      const handle = queue.work(`${name}-1`, 1, lease, async (job) => {
        taken.push(`${name} ${job.id}`);
        await over;
      });
      handle.on('error', () => {});
      holders.push(handle);
      if (id !== undefined) await until(() => taken.includes(`${name} ${id}`));
      return handle;
    };
    const right = Date.now;
    try {
      await hold('right', 30_000, 'clock/right');
      Date.now = () => right() - 3_600_000;
      await hold('behind', 30_000, 'clock/behind');
      await (await hold('dead', 300, 'clock/lost')).close(true);
      Date.now = () => right() + 3_600_000;
      await hold('ahead', 1000);
      await until(() => taken.includes('ahead clock/lost'));
      expect(taken.filter((one) => one.startsWith('ahead'))).toEqual(['ahead clock/lost']);
    } finally {
      Date.now = right;
      letGo();
      for (const handle of holders) await handle.close();
    }
  });

  it('stops what is not wanted, and goes on with it later', async () => {
    const course = new Course();
    course.limit = 4;
    const asker = await ask();
    const waiting = new AbortController();
    const unwanted = asker.run(jobOf('unwanted/seed7'), () => {}, waiting.signal);
    waiting.abort();
    expect(await unwanted).toEqual({ kind: 'stopped', step: 0 });
    const a = await work(course);
    const pruning = new AbortController();
    const pruned = asker.run(jobOf('pruned/seed7'), () => {}, pruning.signal);
    await until(() => course.steps.includes('pruned/seed7 4'));
    pruning.abort();
    expect(await pruned).toEqual({ kind: 'stopped', step: 4 });
    course.limit = LENGTH;
    expect(await asker.run(jobOf('pruned/seed7'), () => {}, never)).toEqual(alone(jobOf('pruned/seed7')));
    expect(course.steps.filter((step) => step.startsWith('pruned'))).toHaveLength(LENGTH);
    await end(a);
  });

  it('leaves what it cannot do to others, and fails what nobody can do', async () => {
    const course = new Course();
    const asker = await ask();
    const old = await work(course, { version: '1.0.0' });
    const job = jobOf('versions/seed7');
    const result = asker.run(job, () => {}, never);
    await until(() => old.events.length > 0);
    const lack = `version ${VERSION} (it is 1.0.0)`;
    expect(old.events).toEqual([{ kind: 'refuses', id: job.id, what: lack }]);
    // It takes the job once more, and then leaves it to others for a moment, with all its slots.
    const queue = await open();
    let moments = 0;
    while (moments < 5) moments = (await queue.counts()).waiting === 1 ? moments + 1 : 0;
    const fit = await work(course);
    expect(await result).toEqual(alone(job));
    await end(fit);
    await end(old);

    const hasty = await work(course, { grace: 0 });
    const failing = (id: string, more: Partial<TrainingJob>) => asker.run(jobOf(id, more), () => {}, never);
    expect(await failing('none/recipe', { recipe: 'alphazero' })).toEqual({
      kind: 'failed',
      message: expect.stringMatching(
        new RegExp(`^No worker can do it: ${hasty.name} lacks Unknown recipe "alphazero"`),
      ),
    });
    expect(await failing('none/env', { env: 'Chess-v9' })).toMatchObject({
      message: expect.stringContaining('Chess-v9'),
    });
    expect(await failing('none/code', { env: './evil.mjs:Evil-v0' })).toMatchObject({
      message: expect.stringContaining('lacks leave to run code: ./evil.mjs:Evil-v0 (--allow-code)'),
    });
    expect(await failing('none/file', { recipe: '/etc/secret.json' })).toMatchObject({
      message: expect.stringContaining('lacks leave to read files of its own: /etc/secret.json (--allow-code)'),
    });
    expect(await failing('none/value', { set: { gamma: 2 } })).toMatchObject({
      message: expect.stringMatching(/^gamma: got 2/),
    });
    expect(course.steps.filter((step) => step.startsWith('none'))).toEqual([]);
    await end(hasty);
  });

  it('fails what is no training, whoever put it there', async () => {
    const course = new Course();
    const queue = await open();
    const a = await work(course);
    const forged = (id: string, change: (data: QueuedTraining) => unknown) => ({
      id,
      data: change(queuedTraining(jobOf(id), VERSION)) as QueuedTraining,
    });
    const cases = [
      forged('forged/1', (data) => ({ ...data, format: 2 })),
      forged('forged/2', (data) => ({ ...data, job: { ...data.job, id: 'forged/other' } })),
      forged('forged/3', (data) => ({ ...data, job: { ...data.job, recipe: '--resume' } })),
      forged('forged/4', (data) => ({ ...data, job: { ...data.job, set: { '--run': '/tmp/x' } } })),
      forged('forged/5', (data) => ({ ...data, command: 'rm' })),
      forged('forged/6', () => 'text'),
      forged('forged/objects', (data) => data),
      forged('forged/8', (data) => ({ ...data, job: { ...data.job, id: 'forged/claims' } })),
      forged('forged/7', (data) => ({ ...data, job: { ...data.job, seed: -1 } })),
    ];
    for (const { id, data } of cases) await queue.addAs(id, data);
    for (const { id } of cases) {
      let reason: string | undefined;
      while (reason === undefined) {
        reason = (await queue.find(id))?.failedReason;
        await sleep(20);
      }
      expect(reason).toMatch(/^The job is no training of this program: /);
    }
    expect(readdirSync(join(root, engine))).not.toContain('forged');
    await end(a);
  });

  it('is paused, resumed and drained', async () => {
    const course = new Course();
    const [queue, asker] = [await open(), await ask()];
    await queue.pause();
    const a = await work(course);
    const results = ['drained/seed1', 'drained/seed2'].map((id) => asker.run(jobOf(id), () => {}, never));
    while ((await queue.counts()).waiting < 2) await sleep(10);
    expect((await queue.jobs('waiting', 10)).map(({ id }) => id).sort()).toEqual(['drained/seed1', 'drained/seed2']);
    expect(await queue.isPaused()).toBe(true);
    // It connects by itself.
    while ((await queue.workers()).length === 0) await sleep(10);
    expect((await queue.workers()).map(({ name, slots }) => [name, slots])).toEqual([[a.name, 2]]);
    expect(await queue.drain()).toBe(2);
    expect(await Promise.all(results)).toEqual([
      { kind: 'stopped', step: 0 },
      { kind: 'stopped', step: 0 },
    ]);
    await queue.resume();
    expect(await asker.run(jobOf('drained/seed1'), () => {}, never)).toEqual(alone(jobOf('drained/seed1')));
    await end(a);
  });

  it('goes on when its server is killed and comes back', async () => {
    const course = new Course();
    course.limit = 3;
    const [a, b] = [await work(course, { lease: 2 }), await work(course, { lease: 2 })];
    const asker = await ask();
    const jobs = [1, 2, 3, 4].map((seed) => jobOf(`restarted/seed${seed}`, { seed }));
    const results = jobs.map((job) => asker.run(job, () => {}, never));
    await until(() => course.steps.filter((step) => /^restarted.* 3$/.test(step)).length === 4);
    await server.restart();
    course.limit = LENGTH;
    expect(await Promise.all(results)).toEqual(jobs.map(alone));
    await end(a);
    await end(b);
  });

  it.each([
    ['a wrong password', () => server.url.replace(PASSWORD, 'Blab-1'), 'the password or the user is refused'],
    ['a port where nobody listens', () => server.url.replace(/:\d+(?=\/|$)/, ':1'), 'nobody listens there'],
  ])('says in one line of %s what is wrong', async (_, url, reason) => {
    const address = queueAddress(url());
    await expect(TrainingQueue.open(address)).rejects.toThrow(
      `--queue ${address.shown}: ${reason}. Check the address and that the server runs.`,
    );
  });
});
