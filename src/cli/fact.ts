import { wrap } from './wrap.ts';

/** Columns of the labels. */
export const LABEL = 13;

/** Columns below which a label stands above its fact. */
const NARROW = 40;

/** Lines of a fact, labelled. @param width columns; Infinity breaks nothing. */
export function fact(label: string, text: string, width: number): string[] {
  const narrow = width < NARROW;
  const lines = text.split('\n').flatMap((line) => wrap(line, width - (narrow ? 2 : LABEL)));
  if (narrow) return [...(label === '' ? [] : [label]), ...lines.map((line) => `  ${line}`)];
  return lines.map((line, i) => `${(i === 0 ? label : '').padEnd(LABEL)}${line}`);
}
