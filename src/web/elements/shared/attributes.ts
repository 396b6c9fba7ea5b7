/** How attributes become properties; one that is taken away leaves the default, not `null`. */
import type { PropertyDeclaration } from 'lit';

/** @param otherwise what holds without the attribute. */
export function textAttribute(otherwise = ''): PropertyDeclaration<string> {
  return { converter: { fromAttribute: (text) => text ?? otherwise } };
}

/** Without the attribute 1; NaN for what is no number, which `seedTrouble` tells. */
export const seedAttribute: PropertyDeclaration<number> = {
  converter: { fromAttribute: (text) => (text === null ? 1 : text.trim() === '' ? Number.NaN : Number(text)) },
};

/** What is wrong with a seed, in a line; empty for one that can be used. */
export function seedTrouble(seed: number): string {
  if (Number.isSafeInteger(seed) && seed >= 0) return '';
  return `seed: got ${seed}, allowed is an integer from 0 up; it is taken for 1.`;
}
