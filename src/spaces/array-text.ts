/**
 * Arrays and numbers as NumPy prints them (`str`, NumPy 2, default print options), so that a space's text is
 * Gymnasium's: 8 decimals at most, columns aligned, lines of 75, long arrays shortened.
 */

import { largest, smallest } from '../core/extremes.ts';
import { sizeOf } from '../core/shape.ts';

export type NumberKind = 'integer' | 'float32' | 'float64';

const LINE_WIDTH = 75;
const MAX_DECIMALS = 8;
const SUMMARY_THRESHOLD = 1000;
const EDGE_ITEMS = 3;

/** A shape as Python writes a tuple. */
export function formatShape(shape: readonly number[]): string {
  return shape.length === 1 ? `(${shape[0]},)` : `(${shape.join(', ')})`;
}

/** One number if all elements are equal, else the whole array: how Gymnasium writes the bounds of a box. */
export function formatBound(values: ArrayLike<number>, shape: readonly number[], kind: NumberKind): string {
  let uniform = values.length > 0;
  for (let i = 1; i < values.length && uniform; i++) uniform = values[i] === values[0];
  return uniform ? formatNumber(values[0], kind) : formatArray(values, shape, kind);
}

/** NumPy's `str` of a scalar: the fewest digits that give the number back. */
export function formatNumber(value: number, kind: NumberKind): string {
  if (kind === 'integer') return String(value);
  if (!Number.isFinite(value)) return value > 0 ? 'inf' : '-inf';
  const magnitude = Math.abs(value);
  const positional = magnitude === 0 || (magnitude >= 1e-4 && magnitude < (kind === 'float32' ? 1e6 : 1e16));
  const sign = value < 0 || Object.is(value, -0) ? '-' : '';
  const { digits, exponent } = shortestDigits(magnitude, kind);
  if (!positional)
    return `${sign}${digits[0]}${digits.length > 1 ? `.${digits.slice(1)}` : ''}e${exponentText(exponent, 2)}`;
  const [whole, fraction] = placePoint(digits, exponent);
  return `${sign}${whole}.${fraction === '' ? '0' : fraction}`;
}

/** NumPy's `str` of an array, row-major. */
export function formatArray(values: ArrayLike<number>, shape: readonly number[], kind: NumberKind): string {
  if (values.length === 0) return '[]';
  const summary = values.length > SUMMARY_THRESHOLD;
  const shown: number[] = [];
  forEachShown(shape, summary, (index) => shown.push(values[index]));
  const format = kind === 'integer' ? integerFormat(shown) : floatFormat(shown, kind);

  const write = (axis: number, offset: number, indent: string, width: number): string => {
    const length = shape[axis];
    const stride = sizeOf(shape.slice(axis + 1));
    const rows = shownIndices(length, summary);
    if (axis < shape.length - 1) {
      const gap = '\n'.repeat(shape.length - 1 - axis);
      const parts = rows.map((i) => (i < 0 ? '...' : write(axis + 1, offset + i * stride, `${indent} `, width - 1)));
      return `[${parts.join(`${gap}${indent}`)}]`;
    }
    let text = '';
    let line = indent;
    for (const [place, i] of rows.entries()) {
      const word = i < 0 ? '...' : format(values[offset + i]);
      if (line.length + word.length > width - 1 && line.length > indent.length) {
        text += `${line.trimEnd()}\n`;
        line = indent;
      }
      line += place < rows.length - 1 ? `${word} ` : word;
    }
    return `[${(text + line).slice(indent.length)}]`;
  };
  return write(0, 0, ' ', LINE_WIDTH);
}

/** Indices along one axis that are printed; -1 stands for the dots. */
function shownIndices(length: number, summary: boolean): number[] {
  if (!summary || length <= 2 * EDGE_ITEMS) return Array.from({ length }, (_, i) => i);
  const head = Array.from({ length: EDGE_ITEMS }, (_, i) => i);
  return [...head, -1, ...head.map((i) => length - EDGE_ITEMS + i)];
}

function forEachShown(shape: readonly number[], summary: boolean, visit: (index: number) => void): void {
  const walk = (axis: number, offset: number): void => {
    if (axis === shape.length) {
      visit(offset);
      return;
    }
    for (const i of shownIndices(shape[axis], summary)) if (i >= 0) walk(axis + 1, offset * shape[axis] + i);
  };
  walk(0, 0);
}

function integerFormat(values: readonly number[]): (value: number) => string {
  const width = largest(values.map((value) => String(value).length));
  return (value) => String(value).padStart(width);
}

