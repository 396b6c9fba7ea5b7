import { OptionError } from '../core/errors.ts';
import { wholeNumber } from './command.ts';

const ALLOWED = 'seeds such as 0..9 or 0,3,7 (whole numbers, each once, at most 1000)';
const MOST = 1000;

/** Reads `0..9`, `0,3,7` or a mixture.
 * @throws OptionError for anything else, a seed that is there twice, or more than 1000 of them. */
export function seedList(name: string): (text: string) => number[] {
  return (text) => {
    const seeds: number[] = [];
    for (const part of text.split(',')) {
      const [, from, to = from] = /^\s*(\d{1,15})(?:\.\.(\d{1,15}))?\s*$/.exec(part) ?? [];
      if (from === undefined || Number(to) < Number(from) || seeds.length + Number(to) - Number(from) >= MOST) {
        throw new OptionError(name, text, ALLOWED);
      }
      for (let seed = Number(from); seed <= Number(to); seed++) seeds.push(seed);
    }
    if (new Set(seeds).size < seeds.length) throw new OptionError(name, text, ALLOWED);
    return seeds;
  };
}

/** `3` is how many, from 0; `0..2` and `0,3` are which. */
export function seedsOrCount(name: string): (text: string) => number[] {
  return (text) => {
    if (!/^\s*\d+\s*$/.test(text)) return seedList(name)(text);
    return Array.from({ length: wholeNumber(name, 1, MOST)(text) }, (_, seed) => seed);
  };
}
