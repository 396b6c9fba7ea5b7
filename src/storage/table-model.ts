import { argMax } from '../core/arg-max.ts';
import { FileFormatError } from '../core/errors.ts';
import type { Cells } from '../tabular/config.ts';

/** A table of action values as a file: what a tabular run keeps and `play` and `eval` load. */
export interface TableModel {
  readonly format: 'bellman-table';
  readonly env: string;
  readonly envOptions: Readonly<Record<string, unknown>>;
  /** How observations that are vectors become states; null where they are finitely many by themselves. */
  readonly cells: Cells | null;
  readonly nStates: number;
  readonly nActions: number;
  /** Q, [nStates, nActions] row-major. */
  readonly q: readonly number[];
}

/** JSON text of a table. */
export function encodeTable(model: Omit<TableModel, 'format'>): string {
  return `${JSON.stringify({ format: 'bellman-table', ...model })}\n`;
}

/** @throws FileFormatError naming the file when the text is not a table. */
export function decodeTable(text: string, path: string): TableModel {
  const cure = 'A table is the best-table.json that a tabular run writes.';
  let model: TableModel;
  try {
    model = JSON.parse(text) as TableModel;
  } catch (cause) {
    throw new FileFormatError(path, 'not valid JSON', cure, { cause });
  }
  if (model?.format !== 'bellman-table') throw new FileFormatError(path, 'not a table of action values', cure);
  const complete =
    Number.isSafeInteger(model.nStates) &&
    Number.isSafeInteger(model.nActions) &&
    model.nActions >= 1 &&
    typeof model.env === 'string' &&
    Array.isArray(model.q) &&
    model.q.length === model.nStates * model.nActions &&
    model.q.every((value) => typeof value === 'number');
  if (!complete) throw new FileFormatError(path, 'the table is incomplete', cure);
  return { ...model, cells: model.cells ?? null };
}

/** The action with the largest value in a state, ties to the lowest. */
export function greedyAction(model: TableModel, state: number): number {
  return argMax(model.q, state * model.nActions, model.nActions);
}
