import { cellAfterKey } from './grid-keys.ts';
import type { Tile } from './lake-map.ts';
import type { Tool } from './lake-sidebar.ts';

/** The grids of an element, which pointers and keys act on. Cells carry their number as `data-cell`. */
export interface GridTarget {
  root(): ShadowRoot;
  /** What a press does to a cell. */
  tool(): Tool;
  cells(): { readonly rows: number; readonly cols: number };
  /** The cell that keys act on. */
  cursor(): number;
  moveTo(cell: number): void;
  /** Explains a cell, or no more. */
  look(cell: number): void;
  paint(cell: number, tile: Tile): void;
}

/** Painting and looking, by pointer and by keyboard. */
export class GridGestures {
  readonly #target: GridTarget;
  /** What the pressed pointer paints. */
  #painting: Tile | undefined;

  constructor(target: GridTarget) {
    this.#target = target;
  }

  readonly pointerDown = (event: PointerEvent): void => {
    const cell = cellOf(event.target);
    if (cell === undefined || event.button !== 0) return;
    this.#target.moveTo(cell);
    const tool = this.#target.tool();
    if (tool === 'look') {
      this.#target.look(cell);
      return;
    }
    event.preventDefault();
    (event.target as HTMLElement).focus({ preventScroll: true });
    this.#painting = tool;
    this.#target.paint(cell, tool);
  };

  readonly pointerMove = (event: PointerEvent): void => {
    if (this.#painting === undefined) return;
    if (event.buttons === 0) {
      this.#painting = undefined;
      return;
    }
    // A finger keeps the cell that it touched first as its target.
    const cell = cellOf(this.#target.root().elementFromPoint(event.clientX, event.clientY));
    if (cell !== undefined && cell !== this.#target.cursor()) {
      this.#target.moveTo(cell);
      this.#target.paint(cell, this.#painting);
    }
  };

  readonly pointerUp = (): void => {
    this.#painting = undefined;
  };

  readonly key = (event: KeyboardEvent): void => {
    const target = this.#target;
    const cell = cellOf(event.target);
    if (cell === undefined || event.ctrlKey || event.metaKey || event.altKey) return;
    const next = cellAfterKey(event.key, cell, target.cells());
    const paints: Readonly<Record<string, Tile>> = { s: 'S', f: 'F', h: 'H', g: 'G' };
    const tile = paints[event.key.toLowerCase()];
    if (next !== undefined) {
      target.moveTo(next);
      const grid = (event.target as Element).closest('.grid');
      grid?.querySelector<HTMLElement>(`[data-cell="${next}"]`)?.focus();
    } else if (tile !== undefined) target.paint(cell, tile);
    else if (event.key === 'Enter' || event.key === ' ') {
      const tool = target.tool();
      if (tool === 'look') target.look(cell);
      else target.paint(cell, tool);
    } else return;
    event.preventDefault();
  };
}

function cellOf(target: EventTarget | null): number | undefined {
  const cell = target instanceof HTMLElement ? target.dataset['cell'] : undefined;
  return cell === undefined ? undefined : Number(cell);
}
