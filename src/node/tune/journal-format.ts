/**
 * The form of Optuna's journals (`JournalStorage`, `JournalFileBackend`; Optuna 3.1 to 5): each line is a JSON object that is one
 * operation, in the order in which they happened. Studies and trials have no names of their own in it: they are counted as they appear.
 * An operation on what is not there, or on a trial that has finished, counts for nothing, so that programs that write at the same time
 * agree on what happened.
 */
import { FileFormatError } from '../../core/errors.ts';
import { isObject } from '../../core/is-object.ts';
import { shellWord } from '../../core/shell-word.ts';
import type { Distribution, SearchSpace, SettingValue } from '../../tune/search-space.ts';
import type { Direction, Trial, TrialState } from '../../tune/trial.ts';

/** `op_code` of a line. */
export const OPERATION = {
  createStudy: 0,
  deleteStudy: 1,
  studyAttribute: 2,
  studySystemAttribute: 3,
  createTrial: 4,
  trialParameter: 5,
  trialState: 6,
  intermediateValue: 7,
  trialAttribute: 8,
  trialSystemAttribute: 9,
  discardTrials: 10,
} as const;

/** `state` of a trial. Waiting ones have settings that somebody wished for, and nobody tries them yet. */
const STATES = ['running', 'complete', 'pruned', 'failed', 'waiting'] as const;
type StoredState = (typeof STATES)[number];

export const stateCode = (state: TrialState): number => STATES.indexOf(state);

/** A trial with all that the journal says of it. */
export interface StudyTrial extends Trial {
  /** Among all trials of the file. */
  readonly id: number;
  /** Nobody tries it yet. Its `state` is `running`, as it has no value. */
  readonly waiting: boolean;
  /** Of its settings. */
  readonly distributions: SearchSpace;
  readonly attributes: Readonly<Record<string, unknown>>;
  /** Milliseconds since the Unix epoch; null where they are not known. */
  readonly begun: number | null;
  readonly ended: number | null;
}

export interface StoredStudy {
  /** Among all studies of the file. */
  readonly id: number;
  readonly name: string;
  /** One for each objective. */
  readonly directions: readonly Direction[];
  readonly attributes: Readonly<Record<string, unknown>>;
  /** By their numbers. */
  readonly trials: readonly StudyTrial[];
}

type Data = Readonly<Record<string, unknown>>;

interface TrialNow {
  readonly id: number;
  readonly number: number;
  state: StoredState;
  readonly settings: Record<string, SettingValue>;
  readonly distributions: Record<string, Distribution>;
  readonly attributes: Record<string, unknown>;
  readonly reports: Map<number, number>;
  values: readonly number[] | null;
  begun: number | null;
  ended: number | null;
}

interface StudyNow {
  readonly id: number;
  readonly name: string;
  readonly directions: readonly Direction[];
  readonly attributes: Record<string, unknown>;
  readonly trials: TrialNow[];
}

/** What the operations of a journal come to, line by line. */
export class JournalReplay {
  readonly #path: string;
  readonly #studies = new Map<number, StudyNow>();
  readonly #trials: { readonly trial: TrialNow; readonly study: StudyNow }[] = [];
  #nextStudy = 0;
  #lines = 0;

  /** @param path how messages call the file. */
  constructor(path: string) {
    this.#path = path;
  }

  /** Id of the study that would be added now. */
  get nextStudy(): number {
    return this.#nextStudy;
  }

