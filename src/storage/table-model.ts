import { FileFormatError } from '../core/errors.ts';
import { isObject } from '../core/is-object.ts';
import type { Cells } from '../tabular/config.ts';
import type { ActionBins } from '../wrappers/discretize-action.ts';
import type { TrainedBy } from './trained-by.ts';

/** A table of action values as a file: what a tabular run keeps and `play` and `eval` load. */
export interface TableModel {
  readonly format: 'bellman-table';
  readonly env: string;
  readonly envOptions: Readonly<Record<string, unknown>>;
  /** How observations that are vectors become states; null where they are finitely many by themselves. */
  readonly cells: Cells | null;
  /** How actions that are vectors become numbers; null where they are numbers by themselves. */
  readonly actionBins: ActionBins;
  readonly nStates: number;
  readonly nActions: number;
  /** Q, [nStates, nActions] row-major. */
  readonly q: readonly number[];
  /** What is allowed in each state, 0 and 1, [nStates, nActions] row-major, all 1 for a state that training never saw; null for
   * a table of an agent without action masks. */
  readonly actionMasks: readonly number[] | null;
  /** What it was trained by; undefined where the file does not say. */
  readonly trained?: TrainedBy | undefined;
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
    isObject(model.envOptions ?? {}) &&
    Array.isArray(model.q) &&
    model.q.length === model.nStates * model.nActions &&
    model.q.every((value) => typeof value === 'number');
  if (!complete) throw new FileFormatError(path, 'the table is incomplete', cure);
  const { cells = null, actionBins = null, actionMasks = null } = model;
  if (actionMasks !== null && !areMasks(actionMasks, model)) {
    throw new FileFormatError(path, 'its action masks do not fit the table', cure);
  }
  if (cells !== null && !areCells(cells)) throw new FileFormatError(path, 'its cells are none', cure);
  if (actionBins !== null && !areBins(actionBins)) throw new FileFormatError(path, 'its actionBins are none', cure);
  return { ...model, envOptions: model.envOptions ?? {}, cells, actionBins, actionMasks };
}

const isBin = (value: unknown): boolean =>
  Number.isSafeInteger(value) && (value as number) >= 1 && (value as number) <= 1_000_000;

const areBins = (bins: unknown): boolean => (Array.isArray(bins) ? bins.length > 0 && bins.every(isBin) : isBin(bins));

/** Whether ranges and counts of cells belong together; whether they fit an environment shows when it is made. */
function areCells({ low, high, bins }: Partial<Cells>): boolean {
  if (![low, high, bins].every(Array.isArray)) return false;
  const [from, to, counts] = [low, high, bins] as readonly (readonly number[])[];
  if (from!.length !== counts!.length || to!.length !== counts!.length || !areBins(counts)) return false;
  return counts!.every((_, i) => Number.isFinite(from![i]) && Number.isFinite(to![i]) && from![i]! < to![i]!);
}

function areMasks(masks: readonly number[], { nStates, nActions }: TableModel): boolean {
  if (!Array.isArray(masks) || masks.length !== nStates * nActions) return false;
  if (!masks.every((bit) => bit === 0 || bit === 1)) return false;
  for (let start = 0; start < masks.length; start += nActions) {
    if (!masks.slice(start, start + nActions).includes(1)) return false;
  }
  return true;
}

/** The action with the largest value in a state, ties to the lowest.
 * @param mask [nActions], 1 for each action that is allowed now; by default the model's own of the state. */
export function greedyAction(model: TableModel, state: number, mask?: ArrayLike<number>): number {
  const { q, nActions, actionMasks } = model;
  const start = state * nActions;
  const [allowed, from] = mask === undefined ? [actionMasks, start] : [mask, 0];
  let best = -1;
  for (let action = 0; action < nActions; action++) {
    if (allowed !== null && allowed[from + action] === 0) continue;
    if (best < 0 || q[start + action] > q[start + best]) best = action;
  }
  return best;
}
