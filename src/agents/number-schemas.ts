/** The numbers that configurations are made of, as schemas: of zod's small form, for pages load it too. */
import * as z from 'zod/mini';

/** A number from 0 to 1. */
export const fraction = z.number().check(z.gte(0), z.lte(1));

/** A whole number of at least `least`; without `most`, up to what a number holds exactly. */
export const whole = (least: number, most = Number.MAX_SAFE_INTEGER) => z.int().check(z.gte(least), z.lte(most));

/** A number above 0, at most `most`. */
export const positive = (most: number) => z.number().check(z.positive(), z.lte(most));
