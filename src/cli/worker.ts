import { availableParallelism, hostname } from 'node:os';
import { join } from 'node:path';
import type { Command } from 'commander';
import { printable } from '../core/printable.ts';
import { dataFolder } from '../node/files/data-folder.ts';
import { queueAddress } from '../node/queue/queue-address.ts';
import type { QueueWorkerOptions } from '../node/queue/queue-worker.ts';
import { exitCodeOf, StopRequests, type StopSignal } from '../node/runs/stop-requests.ts';
import { ALLOW_CODE_HELP, examples, finiteNumber, wholeNumber } from './command.ts';
import { describeEvent, describePlay } from './describe-worker.ts';
import { fact } from './fact.ts';
import { leaveConnections } from './leave-connections.ts';
import { textWidth } from './terminal.ts';
import { packageVersion } from './version.ts';

export const QUEUE_HELP = 'redis://HOST, rediss://HOST or postgres://HOST/DATABASE (default: $BELLMAN_QUEUE)';
export const STORE_HELP =
  'folder or s3://BUCKET/PREFIX that keeps the runs of all machines (default: one for this machine alone)';

interface WorkerCommandOptions {
  readonly queue?: string;
  readonly store?: string;
  readonly concurrency?: number;
  readonly threads: number;
  readonly device: string;
  readonly checkpointEvery: number;
  readonly lease: number;
  readonly patience: number;
  readonly grace: number;
  readonly allowCode?: boolean;
}

export function configure(command: Command): void {
  command
    .option('--queue <url>', QUEUE_HELP)
    .option('--store <place>', STORE_HELP)
    .option(
      '--concurrency <n>',
      'trainings at the same time, and as many chunks of trainings with --actors (default: what the cores hold)',
      wholeNumber('--concurrency', 1, 1000),
    )
    .option('--threads <n>', 'threads for the networks of a training', wholeNumber('--threads', 1, 256), 1)
    .option('--device <name>', 'where networks run: cpu, wasm, kernels, webgpu or cuda', 'cpu')
    .option('--checkpoint-every <seconds>', 'time between checkpoints', finiteNumber('--checkpoint-every', 0), 60)
    .option(
      '--lease <seconds>',
      'a job whose worker is silent for so long goes to another',
      finiteNumber('--lease', 1, 3600),
      30,
    )
    .option(
      '--patience <seconds>',
      'how long a server or store that is gone is waited for, training on',
      finiteNumber('--patience', 0),
      600,
    )
    .option(
      '--grace <seconds>',
      'how long a job that no worker here can do waits for one that can',
      finiteNumber('--grace', 0),
      60,
    )
    .option('--allow-code', `${ALLOW_CODE_HELP}; here those that jobs name`)
    .addHelpText(
      'after',
      examples(
        'bellman worker --queue redis://localhost',
        'bellman worker --queue postgres://me@db/bellman --store /mnt/shared/bellman --concurrency 4',
        'bellman worker --store s3://my-bucket/bellman',
      ),
    )
    .action(work);
}

async function work(options: WorkerCommandOptions): Promise<void> {
  const address = queueAddress(options.queue);
  const [
    { TrainingQueue },
    { QueueWorker },
    { openStore },
    { checkStore },
    { LocalExecutor },
    { WorkFolder },
    { ChunkPlayer },
  ] = await Promise.all([
    import('../node/queue/training-queue.ts'),
    import('../node/queue/queue-worker.ts'),
    import('../node/store/open-store.ts'),
    import('../node/store/object-store.ts'),
    import('../node/jobs/local-executor.ts'),
    import('../node/queue/work-folder.ts'),
    import('../node/actors/chunk-player.ts'),
  ]);
  const { device, threads, checkpointEvery: checkpointEverySeconds, allowCode = false } = options;
  const slots = options.concurrency ?? Math.max(1, Math.floor(availableParallelism() / threads));
  const name = workerName(slots);
  const store = await openStore(options.store);
  forgetSecrets();
  await checkStore(store, name);
  const queue = await TrainingQueue.open(address);
  const work = WorkFolder.make(join(dataFolder(), 'work'), name);
  const width = textWidth(process.stdout);
  const say = (text: string) => console.log(text);
  const version = packageVersion();
  const lines = [
    ...fact('queue', address.shown, width),
    ...fact('store', store.shown, width),
    ...fact('worker', `${name}, version ${version}`, width),
    ...fact(
      'at a time',
      `${slots} ${slots === 1 ? 'training' : 'trainings'}, and as many chunks of trainings with --actors (--concurrency)`,
      width,
    ),
    ...fact('stop', 'Ctrl-C or SIGTERM: trainings are saved, others resume them', width),
  ];
  for (const line of lines) say(printable(line));
  const settings: QueueWorkerOptions = {
    ...{ queue, store, name, slots, work: work.path },
    abilities: { version, device, threads, allowCode },
    executorIn: (folder) => new LocalExecutor({ folder, slots: 1, device, threads, checkpointEverySeconds, allowCode }),
    leaseSeconds: options.lease,
    patienceSeconds: options.patience,
    graceSeconds: options.grace,
    onEvent: (event) => say(describeEvent(event)),
  };
  const worker = new QueueWorker(settings);
  const player = new ChunkPlayer({
    ...{ queue, name, slots, version, allowCode, leaseSeconds: options.lease },
    onEvent: (event) => say(describePlay(event)),
  });
  let requests: StopRequests | undefined;
  const asked = new Promise<StopSignal>((resolve) => {
    requests = new StopRequests({ onStop: resolve });
  });
  let kept = false;
  try {
    const signal = await Promise.race([asked, worker.failure]);
    say(`${signal}: saves what runs and gives it back.`);
    process.exitCode = exitCodeOf(signal);
  } catch (error) {
    kept = true;
    throw error;
  } finally {
    await Promise.all([worker.stop(), player.close()]);
    await queue.close();
    if (kept) work.leave();
    else work.remove();
    requests?.close();
    leaveConnections();
  }
}

/** Trainings need neither the queue nor the store: what their programs do not have they cannot print. */
function forgetSecrets(): void {
  for (const name of ['BELLMAN_QUEUE', 'AWS_SECRET_ACCESS_KEY', 'AWS_SESSION_TOKEN']) delete process.env[name];
}

/** PostgreSQL has room for 63 characters, the queue's own among them. */
function workerName(slots: number): string {
  const host = hostname()
    .replace(/[^A-Za-z0-9_.]/g, '_')
    .slice(0, 30);
  return `${host || 'host'}-${process.pid}-${slots}`;
}
