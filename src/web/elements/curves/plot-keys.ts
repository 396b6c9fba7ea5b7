import type { PlotRange } from './plot-range.ts';

/** What keys do to a plot. */
export interface KeyTarget {
  readonly range: PlotRange;
  /** Where values are read; undefined at the end of each curve. */
  readonly cursor: () => number | undefined;
  /** Reads values at a place, and says them. */
  readonly read: (at: number) => void;
  /** Reads them at the end of each curve again. */
  readonly leave: () => void;
}

/** Arrow keys read values, with Shift they move; plus and minus zoom, 0 shows all, Escape leaves. */
export function plotKeys({ range, cursor, read, leave }: KeyTarget): (event: KeyboardEvent) => void {
  const next = (direction: number): number => {
    const [from, to] = range.seen;
    return range.stepFrom(cursor() ?? (direction < 0 ? to : from), direction);
  };
  const zoom = (factor: number): void => range.zoom(cursor() ?? range.middle, factor);
  const actions: Readonly<Record<string, (shift: boolean) => void>> = {
    ArrowLeft: (shift) => (shift ? range.pan(-0.2) : read(next(-1))),
    ArrowRight: (shift) => (shift ? range.pan(0.2) : read(next(1))),
    Home: () => read(range.seen[0]),
    End: () => read(range.seen[1]),
    '+': () => zoom(0.7),
    '=': () => zoom(0.7),
    '-': () => zoom(1 / 0.7),
    '0': () => range.show(),
    Escape: () => {
      range.show();
      leave();
    },
  };
  return (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const action = Object.hasOwn(actions, event.key) ? actions[event.key] : undefined;
    if (action === undefined) return;
    event.preventDefault();
    action(event.shiftKey);
  };
}