  get studies(): StoredStudy[] {
    return [...this.#studies.values()].map(({ trials, ...study }) => ({ ...study, trials: trials.map(frozen) }));
  }

  /** @throws FileFormatError for a line that is no operation. */
  apply(line: string): void {
    this.#lines++;
    const data = parseLine(line);
    if (!isObject(data) || typeof data['op_code'] !== 'number') throw this.#damaged();
    switch (data['op_code']) {
      case OPERATION.createStudy:
        this.#createStudy(data);
        break;
      case OPERATION.deleteStudy:
        this.#studies.delete(numberOf(data['study_id']));
        break;
      case OPERATION.studyAttribute:
        assign(this.#study(data)?.attributes, data['user_attr']);
        break;
      case OPERATION.createTrial:
        this.#createTrial(data);
        break;
      case OPERATION.trialParameter:
        this.#parameter(data);
        break;
      case OPERATION.trialState:
        this.#state(data);
        break;
      case OPERATION.intermediateValue:
        this.#running(data)?.reports.set(numberOf(data['step']), realOf(data['intermediate_value']));
        break;
      case OPERATION.trialAttribute:
        assign(this.#running(data)?.attributes, data['user_attr']);
        break;
      case OPERATION.studySystemAttribute:
      case OPERATION.trialSystemAttribute:
      case OPERATION.discardTrials:
        break;
      default:
        throw this.#wrong(`an operation that this version does not know (op_code ${data['op_code']})`);
    }
  }

  #createStudy(data: Data): void {
    const { study_name: name, directions } = data;
    if (typeof name !== 'string' || !Array.isArray(directions)) throw this.#wrong('a study without name or directions');
    if ([...this.#studies.values()].some((study) => study.name === name)) return;
    const id = this.#nextStudy++;
    const goals = directions.map((code): Direction => (code === MAXIMIZE ? 'maximize' : 'minimize'));
    this.#studies.set(id, { id, name, directions: goals, attributes: {}, trials: [] });
  }

  #createTrial(data: Data): void {
    const study = this.#study(data);
    if (study === undefined) return;
    const distributions = Object.entries(objectOf(data['distributions'])).map(
      ([key, text]) => [key, this.#distribution(text)] as const,
    );
    const parameters = objectOf(data['params']);
    const values = Array.isArray(data['values']) ? data['values'] : data['value'];
    const trial: TrialNow = {
      id: this.#trials.length,
      number: study.trials.length,
      state: STATES[numberOf(data['state'] ?? 0)] ?? 'failed',
      distributions: Object.fromEntries(distributions),
      settings: Object.fromEntries(
        distributions.flatMap(([key, distribution]) =>
          key in parameters ? [[key, fromInternal(distribution, realOf(parameters[key]))]] : [],
        ),
      ),
      attributes: { ...objectOf(data['user_attrs']) },
      reports: new Map(
        Object.entries(objectOf(data['intermediate_values'])).map(([step, value]) => [Number(step), realOf(value)]),
      ),
      values: valuesOf(values),
      begun: timeOf(data['datetime_start']),
      ended: timeOf(data['datetime_complete']),
    };
    study.trials.push(trial);
    this.#trials.push({ trial, study });
  }

  #parameter(data: Data): void {
    const trial = this.#running(data);
    const key = data['param_name'];
    if (trial === undefined || typeof key !== 'string') return;
    const distribution = this.#distribution(data['distribution']);
    trial.distributions[key] = distribution;
    trial.settings[key] = fromInternal(distribution, realOf(data['param_value_internal']));
  }

  #state(data: Data): void {
    const trial = this.#running(data);
    if (trial === undefined) return;
    const state = STATES[numberOf(data['state'])];
    if (state === undefined) throw this.#wrong(`a state that this version does not know (${data['state']})`);
    trial.state = state;
    trial.values = valuesOf(data['values']) ?? trial.values;
    if (state === 'running') trial.begun = timeOf(data['datetime_start']) ?? trial.begun;
    else trial.ended = timeOf(data['datetime_complete']);
  }

  #study(data: Data): StudyNow | undefined {
    return this.#studies.get(numberOf(data['study_id']));
  }

  /** Undefined for a trial that is not there, or whose facts are settled. */
  #running(data: Data): TrialNow | undefined {
    const trial = this.#trials[numberOf(data['trial_id'])]?.trial;
    return trial?.state === 'running' || trial?.state === 'waiting' ? trial : undefined;
  }

