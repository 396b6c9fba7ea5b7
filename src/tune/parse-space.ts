import { OptionError, show } from '../core/errors.ts';
import { isObject } from '../core/is-object.ts';
import { countOf } from './distribution.ts';
import type { Choice, Distribution, FloatRange, IntegerRange, SearchSpace, SettingValue } from './search-space.ts';

/*
 * A space in words: `learningRate=1e-5..1e-3:log`, `gamma=0.9,0.98,0.99`, `batchSize=16..256:int:log`, `x=0..1:step=0.1`. A file
 * of a space is a JSON object that has for each key the same words, a list of choices, or a range as an object.
 */

/** A range as a space's file may have it: what is left out is false, or none. */
export interface RangeData {
  readonly kind?: 'float' | 'int';
  readonly low: number;
  readonly high: number;
  readonly log?: boolean;
  readonly step?: number | null;
}

/** What a space's file says of a key: words as `1e-5..1e-3:log`, the choices, or an object. */
export type DistributionData =
  | string
  | readonly SettingValue[]
  | RangeData
  | { readonly choices: readonly SettingValue[] };

const FORMS = 'LOW..HIGH with :log, :int or :step=S, or choices as 0.9,0.99';

/**
 * Reads `KEY=RANGE` texts.
 * @throws OptionError for a key that is there twice, and what `parseDistribution` throws.
 */
export function parseSpace(texts: readonly string[]): SearchSpace {
  const space = new Map<string, Distribution>();
  for (const text of texts) {
    const at = text.indexOf('=');
    if (at < 1)
      throw new OptionError('--space', text, 'KEY=RANGE, such as learningRate=1e-5..1e-3:log or gamma=0.9,0.99');
    const key = text.slice(0, at);
    if (space.has(key)) throw new OptionError('--space', text, `one range for each key, and ${key} has one already`);
    space.set(key, parseDistribution(key, text.slice(at + 1)));
  }
  return Object.fromEntries(space);
}

/**
 * Reads the content of a space's file, parsed from JSON.
 * @throws OptionError naming the key and what is wrong with it.
 */
export function spaceFromData(data: unknown): SearchSpace {
  if (!isObject(data) || Array.isArray(data)) {
    throw new OptionError('space', data, 'an object, such as {"learningRate": "1e-5..1e-3:log", "gamma": [0.9, 0.99]}');
  }
  return Object.fromEntries(Object.entries(data).map(([key, value]) => [key, distributionFromData(key, value)]));
}

/** @param key for messages. @throws OptionError for a range that is empty, inverted, or that the words do not describe. */
export function parseDistribution(key: string, text: string): Distribution {
  const parts = splitChoices(text);
  if (parts.length > 1) return checkedChoice(key, text, parts.map(readChoice));
  const [range, ...words] = text.split(':');
  const ends = range.split('..');
  if (ends.length !== 2) {
    const one = ends.length === 1 && words.length === 0 && text !== '';
    throw new OptionError(key, text, one ? `${FORMS}; one value is --set ${key}=${text}` : FORMS);
  }
  const { kind, log, step } = readWords(key, text, words);
  const [low, high] = ends.map((end) => readNumber(key, text, end)) as [number, number];
  return checkedRange(key, text, { kind, low, high, log, step });
}

/** The words that `parseDistribution` reads as this distribution. */
export function formatDistribution(distribution: Distribution): string {
  if (distribution.kind === 'choice') return distribution.choices.map(formatChoice).join(',');
  const { kind, low, high, log, step } = distribution;
  const usual = kind === 'int' ? step === 1 : step === null;
  return [
    `${low}..${high}`,
    ...(kind === 'int' ? ['int'] : []),
    ...(log ? ['log'] : []),
    ...(usual ? [] : [`step=${step}`]),
  ].join(':');
}

function distributionFromData(key: string, data: unknown): Distribution {
  if (typeof data === 'string') return parseDistribution(key, data);
  if (Array.isArray(data)) return checkedChoice(key, data, data);
  if (!isObject(data)) throw new OptionError(key, data, `"${FORMS}", a list of choices, or {"low": ..., "high": ...}`);
  const { kind, choices, low, high, log = false, step = null, ...rest } = data;
  const unknown = Object.keys(rest)[0];
  if (unknown !== undefined) {
    throw new OptionError(key, unknown, '"kind", "low", "high", "log", "step", or "choices" alone');
  }
  if (choices !== undefined) {
    const alone =
      (kind === undefined || kind === 'choice') && Object.keys(data).length === (kind === undefined ? 1 : 2);
    if (!alone || !Array.isArray(choices)) throw new OptionError(key, data, '{"choices": [0.9, 0.99]} and no range');
    return checkedChoice(key, choices, choices);
  }
  if (kind !== undefined && kind !== 'float' && kind !== 'int')
    throw new OptionError(`${key}.kind`, kind, '"float" or "int"');
  for (const [name, end] of Object.entries({ low, high, ...(step === null ? {} : { step }) })) {
    if (typeof end !== 'number') throw new OptionError(`${key}.${name}`, end, 'a number');
  }
  if (typeof log !== 'boolean') throw new OptionError(`${key}.log`, log, 'true or false');
  const range: ReadRange = {
    kind: kind ?? 'float',
    low: low as number,
    high: high as number,
    log,
    step: step as number | null,
  };
  return checkedRange(key, data, range);
}

