import { OptionError } from '../core/errors.ts';

/** @param least of some options; of the others it is 0. @throws OptionError for what is no whole number, or too small. */
export function checkWholeNumbers(
  options: Readonly<Record<string, number>>,
  least: Readonly<Record<string, number>> = {},
): void {
  for (const [name, value] of Object.entries(options)) {
    const from = least[name] ?? 0;
    if (!Number.isSafeInteger(value) || value < from)
      throw new OptionError(name, value, `a whole number from ${from} up`);
  }
}
