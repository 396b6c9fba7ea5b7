import { excerpt } from '../core/printable.ts';

/** A column of a table for a terminal. */
export interface Column {
  readonly title: string;
  /** Default 'left'. */
  readonly align?: 'left' | 'right';
  /** Where the table is too wide, columns with a rank leave it, the lowest rank first. */
  readonly leaves?: number;
}

const GAP = '  ';
/** Characters, where nothing says how wide a terminal is. */
const LONGEST_CELL = 1000;

/**
 * Lays rows out in columns that fit a width: first columns leave, then the widest cells end in `…`.
 * @param rows a text for each column; control characters are shown, since names may come from anyone's files.
 * @returns a line for the titles and one for each row.
 */
export function layTable(columns: readonly Column[], rows: readonly (readonly string[])[], width: number): string[] {
  let shown = columns.map((column, i) => ({ ...column, i }));
  const cells = rows.map((row) => row.map((cell) => excerpt(cell, LONGEST_CELL)));
  const widths = columns.map(({ title }, i) =>
    cells.reduce((most, row) => Math.max(most, row[i]!.length), title.length),
  );
  const total = () => shown.reduce((sum, { i }) => sum + widths[i]! + GAP.length, -GAP.length);
  while (total() > width) {
    const ranks = shown.flatMap(({ leaves }) => leaves ?? []);
    if (ranks.length === 0) break;
    const next = Math.min(...ranks);
    shown = shown.filter(({ leaves }) => leaves !== next);
  }
  for (let over = total() - width; over > 0; over = total() - width) {
    const widest = shown.reduce((a, b) => (widths[b.i]! > widths[a.i]! ? b : a));
    if (widths[widest.i]! <= NARROWEST) break;
    widths[widest.i] = Math.max(NARROWEST, widths[widest.i]! - over);
  }
  const line = (row: readonly string[]) =>
    shown
      .map(({ i, align }) => {
        const text = shorten(row[i]!, widths[i]!);
        return align === 'right' ? text.padStart(widths[i]!) : text.padEnd(widths[i]!);
      })
      .join(GAP)
      .trimEnd();
  return [line(columns.map(({ title }) => title)), ...cells.map(line)];
}

const NARROWEST = 6;

/** Ends in `…` what is too long: after a word, where that leaves half of the width. */
function shorten(text: string, width: number): string {
  if (text.length <= width) return text;
  const end = text.lastIndexOf(' ', width - 1);
  return `${text.slice(0, end < width / 2 ? width - 1 : end)}…`;
}
