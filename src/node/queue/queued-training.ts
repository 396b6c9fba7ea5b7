/** What travels by the queue. Whoever can write there may have written it, so all of it is read as a stranger's. */
import * as z from 'zod';
import { MismatchError } from '../../core/errors.ts';
import { MOST_EPISODES, type TrainingJob, type TrainingReport } from '../jobs/training-job.ts';
import { RUN_FOLDERS } from '../store/stored-run.ts';

/** Of the form below; a worker refuses others. */
const FORMAT = 1;

/** Identifiers are folders and keys: nothing in them leads elsewhere, nor among what the store has of another job. */
const SEGMENT = /^[A-Za-z0-9_][A-Za-z0-9._-]{0,99}$/;
export const isJobId = (id: string): boolean => {
  const segments = id.split('/');
  return segments.length <= 8 && segments.every((one) => SEGMENT.test(one) && !RUN_FOLDERS.includes(one));
};

/** Names become arguments of a program: none looks like an option. */
const name = z.string().regex(/^[^-\s][^\n\r\0]{0,299}$/);
/** A longer one is nobody's setting. */
const MOST_SETTINGS = 100_000;
const settings = z
  .record(z.string().regex(/^[A-Za-z_][A-Za-z0-9_.]{0,99}$/), z.json())
  .refine((value) => JSON.stringify(value).length <= MOST_SETTINGS, 'too long');

const shape = z.strictObject({
  format: z.literal(FORMAT),
  /** Of the package that asks for it: others would not train it to the same bits. */
  version: z.string().max(100),
  job: z.strictObject({
    id: z.string().refine(isJobId, 'no identifier of a job'),
    recipe: name,
    env: name,
    kwargs: settings,
    set: settings,
    seed: z.int().min(0),
    evaluation: z
      .strictObject({
        episodes: z.int().min(1).max(MOST_EPISODES),
        epsilon: z.number().min(0).max(1),
        seed: z.int().min(0),
      })
      .nullable(),
  }),
  /** Whether who asked for it wants it saved and ended. */
  stop: z.literal(true).optional(),
});

export interface QueuedTraining {
  readonly format: number;
  readonly version: string;
  readonly job: TrainingJob;
  readonly stop?: true | undefined;
}

export const queuedTraining = (job: TrainingJob, version: string): QueuedTraining => ({ format: FORMAT, version, job });

/** @throws MismatchError when it is none. */
export function readQueuedTraining(data: unknown): QueuedTraining {
  const hidden = pathOfPrototype(data);
  if (hidden !== undefined) throw noTraining(hidden, 'no setting has that name');
  const read = shape.safeParse(data);
  if (read.success) return read.data;
  const [issue] = read.error.issues;
  throw noTraining(issue!.path.map(String), issue!.message);
}

const noTraining = (path: readonly string[], problem: string): MismatchError =>
  new MismatchError(`The job is no training of this program: ${path.join('.') || 'data'}: ${problem}.`);

/** Where a value has a property `__proto__`, which its form would drop without a word; undefined where none has. */
function pathOfPrototype(value: unknown): string[] | undefined {
  if (typeof value !== 'object' || value === null) return undefined;
  for (const [key, part] of Object.entries(value)) {
    const below = key === '__proto__' ? [] : pathOfPrototype(part);
    if (below !== undefined) return [key, ...below];
  }
  return undefined;
}

/** Whether the asker of a job wants it stopped, by what stands in the queue now. */
export const asksToStop = (data: unknown): boolean => (data as { readonly stop?: unknown } | undefined)?.stop === true;

/** Before the reason of a training that was killed, which says nothing against its settings. */
export const CRASHED = 'crashed: ';

/** Workers that cannot do a job, each with the reason. */
export type Refusals = Readonly<Record<string, string>>;

/** What a worker says of a job that it has. */
export type JobProgress =
  | {
      readonly kind: 'refused';
      readonly refusals: Refusals;
      /** When the first one was, in milliseconds since 1970. */
      readonly since: number;
    }
  | {
      readonly kind: 'trains';
      readonly worker: string;
      /** Its last ones, in the order of their steps. */
      readonly reports: readonly TrainingReport[];
    };

const progressShape = z.union([
  z.strictObject({ kind: z.literal('refused'), refusals: z.record(z.string(), z.string()), since: z.number() }),
  z.strictObject({
    kind: z.literal('trains'),
    worker: z.string(),
    reports: z.array(z.strictObject({ step: z.number(), seconds: z.number(), score: z.number().nullable() })),
  }),
]);

/** Undefined before there is any, and for what no worker of ours said. */
export function readProgress(progress: unknown): JobProgress | undefined {
  const read = progressShape.safeParse(progress);
  return read.success ? read.data : undefined;
}

const endShape = z.union([
  z.object({
    kind: z.literal('ended'),
    step: z.number(),
    seconds: z.number(),
    solved: z.boolean().nullable(),
    score: z.number().nullable(),
  }),
  z.object({ kind: z.literal('stopped'), step: z.number() }),
]);

/** What a training came to, as a worker said. @throws MismatchError when that is none. */
export function readEnd(value: unknown): z.infer<typeof endShape> {
  const read = endShape.safeParse(value);
  if (read.success) return read.data;
  throw new MismatchError('The queue holds a result that no worker of this program gave.');
}
