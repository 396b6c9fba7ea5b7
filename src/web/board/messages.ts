/** What the board's server and its page say to each other. Names and texts are of anyone's files: shown as text, never as markup. */

/** A run, as the list shows it. */
export interface BoardRun {
  /** Its folder below the watched one, parts parted by `/`. */
  readonly id: string;
  /** Runs with the same key are the same but for chance. */
  readonly group: string;
  readonly state: 'running' | 'stopped' | 'killed' | 'solved' | 'ended' | 'failed' | 'unknown' | 'damaged';
  /** How it ended, or why it failed or cannot be read. */
  readonly message: string | null;
  readonly recipe: string | null;
  readonly algorithm: string | null;
  readonly env: string | null;
  readonly seed: number | null;
  /** Of its best model. */
  readonly score: number | null;
  /** Units done, those at which it ends at the latest, and what they are called. */
  readonly step: number | null;
  readonly maxSteps: number | null;
  readonly unit: string | null;
  /** Units a second, of one that is running. */
  readonly speed: number | null;
  readonly secondsLeft: number | null;
  readonly atMost: boolean;
  /** The last mean reward, and the one above which it ends. */
  readonly reward: number | null;
  readonly bound: number | null;
  /** Milliseconds since 1970. */
  readonly started: number | null;
  readonly changed: number;
  /** Bytes of its metrics: they have grown when this has. */
  readonly logged: number;
  /** Names of what it logs, as its last lines have them. */
  readonly metrics: readonly string[];
  /** Whether it names code of its own, which only `--allow-code` lets run. */
  readonly code: boolean;
}

/** Load of the machine that the board runs on. */
export interface MachineLoad {
  readonly cores: number;
  /** Share of all cores that was busy since the last message, 0 to 1. */
  readonly busy: number;
  /** Bytes. */
  readonly memory: number;
  readonly memoryUsed: number;
  /** Bytes left on the disk of the runs; null where the system does not tell. */
  readonly diskFree: number | null;
}

/** What stays the same while a board lives. */
export interface BoardFacts {
  readonly folder: string;
  readonly version: string;
  readonly allowCode: boolean;
  /** What begins a command in a terminal, such as `npx bellman`. */
  readonly program: string;
  /** Why nothing can be started or stopped from here; null where it can. */
  readonly readOnly: string | null;
}

/** A message of `/api/events`, named by `event`. */
export interface RunsMessage {
  /** All runs, not only those that changed. */
  readonly all: boolean;
  /** New and changed ones; with `all` in the order of the list. */
  readonly runs: readonly BoardRun[];
  readonly gone: readonly string[];
}

/** A file of a run that can be looked at or saved. */
export interface RunFile {
  /** Below the run's folder. */
  readonly path: string;
  readonly kind: 'model' | 'video' | 'picture' | 'other';
  readonly bytes: number;
  readonly changed: number;
  /** Of the training, where its name tells; null else. */
  readonly step: number | null;
}

/** All that is known of one run. */
export interface RunDetails {
  readonly run: BoardRun;
  /** Place of a value in the configuration, the value as JSON, where it comes from. */
  readonly values: readonly { readonly place: string; readonly value: string; readonly source: string }[];
  /** Versions, command line and what else stands in `config.json`: names with texts. */
  readonly facts: readonly (readonly [name: string, text: string])[];
  readonly files: readonly RunFile[];
  /** The last lines of `log.txt`. */
  readonly lines: readonly string[];
}

/** A recipe that can be started. */
export interface BoardRecipe {
  readonly id: string;
  readonly title: string;
  readonly algorithm: string;
  readonly env: string;
  readonly values: readonly { readonly place: string; readonly value: string; readonly source: string }[];
  /** What it usually takes, in minutes; null where nobody has measured. */
  readonly minutes: number | null;
}

/** What to start. */
export interface StartRequest {
  readonly recipe: string;
  readonly env: string | null;
  /** As `0`, `0..3` or `0,3,7`. */
  readonly seeds: string;
  /** Values that replace the recipe's, by their places. */
  readonly set: Readonly<Record<string, unknown>>;
  /** Folder below the watched one; null for one that is named by itself. */
  readonly name: string | null;
  /** Evaluate each so many units; null for never. */
  readonly evalEvery: number | null;
}

/** What is wanted of runs' metrics: all that came after `rows` rows of a generation. */
export interface CurveRequest {
  readonly runs: readonly { readonly id: string; readonly generation: number; readonly rows: number }[];
  /** Names of metrics. `step` and `time` come along. */
  readonly names: readonly string[];
}

/** Head of the answer; the columns follow as float64, little-endian: of each run `step`, `time` and its `names`. */
export interface CurveHead {
  readonly runs: readonly {
    readonly id: string;
    /** Another one means that the rows before are not of these any more: everything is sent. */
    readonly generation: number;
    /** Number of the first row that is sent. */
    readonly first: number;
    readonly rows: number;
    /** Whether the last row may still change. */
    readonly open: boolean;
    readonly names: readonly string[];
    /** Lines of the log that a row is the mean of. */
    readonly linesPerRow: number;
    /** Lines that were none. */
    readonly damaged: number;
    /** Bytes read so far, and those that there are: the rest comes with the next request. */
    readonly read: number;
    readonly size: number;
  }[];
}

/** A picture of a run's model at play, on the stream of `/api/play`: a head of four bytes, its length; JSON; the pixels. */
export interface PlayHead {
  readonly kind: 'frame' | 'text' | 'error';
  /** Of a `frame`: RGB bytes follow. */
  readonly width?: number;
  readonly height?: number;
  /** How many times as wide as high a pixel is shown. */
  readonly aspect?: number;
  /** Of a `text` or an `error`. */
  readonly text?: string;
  /** File of the model that plays. */
  readonly model?: string;
  readonly episode?: number;
  readonly step?: number;
  readonly reward?: number;
  /** Mean of the episodes that ended, and how many did. */
  readonly mean?: number | null;
  readonly action?: string | null;
}
