/** What a worker says of its work: whoever can write to its queue has a part in it, so no control character is sent. */
import { formatCount } from '../core/format-count.ts';
import { printable } from '../core/printable.ts';
import type { ChunkPlayerOptions } from '../node/actors/chunk-player.ts';
import type { WorkerEvent } from '../node/queue/queue-worker.ts';
import { scoreText } from '../node/suite/suite-table.ts';

export const describeEvent = (event: WorkerEvent): string => printable(textOf(event));

export const describePlay = ({ env, refused, session }: Parameters<ChunkPlayerOptions['onEvent']>[0]): string =>
  printable(
    refused === undefined
      ? `Plays ${env} for learner ${session}.`
      : `Learner ${session}: left to others: this worker lacks ${refused}`,
  );

function textOf(event: WorkerEvent): string {
  switch (event.kind) {
    case 'begins':
      return `${event.id}: ${event.step === undefined ? 'begins' : `resumes from step ${formatCount(event.step)}`}`;
    case 'ended': {
      const { end } = event;
      if (end.kind === 'failed') return `${event.id}: failed: ${end.message}`;
      if (end.kind === 'stopped') return `${event.id}: stopped at step ${formatCount(end.step)}, as its owner wants`;
      const score = end.score === null ? 'no score' : `score ${scoreText(end.score)}`;
      const before = event.before ? ' (had ended before)' : '';
      return `${event.id}: ended at step ${formatCount(end.step)}, ${score}${before}`;
    }
    case 'refuses':
      return `${event.id}: left to others: this worker lacks ${event.what}`;
    case 'gives back':
      return `${event.id}: given back: ${event.why}`;
    case 'trouble':
      return `${event.message} Trainings continue.`;
    case 'back':
      return 'The queue answers again.';
  }
}
