/**
 * A job's run in a store, so that any machine can go on with it:
 *
 *     ID/job.json            what is trained: another job of that name is refused
 *     ID/claims/0003.json    the third machine that took it; of two that believe they have it, the later one has
 *     ID/states/0003.json    the newest state that it put there: its files, by their content
 *     ID/objects/SHA256      the content
 *     ID/result.json         what it came to, once
 *
 * A state names its objects after they are there, so whoever reads finds a whole one. Trainings repeat bit for bit: a state of an
 * earlier claim is no other training, only an older one.
 */
import { createHash } from 'node:crypto';
import * as fs from 'node:fs';
import { dirname, join, relative, sep } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { isDeepStrictEqual } from 'node:util';
import * as z from 'zod';
import { FileFormatError, MismatchError } from '../../core/errors.ts';
import { errorCode, isTemporaryName, toWriteError } from '../files/atomic-file.ts';
import { kindOf, listFolder, makeFolder, removePath, renamePath } from '../files/folder.ts';
import type { TrainingEnd, TrainingJob } from '../jobs/training-job.ts';
import { listCheckpoints } from '../runs/run-checkpoints.ts';
import { CHECKPOINTS_FOLDER } from '../runs/run-layout.ts';
import { BREAK_FILE, LOCK_FILE } from '../runs/run-lock.ts';
import type { ObjectStore } from './object-store.ts';

/** Another machine has the job now: what this one does of it counts no more. */
export class ClaimLostError extends MismatchError {
  override name = 'ClaimLostError';
}

/** Folders of a run's own in the store: nothing else has these names. */
export const RUN_FOLDERS: readonly string[] = ['claims', 'states', 'objects'];

/** What a job came to, as the store has it. */
export type StoredEnd = Extract<TrainingEnd, { readonly kind: 'ended' }>;

const stateShape = z.strictObject({
  format: z.literal(1),
  step: z.int().min(0),
  files: z.array(
    z.strictObject({ path: z.string(), size: z.int().min(0), sha256: z.string().regex(/^[0-9a-f]{64}$/) }),
  ),
});
type State = z.infer<typeof stateShape>;

const endShape = z.strictObject({
  kind: z.literal('ended'),
  step: z.number(),
  seconds: z.number(),
  solved: z.boolean().nullable(),
  score: z.number().nullable(),
});

/**
 * What a job came to before; undefined where it did not end yet.
 * @param version of the package: another would train to other bits.
 * @throws MismatchError when the store has another job of that name, FileFormatError
 */
export async function storedEnd(store: ObjectStore, job: TrainingJob, version: string): Promise<StoredEnd | undefined> {
  await checkSameJob(store, job, version);
  const key = `${job.id}/result.json`;
  const content = await store.get(key);
  return content === undefined ? undefined : parse(endShape, content, `${store.shown}/${key}`);
}

/** @throws MismatchError when a job of that name with other settings is in the store. */
async function checkSameJob(store: ObjectStore, job: TrainingJob, version: string): Promise<void> {
  const key = `${job.id}/job.json`;
  // As JSON has it, which the other is.
  const own = JSON.parse(JSON.stringify({ ...job, version })) as Record<string, unknown>;
  if (await store.create(key, `${JSON.stringify(own, null, 2)}\n`)) return;
  const content = await store.get(key);
  const other =
    content === undefined ? own : parse(z.record(z.string(), z.unknown()), content, `${store.shown}/${key}`);
  const differing = Object.keys({ ...own, ...other }).filter((name) => !isDeepStrictEqual(own[name], other[name]));
  if (differing.length === 0) return;
  throw new MismatchError(
    `${store.shown} has a job ${job.id} with another ${differing.join(', ')}. Give this one another name, or remove that one.`,
  );
}

export class StoredRun {
  /** The number of this claim, from 1 up. */
  readonly epoch: number;
  readonly #store: ObjectStore;
  readonly #id: string;
  /** What was put or found there last. */
  #state: State | undefined;
  /** Hashes of files that did not change since. */
  readonly #hashes = new Map<string, { readonly size: number; readonly time: number; readonly sha256: string }>();

