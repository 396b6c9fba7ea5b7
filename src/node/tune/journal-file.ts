import { randomUUID } from 'node:crypto';
import * as nodeFs from 'node:fs';
import { dirname } from 'node:path';
import { FileFormatError } from '../../core/errors.ts';
import type { SearchSpace, Settings, SettingValue } from '../../tune/search-space.ts';
import type { Direction, TrialState } from '../../tune/trial.ts';
import { type FileSystem, toWriteError, writeAll } from '../files/atomic-file.ts';
import { type Clock, systemClock } from '../files/clock.ts';
import { kindOf, makeFolder } from '../files/folder.ts';
import { GrowingLines } from '../files/growing-lines.ts';
import {
  directionCode,
  distributionToJson,
  JournalReplay,
  OPERATION,
  type StoredStudy,
  stateCode,
  toInternal,
} from './journal-format.ts';
import { lockJournal } from './journal-lock.ts';

/** Bytes of a journal: some hundred thousand trials. */
const LARGEST = 1 << 28;

/** System attribute of a study. */
const METRIC_NAMES = 'study:metric_names';

export interface JournalOptions {
  readonly now?: Clock;
  readonly fs?: FileSystem;
  /** Milliseconds after which a lock that nothing moves counts as left. */
  readonly lockGrace?: number;
}

type Operation = Readonly<Record<string, unknown>>;

/**
 * A file in the form of Optuna's journals, read and added to, while other programs may do the same. Each addition is on the disk when its
 * promise resolves.
 */
export class JournalFile {
  readonly path: string;
  readonly #options: JournalOptions;
  readonly #lines: GrowingLines;
  /** Of the lines that `#replay` has. */
  #generation = 0;
  readonly #worker = `${randomUUID()}-bellman`;
  #replay: JournalReplay;
  /** Additions of this program, one after the other. */
  #last: Promise<unknown> = Promise.resolve();

  /** Nothing is read or made yet. */
  constructor(path: string, options: JournalOptions = {}) {
    this.path = path;
    this.#options = options;
    this.#lines = new GrowingLines(path);
    this.#replay = new JournalReplay(path);
  }

  /** The studies as the file has them now. @throws FileFormatError for another kind of file, or one that cannot be read. */
  read(): StoredStudy[] {
    const lines = this.#lines.read(LARGEST);
    if (this.#lines.generation > this.#generation) {
      // Another file is there now.
      this.#generation = this.#lines.generation;
      this.#replay = new JournalReplay(this.path);
    }
    for (const line of lines) this.#replay.apply(line);
    if (this.#lines.offset === 0 && kindOf(this.path) === 'file' && nodeFs.statSync(this.path).size > 0) {
      throw new FileFormatError(this.path, 'no whole line', "It has to be a study, in the form of Optuna's journals.");
    }
    return this.#replay.studies;
  }

