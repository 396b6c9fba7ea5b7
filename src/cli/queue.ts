import type { Command } from 'commander';
import { advise } from '../core/advise.ts';
import { OptionError, UnknownNameError } from '../core/errors.ts';
import { formatCount } from '../core/format-count.ts';
import { printable, printableJson } from '../core/printable.ts';
import { queueAddress } from '../node/queue/queue-address.ts';
import { readProgress } from '../node/queue/queued-training.ts';
import { TrainingQueue, type TrainingQueueJob } from '../node/queue/training-queue.ts';
import { scoreText } from '../node/suite/suite-table.ts';
import { examples } from './command.ts';
import { fact } from './fact.ts';
import { leaveConnections } from './leave-connections.ts';
import { layTable } from './table.ts';
import { textWidth } from './terminal.ts';
import { QUEUE_HELP } from './worker.ts';

const ACTIONS = ['status', 'pause', 'resume', 'drain'] as const;
/** Jobs that a list shows of each state. */
const MOST_SHOWN = 50;

interface QueueCommandOptions {
  readonly queue?: string;
  readonly json?: boolean;
}

export function configure(command: Command): void {
  command
    .argument('[action]', `${ACTIONS.join(', ')}`, 'status')
    .argument('[job]', 'of status: one job, with the last lines of its log')
    .option('--queue <url>', QUEUE_HELP)
    .option('--json', 'one JSON object')
    .addHelpText(
      'after',
      `
Actions:
  status  workers, and jobs by their state
  pause   no job is taken any more; those that are being trained continue
  resume  jobs are taken again
  drain   takes out what waits; what is being trained continues
`,
    )
    .addHelpText(
      'after',
      examples('bellman queue --queue redis://localhost', 'bellman queue status pole/seed1', 'bellman queue pause'),
    )
    .action(act);
}

async function act(
  action: string,
  job: string | undefined,
  { queue: url, json = false }: QueueCommandOptions,
): Promise<void> {
  if (!(ACTIONS as readonly string[]).includes(action)) throw new UnknownNameError('action', action, ACTIONS);
  if (job !== undefined && action !== 'status') throw new OptionError('job', job, 'an argument of status alone');
  const queue = await TrainingQueue.open(queueAddress(url));
  try {
    if (action === 'status') return await (job === undefined ? showQueue(queue, json) : showJob(queue, job, json));
    const drained = action === 'drain' ? await queue.drain() : undefined;
    if (action === 'pause') await queue.pause();
    if (action === 'resume') await queue.resume();
    const done = {
      pause: 'paused',
      resume: 'resumed',
      drain: `${drained} ${drained === 1 ? 'job' : 'jobs'} taken out`,
    }[action as 'pause'];
    if (json)
      console.log(printableJson({ queue: queue.address.shown, action, ...(drained === undefined ? {} : { drained }) }));
    else console.log(`${queue.address.shown}: ${done}.`);
  } finally {
    await queue.close();
    leaveConnections();
  }
}

interface JobLine {
  readonly id: string;
  readonly state: string;
  readonly worker: string | null;
  readonly step: number | null;
  readonly score: number | null;
  /** Why it failed, or what workers lack for it. */
  readonly message: string | null;
}

function lineOf(job: TrainingQueueJob, state: string): JobLine {
  const progress = readProgress(job.progress);
  const last = progress?.kind === 'trains' ? progress.reports.at(-1) : undefined;
  const lacks = progress?.kind === 'refused' ? Object.entries(progress.refusals) : [];
  return {
    id: job.id ?? '',
    state,
    worker: state === 'active' ? (job.processedBy ?? null) : null,
    step: last?.step ?? null,
    score: last?.score ?? null,
    message:
      (state === 'failed' && job.failedReason) ||
      lacks.map(([worker, lack]) => `${worker} lacks ${lack}`).join('; ') ||
      null,
  };
}

async function showQueue(queue: TrainingQueue, json: boolean): Promise<void> {
  const [counts, workers, paused] = [await queue.counts(), await queue.workers(), await queue.isPaused()];
  const jobs: JobLine[] = [];
  for (const state of ['active', 'waiting', 'delayed', 'failed'] as const) {
    for (const job of await queue.jobs(state, MOST_SHOWN)) jobs.push(lineOf(job, state));
  }
  if (json) {
    console.log(printableJson({ queue: queue.address.shown, paused, counts, workers, jobs }));
    return;
  }
  const width = textWidth(process.stdout);
  const names = workers.map(({ name, slots }) => `${name} (${slots})`).join(', ');
  const { waiting, delayed, active, completed, failed } = counts;
  const say = (lines: readonly string[]) => {
    for (const line of lines) console.log(printable(line));
  };
  say(fact('queue', `${queue.address.shown}${paused ? ', paused' : ''}`, width));
  say(fact('workers', names || 'none; to start one:', width));
  if (names === '') console.log(`  ${advise('worker')}`);
  say(fact('jobs', `${active} active, ${waiting + delayed} waiting, ${completed} completed, ${failed} failed`, width));
  if (jobs.length === 0) return;
  const columns = [
    { title: 'state' },
    { title: 'job' },
    { title: 'worker', leaves: 0 },
    { title: 'step', align: 'right' as const },
    { title: 'score', align: 'right' as const, leaves: 1 },
  ];
  const rows = jobs.map(({ state, id, worker, step, score }) => [
    state,
    id,
    worker ?? '',
    step === null ? '' : formatCount(step),
    score === null ? '' : scoreText(score),
  ]);
  say(layTable(columns, rows, process.stdout.columns ?? 200));
  for (const { id, message } of jobs) if (message !== null) say([`${id}: ${message}`]);
}

async function showJob(queue: TrainingQueue, id: string, json: boolean): Promise<void> {
  const job = await queue.find(id);
  if (job === undefined) throw new UnknownNameError('job', id, [], undefined, `${advise('queue status')} lists them.`);
  const state = await queue.ask(() => job.getState());
  const line = lineOf(job, state);
  const log = await queue.logsOf(id);
  if (json) {
    console.log(printableJson({ ...line, training: job.data.job, result: job.returnvalue ?? null, log }));
    return;
  }
  const width = textWidth(process.stdout);
  const { step, score, worker, message } = line;
  const facts = [
    ...fact('job', id, width),
    ...fact('state', `${state}${worker === null ? '' : ` on ${worker}`}`, width),
    ...(step === null
      ? []
      : fact('step', `${formatCount(step)}${score === null ? '' : `, score ${scoreText(score)}`}`, width)),
    ...(message === null ? [] : fact('message', message, width)),
    ...log.map((text) => `  ${text}`),
  ];
  for (const text of facts) console.log(printable(text));
}