interface ReadRange {
  readonly kind: 'float' | 'int';
  readonly low: number;
  readonly high: number;
  readonly log: boolean;
  readonly step: number | null;
}

/** @param received what the message shows. */
export function checkedRange(key: string, received: unknown, range: ReadRange): FloatRange | IntegerRange {
  const { kind, low, high, log, step } = range;
  const refuse = (allowed: string): never => {
    throw new OptionError(key, received, allowed);
  };
  if (!Number.isFinite(high - low)) refuse('ends that are finite, and so is their distance');
  if (low === high) refuse(`two ends that differ; one value is --set ${key}=${low}`);
  if (low > high) refuse(`the low end first: ${high}..${low}`);
  if (log && !(low > 0)) refuse('a low end above 0 with :log');
  if (log && step !== null && !(kind === 'int' && step === 1)) refuse(':log or :step, not both');
  if (step !== null && !(step > 0)) refuse('a step above 0');
  if (kind === 'int') {
    const whole = [low, high, step ?? 1].every(Number.isSafeInteger) && Number.isSafeInteger(high - low);
    if (!whole) refuse('whole numbers up to 2^53 with :int');
    const found: IntegerRange = { kind, low, high, log, step: step ?? 1 };
    return checkSteps(found, refuse);
  }
  return checkSteps({ kind, low, high, log, step }, refuse);
}

/** Steps lead from the low end to the high one. */
function checkSteps<R extends FloatRange | IntegerRange>(range: R, refuse: (allowed: string) => never): R {
  const { low, high, step } = range;
  if (step === null) return range;
  const steps = (high - low) / step;
  const last = low + Math.floor(steps + STEP_ERROR) * step;
  if (steps < 1 - STEP_ERROR) refuse(`a step up to ${high - low}, from end to end`);
  if (!Number.isSafeInteger(countOf(range))) refuse('fewer steps');
  if (Math.abs(steps - Math.round(steps)) > STEP_ERROR) {
    refuse(`a step that leads from end to end, as ${low}..${Number(last.toPrecision(12))}:step=${step} does`);
  }
  return range;
}

const STEP_ERROR = 1e-8;

function checkedChoice(key: string, received: unknown, choices: readonly unknown[]): Choice {
  const isValue = (value: unknown): value is SettingValue =>
    value === null || typeof value === 'string' || typeof value === 'boolean' || Number.isFinite(value);
  const odd = choices.find((value) => !isValue(value));
  if (!choices.every(isValue)) throw new OptionError(key, odd, 'numbers, texts, true, false or null as choices');
  if (choices.length < 2) throw new OptionError(key, received, 'two choices or more; one value is for --set');
  const doubled = choices.find((value, i) => choices.indexOf(value) < i);
  if (doubled !== undefined)
    throw new OptionError(key, received, `choices that differ, and ${show(doubled)} is there twice`);
  return { kind: 'choice', choices };
}

function readWords(key: string, text: string, words: readonly string[]): Pick<ReadRange, 'kind' | 'log' | 'step'> {
  let kind: ReadRange['kind'] = 'float';
  let log = false;
  let step: number | null = null;
  const seen = new Set<string>();
  for (const word of words) {
    const name = word.split('=')[0];
    if (seen.has(name)) throw new OptionError(key, text, `:${name} once`);
    seen.add(name);
    if (word === 'int') kind = 'int';
    else if (word === 'log') log = true;
    else if (word.startsWith('step=')) step = readNumber(key, text, word.slice('step='.length));
    else throw new OptionError(key, text, `:log, :int or :step=S behind a range, not :${word}`);
  }
  return { kind, log, step };
}

function readNumber(key: string, text: string, digits: string): number {
  if (!/^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i.test(digits)) throw new OptionError(key, text, `${FORMS}, in numbers`);
  return Number(digits);
}

/** Parts between commas, but for those within quotes, brackets or braces. */
function splitChoices(text: string): string[] {
  const parts = [''];
  let depth = 0;
  // A quoted text of JSON is one token.
  for (const [token] of text.matchAll(/"(?:[^"\\]|\\.)*"|[\s\S]/g)) {
    if ('[{'.includes(token)) depth++;
    if (']}'.includes(token)) depth--;
    if (token === ',' && depth === 0) parts.push('');
    else parts[parts.length - 1] += token;
  }
  return parts;
}

/** As `--set` reads a value: JSON, or text where it is not JSON. */
function readChoice(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

function formatChoice(value: SettingValue): string {
  const plain = typeof value === 'string' && /^[^,"[\]{}]+$/.test(value) && readChoice(value) === value;
  return plain ? value : JSON.stringify(value);
}
