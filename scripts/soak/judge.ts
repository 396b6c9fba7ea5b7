/** The verdict of a soak: what its samples say of memory, descriptors, threads and disk. */
import type { Sample } from './sample.ts';
import { median, type Observation, type Trend, trendOf } from './trend.ts';

/** `undecided`: too short, or too noisy, to rule out a growth that matters. */
export type State = 'steady' | 'grows' | 'undecided';

export interface Finding {
  readonly training: string;
  readonly what: string;
  readonly state: State;
  /** One line for people. */
  readonly says: string;
}

export interface JudgeOptions {
  /** Seconds of each process that are not judged. */
  readonly warmUp: number;
  /** Bytes an hour: a growth of memory that matters. */
  readonly matters: number;
  /** Steps after which a training's replay is full, by name; before them nothing of it is judged. */
  readonly fullAt: Readonly<Record<string, number>>;
}

const MB = 1e6;

/** @param samples in the order of their time, of any number of trainings. */
export function judge(samples: readonly Sample[], options: JudgeOptions): Finding[] {
  return [...new Set(samples.map(({ training }) => training))].flatMap((training) => {
    const all = samples.filter((sample) => sample.training === training);
    const full = options.fullAt[training] ?? 0;
    const warm = all.filter(({ age, step }) => age >= options.warmUp && step >= full);
    const watched = all.some((sample) => sample.watched);
    const memory = watched ? (['resident'] as const) : (['resident', 'heap', 'external'] as const);
    const findings = [
      ...memory.map((key) => judgeMemory(key, warm, options)),
      ...(['descriptors', 'threads'] as const).map((key) => judgeCount(key, warm)),
      ...(watched ? [] : [judgeFolder(all.filter(({ step }) => step >= full)), judgeTemporary(all)]),
    ];
    return findings.map((finding) => ({ training, ...finding }));
  });
}

type Judged = Omit<Finding, 'training'>;

function judgeMemory(key: 'resident' | 'heap' | 'external', samples: readonly Sample[], options: JudgeOptions): Judged {
  const observations = samples.flatMap((sample): Observation[] => {
    const value = sample[key];
    return value === undefined ? [] : [{ piece: sample.piece, time: sample.time / 3600, value }];
  });
  const what = `${key} memory`;
  let trend = trendOf(observations);
  if (trend === undefined) return { what, state: 'undecided', says: 'too few samples after the warm-up' };
  let of = '';
  if (stateOf(trend, options.matters) !== 'steady') {
    // A warm-up that is longer than thought is steep at first; a leak goes on.
    const later = trendOf(laterParts(observations));
    if (later === undefined) return { what, state: 'undecided', says: `${inWords(trend)}; too short` };
    trend = later;
    of = ', without the first quarter of each piece';
  }
  const level = median(observations.map(({ value }) => value)) / MB;
  const says = `${inWords(trend)}${of}; median ${level.toFixed(1)} MB, ${trend.blocks} blocks in ${trend.pieces} pieces`;
  return { what, state: stateOf(trend, options.matters), says };
}

function stateOf({ slope, halfWidth95 }: Trend, matters: number): State {
  if (slope + halfWidth95 < matters) return 'steady';
  return slope - halfWidth95 > 0 && slope >= matters ? 'grows' : 'undecided';
}

const inWords = ({ slope, halfWidth95 }: Trend): string =>
  `${(slope / MB).toFixed(1)} ± ${(halfWidth95 / MB).toFixed(1)} MB an hour`;

function laterParts(observations: readonly Observation[]): Observation[] {
  return pieces(observations).flatMap((of) => of.slice(of.length >> 2));
}

function pieces<T extends { readonly piece: number }>(items: readonly T[]): T[][] {
  return [...new Set(items.map(({ piece }) => piece))].map((piece) => items.filter((item) => item.piece === piece));
}

