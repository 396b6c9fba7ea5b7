/** Value of a hyper-parameter, as a recipe has it. */
export type SettingValue = string | number | boolean | null;

/** A point of a search space: a value for each of its keys. */
export type Settings = Readonly<Record<string, SettingValue>>;

/** Real numbers from `low` to `high`, both included. */
export interface FloatRange {
  readonly kind: 'float';
  readonly low: number;
  readonly high: number;
  /** Uniform in the logarithm; `low` is above 0 then, and there is no step. */
  readonly log: boolean;
  /** Distance of the values from `low` on; null for every number. */
  readonly step: number | null;
}

/** Whole numbers from `low` to `high`, both included. */
export interface IntegerRange {
  readonly kind: 'int';
  readonly low: number;
  readonly high: number;
  /** Uniform in the logarithm; `low` is at least 1 then, and the step is 1. */
  readonly log: boolean;
  readonly step: number;
}

/** Values without an order, two or more that differ. */
export interface Choice {
  readonly kind: 'choice';
  readonly choices: readonly SettingValue[];
}

export type Distribution = FloatRange | IntegerRange | Choice;

/** What is searched: a distribution for each dotted key of a recipe's configuration (`learningRate`, `network.hidden`). */
export type SearchSpace = Readonly<Record<string, Distribution>>;