  #distribution(text: unknown): Distribution {
    try {
      return distributionFromJson(String(text));
    } catch {
      throw this.#wrong(`a distribution that this version does not know: ${String(text).slice(0, 60)}`);
    }
  }

  #damaged(): FileFormatError {
    // Trials are counted as they appear: without one line in the middle, all that follows might be of others.
    const before = this.#lines - 1;
    const cut = `head -n ${before} ${shellWord(this.#path)} > mended.log`;
    return this.#wrong(
      'no operation of a journal',
      this.#studies.size === 0
        ? undefined
        : `Restore the file from a copy, or continue with what the lines before it say: ${cut}`,
    );
  }

  #wrong(problem: string, cure = "It has to be a study, in the form of Optuna's journals."): FileFormatError {
    return new FileFormatError(this.#path, `line ${this.#lines} is ${problem}`, cure);
  }
}

const MAXIMIZE = 2;
const MINIMIZE = 1;
export const directionCode = (direction: Direction): number => (direction === 'maximize' ? MAXIMIZE : MINIMIZE);

function frozen({ state, values, reports, ...trial }: TrialNow): StudyTrial {
  return {
    ...trial,
    state: state === 'waiting' ? 'running' : state,
    waiting: state === 'waiting',
    value: state === 'complete' ? (values?.[0] ?? null) : null,
    reports: new Map([...reports].sort(([a], [b]) => a - b)),
  };
}

/** Python writes numbers that JSON does not have. */
function parseLine(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    try {
      const strings = /("(?:[^"\\]|\\.)*")|-?\b(?:NaN|Infinity)\b/g;
      return JSON.parse(line.replace(strings, (found, text?: string) => text ?? `"${found}"`));
    } catch {
      return undefined;
    }
  }
}

const objectOf = (value: unknown): Data => (isObject(value) ? value : {});
const numberOf = (value: unknown): number => (typeof value === 'number' ? value : -1);
/** A number, or the name of one that JSON does not have. */
const realOf = (value: unknown): number =>
  typeof value === 'number' || typeof value === 'string' ? Number(value) : Number.NaN;

function valuesOf(value: unknown): readonly number[] | null {
  if (Array.isArray(value)) return value.map(realOf);
  return value === null || value === undefined ? null : [realOf(value)];
}

function timeOf(text: unknown): number | null {
  const time = typeof text === 'string' ? Date.parse(text) : Number.NaN;
  return Number.isNaN(time) ? null : time;
}

function assign(attributes: Record<string, unknown> | undefined, change: unknown): void {
  if (attributes === undefined) return;
  for (const [key, value] of Object.entries(objectOf(change))) {
    // Setting it would change a prototype.
    if (key !== '__proto__') attributes[key] = value;
  }
}

/** A setting as the journal has it: choices by their place. */
export const toInternal = (distribution: Distribution, value: SettingValue): number =>
  distribution.kind === 'choice' ? distribution.choices.indexOf(value) : (value as number);

function fromInternal(distribution: Distribution, value: number): SettingValue {
  return distribution.kind === 'choice' ? (distribution.choices[value] ?? null) : value;
}

/** A distribution in Optuna's words. */
export function distributionToJson(distribution: Distribution): string {
  if (distribution.kind === 'choice') {
    return JSON.stringify({ name: 'CategoricalDistribution', attributes: { choices: distribution.choices } });
  }
  const { kind, low, high, log, step } = distribution;
  const name = kind === 'int' ? 'IntDistribution' : 'FloatDistribution';
  return JSON.stringify({ name, attributes: { log, step, low, high } });
}

function distributionFromJson(text: string): Distribution {
  const { name, attributes } = JSON.parse(text) as { name: string; attributes: Record<string, unknown> };
  if (name === 'CategoricalDistribution') {
    return { kind: 'choice', choices: attributes['choices'] as readonly SettingValue[] };
  }
  const { low, high, log, step } = attributes;
  const ends = { low: Number(low), high: Number(high), log: log === true };
  if (name === 'FloatDistribution') return { kind: 'float', ...ends, step: typeof step === 'number' ? step : null };
  if (name === 'IntDistribution') return { kind: 'int', ...ends, step: typeof step === 'number' ? step : 1 };
  throw new Error(`unknown distribution ${name}`);
}