/** A file that is being written is a descriptor more for a moment; so the typical number of each half is what counts. */
function judgeCount(key: 'descriptors' | 'threads', samples: readonly Sample[]): Judged {
  const of = pieces(samples).filter((piece) => piece.length >= 4);
  if (of.length === 0) return { what: key, state: 'undecided', says: 'too few samples after the warm-up' };
  const halves = of.map((piece) => {
    const values = piece.map((sample) => sample[key]);
    return [median(values.slice(0, values.length >> 1)), median(values.slice(values.length >> 1))] as const;
  });
  const grown = halves.filter(([early, late]) => late > early).length;
  const values = samples.map((sample) => sample[key]);
  const range = `${Math.min(...values)} to ${Math.max(...values)}`;
  const typical = halves.map(([, late]) => late);
  const rises = grown > halves.length / 2 || (typical.length > 2 && isRising(typical));
  return {
    what: key,
    state: rises ? 'grows' : 'steady',
    says: `${median(values)}, from ${range}; more in the later half of ${grown} of ${halves.length} pieces`,
  };
}

/** Never less than before, and more at the end. */
const isRising = (values: readonly number[]): boolean =>
  values.every((value, i) => i === 0 || value >= values[i - 1]) && values[values.length - 1] > values[0];

/** Seconds after which a file that nobody names is no longer one that is being written. */
const LEFT_BEHIND = 60;

/** docs/guide/runs.md: the newest two checkpoints stay, logs grow by their lines, and no other files than the table's. */
function judgeFolder(samples: readonly Sample[]): Judged {
  const what = 'run folder';
  if (samples.length < 4) return { what, state: 'undecided', says: 'too few samples' };
  // A checkpoint that is being written stands beside the two that stay.
  const settled = samples.filter(({ checkpoints, strange }) => checkpoints <= 2 && strange.length === 0);
  const rest = (settled.length < 4 ? samples : settled).map((sample) => sample.rest);
  const [early, late] = [rest.slice(0, rest.length >> 1), rest.slice(rest.length >> 1)].map((of) => Math.max(...of));
  const tooMany = samples.some(({ checkpoints }, i) => i > 0 && Math.min(checkpoints, samples[i - 1].checkpoints) > 2);
  const left = leftBehind(samples);
  const grown = late > 1.1 * early;
  const first = samples[0];
  const last = samples[samples.length - 1];
  const lines = (last.logs - first.logs) / Math.max(1, last.time - first.time);
  const faults = [
    ...(grown ? [`largest ${mega(early)} at first, then ${mega(late)}`] : []),
    ...(tooMany ? ['more than two checkpoints stayed'] : []),
    ...(left.length > 0 ? [`left behind: ${left.join(', ')}`] : []),
  ];
  const says = `at most ${mega(Math.max(early, late))} besides logs, which grow by ${mega(lines * 3600)} an hour`;
  return { what, state: faults.length > 0 ? 'grows' : 'steady', says: [...faults, says].join('; ') };
}

const mega = (bytes: number): string => `${(bytes / MB).toFixed(1)} MB`;

function leftBehind(samples: readonly Sample[]): string[] {
  const since = new Map<string, number>();
  const left = new Set<string>();
  for (const { strange, time } of samples) {
    for (const name of strange) {
      if (!since.has(name)) since.set(name, time);
      if (time - (since.get(name) ?? time) > LEFT_BEHIND) left.add(name);
    }
    for (const name of since.keys()) if (!strange.includes(name)) since.delete(name);
  }
  return [...left];
}

/** Temporary files of a process that was killed may stay; those of many must not add up. */
function judgeTemporary(samples: readonly Sample[]): Judged {
  const files = samples.map(({ temporaryFiles }) => temporaryFiles);
  const half = files.length >> 1;
  const grown = Math.max(0, ...files.slice(half)) > Math.max(0, ...files.slice(0, half));
  const says = `at most ${Math.max(0, ...files)} files, ${mega(Math.max(0, ...samples.map(({ temporary }) => temporary)))}`;
  return { what: 'temporary files', state: grown ? 'grows' : 'steady', says };
}