  private constructor(store: ObjectStore, id: string, epoch: number) {
    this.#store = store;
    this.#id = id;
    this.epoch = epoch;
  }

  /**
   * Takes a job over from whoever had it, after `storedEnd`.
   * @param owner for people.
   */
  static async claim(store: ObjectStore, { id }: TrainingJob, owner: string): Promise<StoredRun> {
    for (let epoch = (await highest(store, `${id}/claims/`)) + 1; ; epoch++) {
      if (await store.create(`${id}/claims/${numbered(epoch)}`, `${JSON.stringify({ owner })}\n`)) {
        return new StoredRun(store, id, epoch);
      }
    }
  }

  /** @throws ClaimLostError when another machine has claimed the job since. */
  async check(): Promise<void> {
    if ((await highest(this.#store, `${this.#id}/claims/`)) > this.epoch) {
      throw new ClaimLostError(`Another worker has ${this.#id} now.`);
    }
  }

  /**
   * Brings the newest whole state into a folder.
   * @param folder where `ID` and `ID.json` come to lie; what is of them there is removed.
   * @returns its step; undefined where there is none, and the training begins anew.
   */
  async restore(folder: string): Promise<number | undefined> {
    this.#state = await fetchRun(this.#store, this.#id, folder);
    return this.#state?.step;
  }

  /**
   * Puts the run's present state there, in place of the one before. Its program may go on writing meanwhile.
   * @param folder that has `ID` and `ID.json`.
   * @param withCheckpoint false for a run that ended, which nobody goes on with.
   * @throws ClaimLostError, WriteError
   */
  async publish(folder: string, step: number, withCheckpoint = true): Promise<void> {
    await this.check();
    const files: State['files'][number][] = [];
    const staged = join(folder, '.staged');
    for (const path of this.#pathsOf(folder, withCheckpoint)) {
      const entry = await this.#put(join(folder, path), staged, path);
      if (entry !== undefined) files.push(entry);
    }
    const before = this.#state;
    const state: State = { format: 1, step, files };
    await this.#store.put(`${this.#id}/states/${numbered(this.epoch)}`, `${JSON.stringify(state)}\n`);
    this.#state = state;
    const used = new Set(files.map(({ sha256 }) => sha256));
    for (const { sha256 } of before?.files ?? []) {
      if (!used.has(sha256)) await this.#store.remove(objectKey(this.#id, sha256));
    }
  }

  /** Puts a run that ended there, and says so. What is of no more use is removed. @throws ClaimLostError, WriteError */
  async finish(folder: string, end: StoredEnd): Promise<void> {
    await this.publish(folder, end.step, false);
    // The first result stands: another could be no other but in its seconds.
    await this.#store.create(`${this.#id}/result.json`, `${JSON.stringify(end)}\n`);
    const used = new Set(this.#state!.files.map(({ sha256 }) => objectKey(this.#id, sha256)));
    const own = `${this.#id}/states/${numbered(this.epoch)}`;
    for (const key of await this.#store.list(`${this.#id}/objects/`)) if (!used.has(key)) await this.#store.remove(key);
    for (const key of await this.#store.list(`${this.#id}/states/`)) if (key !== own) await this.#store.remove(key);
  }

  /** Paths of the files that make a state, the checkpoint first: logs may be longer than it, never shorter. */
  #pathsOf(folder: string, withCheckpoint: boolean): string[] {
    const run = join(folder, this.#id);
    const newest = withCheckpoint ? listCheckpoints(run)[0]?.path : undefined;
    const paths = newest === undefined ? [] : [newest];
    const walk = (path: string): void => {
      for (const name of listFolder(path)) {
        const below = join(path, name);
        if (path === run && name === CHECKPOINTS_FOLDER) continue;
        if (name === LOCK_FILE || name === BREAK_FILE || isTemporaryName(name)) continue;
        if (kindOf(below) === 'folder') walk(below);
        else paths.push(below);
      }
    };
    walk(run);
    if (kindOf(`${run}.json`) === 'file') paths.push(`${run}.json`);
    return paths.map((path) => relative(folder, path).split(sep).join('/'));
  }

  /** @returns what is known of it; undefined where it is gone meanwhile. */
  async #put(path: string, staged: string, name: string): Promise<State['files'][number] | undefined> {
    const entry = fs.statSync(path, { throwIfNoEntry: false });
    if (entry === undefined) return undefined;
    const known = this.#hashes.get(name);
    if (known !== undefined && known.size === entry.size && known.time === entry.mtimeMs) {
      return { path: name, size: known.size, sha256: known.sha256 };
    }
    try {
      // What is read twice must not change between.
      fs.rmSync(staged, { force: true });
      if (path.endsWith('.bck')) fs.linkSync(path, staged);
      else fs.copyFileSync(path, staged);
    } catch (error) {
      if (errorCode(error) === 'ENOENT') return undefined;
      throw toWriteError(staged, error);
    }
    try {
      const sha256 = await hashOf(staged);
      const { size } = fs.statSync(staged);
      await this.#store.putFile(objectKey(this.#id, sha256), staged);
      // A file that grew meanwhile is read again next time: its time is another.
      this.#hashes.set(name, { size, time: entry.mtimeMs, sha256 });
      return { path: name, size, sha256 };
    } finally {
      fs.rmSync(staged, { force: true });
    }
  }
}

/**
 * Brings the newest whole state of a job's run into a folder.
 * @param folder where `ID` and `ID.json` come to lie; what is of them there is removed.
 * @returns undefined where there is none.
 */
export async function fetchRun(store: ObjectStore, id: string, folder: string): Promise<State | undefined> {
  for (const key of (await store.list(`${id}/states/`)).reverse()) {
    const content = await store.get(key);
    const read = content === undefined ? undefined : stateShape.safeParse(jsonOf(content));
    if (read?.success === true && (await bring(store, id, read.data, folder))) return read.data;
  }
  return undefined;
}

/** @returns whether all of it is there, and whole. */
async function bring(store: ObjectStore, id: string, { files }: State, folder: string): Promise<boolean> {
  const unfinished = join(folder, '.restored');
  removePath(unfinished);
  for (const { path, sha256 } of files) {
    // Whoever writes to the store may have written this.
    if (path !== `${id}.json` && !isBelow(path, id)) return false;
    const to = join(unfinished, path);
    makeFolder(dirname(to));
    if (!(await store.getFile(objectKey(id, sha256), to)) || (await hashOf(to)) !== sha256) return false;
  }
  for (const path of [id, `${id}.json`]) {
    const to = join(folder, path);
    removePath(to);
    if (kindOf(join(unfinished, path)) === undefined) continue;
    makeFolder(dirname(to));
    renamePath(join(unfinished, path), to);
  }
  removePath(unfinished);
  return true;
}

const objectKey = (id: string, sha256: string): string => `${id}/objects/${sha256}`;

const numbered = (epoch: number): string => `${String(epoch).padStart(6, '0')}.json`;

/** The highest number among keys below a prefix; 0 without one. */
async function highest(store: ObjectStore, prefix: string): Promise<number> {
  const last = (await store.list(prefix)).at(-1) ?? '';
  return Number(/(\d+)\.json$/.exec(last)?.[1] ?? 0);
}

const isBelow = (path: string, id: string): boolean =>
  path.startsWith(`${id}/`) &&
  path.split('/').every((part) => part !== '' && part !== '.' && part !== '..' && !part.includes('\\'));

async function hashOf(path: string): Promise<string> {
  const hash = createHash('sha256');
  await pipeline(fs.createReadStream(path), hash);
  return hash.digest('hex');
}

function jsonOf(content: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder().decode(content));
  } catch {
    return undefined;
  }
}

function parse<T>(shape: z.ZodType<T>, content: Uint8Array, path: string): T {
  const read = shape.safeParse(jsonOf(content));
  if (read.success) return read.data;
  throw new FileFormatError(path, 'not what a worker writes', 'Remove it: the training is run again.');
}