function floatFormat(values: readonly number[], kind: 'float32' | 'float64'): (value: number) => string {
  const finite = values.filter(Number.isFinite);
  const magnitudes = finite.map(Math.abs).filter((value) => value !== 0);
  const max = largest(magnitudes);
  const min = smallest(magnitudes);
  const scientific =
    magnitudes.length > 0 && (max >= (kind === 'float32' ? 1e6 : 1e8) || min < 0.0001 || max / min > 1000);
  const split = (value: number) => (scientific ? splitScientific(value, kind) : splitPositional(value, kind));
  const parts = finite.map(split);
  const longest = (name: 'whole' | 'fraction' | 'power') =>
    Math.max(0, largest(parts.map((part) => part[name].length)));
  const fraction = longest('fraction');
  const power = longest('power');
  const right = fraction + power;
  let left = longest('whole');
  if (values.includes(-Infinity)) left = Math.max(left, 4 - (right + 1));
  if (values.includes(Infinity)) left = Math.max(left, 3 - (right + 1));
  return (value) => {
    if (!Number.isFinite(value)) return (value > 0 ? 'inf' : '-inf').padStart(left + right + 1);
    // NumPy fills up with the digits that the number really has, not with zeros.
    if (scientific) {
      const { digits, exponent } = roundedDigits(Math.abs(value), fraction);
      const mantissa = `${signOf(value)}${digits[0]}.${digits.slice(1)}`;
      return `${mantissa}e${exponentText(exponent, power - 2)}`.padStart(left + right + 1);
    }
    const part = split(value);
    return `${part.whole.padStart(left)}.${part.fraction.padEnd(fraction)}`;
  };
}

interface NumberParts {
  whole: string;
  fraction: string;
  /** The exponent with its `e`; empty in positional notation. */
  power: string;
}

function splitPositional(value: number, kind: 'float32' | 'float64'): NumberParts {
  let { digits, exponent } = shortestDigits(Math.abs(value), kind);
  if (digits.length - 1 - exponent > MAX_DECIMALS) {
    ({ digits, exponent } = roundedDigits(Math.abs(value), exponent + MAX_DECIMALS));
    digits = digits.replace(/(?<=.)0+$/, '');
  }
  const [whole, fraction] = placePoint(digits, exponent);
  return { whole: signOf(value) + whole, fraction, power: '' };
}

function splitScientific(value: number, kind: 'float32' | 'float64'): NumberParts {
  let { digits, exponent } = shortestDigits(Math.abs(value), kind);
  if (digits.length > MAX_DECIMALS + 1) {
    ({ digits, exponent } = roundedDigits(Math.abs(value), MAX_DECIMALS));
    digits = digits.replace(/(?<=.)0+$/, '');
  }
  return { whole: signOf(value) + digits[0], fraction: digits.slice(1), power: `e${exponentText(exponent, 2)}` };
}

/** `decimals` + 1 significant digits of the exact value; a tie goes to the even digit, unlike in `toExponential`. */
function roundedDigits(magnitude: number, decimals: number): { digits: string; exponent: number } {
  const split = (text: string) => {
    const [mantissa, power] = text.split('e');
    return { digits: mantissa.replace('.', ''), exponent: Number(power) };
  };
  const exact = split(magnitude.toExponential(Math.min(100, decimals + 60)));
  const head = exact.digits.slice(0, decimals + 1);
  const tie = /^50*$/.test(exact.digits.slice(decimals + 1));
  if (tie && Number(head[decimals]) % 2 === 0) return { digits: head, exponent: exact.exponent };
  return split(magnitude.toExponential(decimals));
}

function signOf(value: number): string {
  return value < 0 || Object.is(value, -0) ? '-' : '';
}

/** The fewest significant digits that identify a number of this type, and the power of ten of the first one. */
function shortestDigits(magnitude: number, kind: NumberKind): { digits: string; exponent: number } {
  if (magnitude === 0) return { digits: '0', exponent: 0 };
  if (kind === 'float32') {
    for (let count = 0; count < 9; count++) {
      const { digits, exponent } = roundedDigits(magnitude, count);
      const same = Math.fround(Number(`${digits}e${exponent - count}`)) === magnitude;
      if (same) return { digits: digits.replace(/(?<=.)0+$/, ''), exponent };
    }
  }
  const [mantissa, power] = magnitude.toExponential().split('e');
  return { digits: mantissa.replace('.', '').replace(/(?<=.)0+$/, ''), exponent: Number(power) };
}

function placePoint(digits: string, exponent: number): [whole: string, fraction: string] {
  if (digits === '0') return ['0', ''];
  if (exponent < 0) return ['0', '0'.repeat(-exponent - 1) + digits];
  const padded = digits.padEnd(exponent + 1, '0');
  return [padded.slice(0, exponent + 1), padded.slice(exponent + 1)];
}

function exponentText(exponent: number, digits: number): string {
  return `${exponent < 0 ? '-' : '+'}${String(Math.abs(exponent)).padStart(digits, '0')}`;
}