  /** Adds a study, unless there is one of that name. @param metric how Optuna's dashboard calls its values. */
  async createStudy(
    name: string,
    direction: Direction,
    attributes: Readonly<Record<string, unknown>>,
    metric?: string,
  ): Promise<StoredStudy> {
    return this.#locked(() => {
      const find = () => this.read().find((study) => study.name === name);
      const there = find();
      const id = there?.id ?? this.#replay.nextStudy;
      const begun = { op_code: OPERATION.createStudy, study_name: name, directions: [directionCode(direction)] };
      const known = Object.entries(attributes).map(([key, value]) => ({
        op_code: OPERATION.studyAttribute,
        study_id: id,
        user_attr: { [key]: value },
      }));
      const names = { [METRIC_NAMES]: [metric] };
      const named = { op_code: OPERATION.studySystemAttribute, study_id: id, system_attr: names };
      // All at once: a study without its attributes would be another program's.
      this.#append([...(there === undefined ? [begun] : []), ...known, ...(metric === undefined ? [] : [named])]);
      return find()!;
    });
  }

  async setStudyAttribute(study: number, key: string, value: unknown): Promise<void> {
    await this.#locked(() =>
      this.#append([{ op_code: OPERATION.studyAttribute, study_id: study, user_attr: { [key]: value } }]),
    );
  }

  /**
   * Begins a trial. No other program can add one between the choice of its settings and it.
   * @param choose called with the study as it then is. Undefined where there is none to begin.
   * @returns its number; undefined where none was begun.
   */
  async createTrial(
    study: number,
    space: SearchSpace,
    choose: (study: StoredStudy) => { settings: Settings; attributes: Readonly<Record<string, unknown>> } | undefined,
  ): Promise<number | undefined> {
    return this.#locked(() => {
      const before = this.#study(study);
      const chosen = choose(before);
      if (chosen === undefined) return undefined;
      const entries = Object.entries(chosen.settings);
      this.#append([
        {
          op_code: OPERATION.createTrial,
          study_id: study,
          datetime_start: this.#time(),
          state: stateCode('running'),
          value: null,
          values: null,
          distributions: Object.fromEntries(entries.map(([key]) => [key, distributionToJson(space[key])])),
          params: Object.fromEntries(
            entries.map(([key, value]) => [key, toInternal(space[key], value as SettingValue)]),
          ),
          user_attrs: chosen.attributes,
          system_attrs: {},
          intermediate_values: {},
        },
      ]);
      return before.trials.length;
    });
  }

  /** @param trial by its id, not its number. */
  async report(trial: number, step: number, value: number): Promise<void> {
    await this.#locked(() =>
      this.#append([{ op_code: OPERATION.intermediateValue, trial_id: trial, step, intermediate_value: value }]),
    );
  }

  /** Ends a trial, with what is to be known of it. @param value null for one that failed. */
  async endTrial(
    trial: number,
    state: Exclude<TrialState, 'running'>,
    value: number | null,
    attributes: Readonly<Record<string, unknown>>,
  ): Promise<void> {
    const known = Object.entries(attributes).map(([key, one]) => ({
      op_code: OPERATION.trialAttribute,
      trial_id: trial,
      user_attr: { [key]: one },
    }));
    const end = {
      op_code: OPERATION.trialState,
      trial_id: trial,
      state: stateCode(state),
      values: value === null ? null : [value],
      datetime_complete: this.#time(),
    };
    await this.#locked(() => this.#append([...known, end]));
  }

  #study(id: number): StoredStudy {
    const study = this.read().find((one) => one.id === id);
    if (study !== undefined) return study;
    throw new FileFormatError(this.path, 'the study in it was deleted', 'Begin another one.');
  }

  /** ISO 8601 with the microseconds that Python writes. */
  #time(): string {
    return new Date((this.#options.now ?? systemClock)()).toISOString().replace('Z', '000+00:00');
  }

  async #locked<T>(work: () => T): Promise<T> {
    const mine = this.#last.then(async () => {
      makeFolder(dirname(this.path));
      let unlock: () => void;
      try {
        unlock = await lockJournal(this.path, this.#options.lockGrace);
      } catch (error) {
        throw toWriteError(`${this.path}.lock`, error);
      }
      try {
        return work();
      } finally {
        unlock();
      }
    });
    this.#last = mine.catch(() => undefined);
    return mine;
  }

  /** With the lock: whole lines, all of them or none. */
  #append(operations: readonly Operation[]): void {
    if (operations.length === 0) return;
    const { fs = nodeFs } = this.#options;
    const lines = operations.map(({ op_code, ...rest }) =>
      JSON.stringify({ op_code, worker_id: this.#worker, ...rest }),
    );
    let file: number | undefined;
    let length: number | undefined;
    try {
      dropTornLine(this.path);
      file = fs.openSync(this.path, 'a');
      length = nodeFs.fstatSync(file).size;
      writeAll(file, Buffer.from(`${lines.join('\n')}\n`), fs);
      fs.fsyncSync(file);
    } catch (error) {
      if (file !== undefined && length !== undefined) {
        try {
          fs.ftruncateSync(file, length);
        } catch {
          // The failed write is the error to report; what is torn is dropped at the next addition.
        }
      }
      throw toWriteError(this.path, error);
    } finally {
      if (file !== undefined) fs.closeSync(file);
    }
  }
}

/** With the lock: what a program that was killed wrote of its last line, which would spoil the next one. */
function dropTornLine(path: string): void {
  const size = nodeFs.statSync(path, { throwIfNoEntry: false })?.size ?? 0;
  if (size === 0) return;
  const file = nodeFs.openSync(path, 'r+');
  try {
    const chunk = Buffer.alloc(4096);
    let end = size;
    while (end > 0) {
      const from = Math.max(0, end - chunk.length);
      const count = nodeFs.readSync(file, chunk, 0, end - from, from);
      const newline = chunk.subarray(0, count).lastIndexOf(10);
      if (newline >= 0) {
        end = from + newline + 1;
        break;
      }
      end = from;
    }
    if (end < size) nodeFs.ftruncateSync(file, end);
  } finally {
    nodeFs.closeSync(file);
  }
}
