import type { ChosenSeed, LegendState } from './legend.ts';

/** Milliseconds that a pointer rests on a name before its curve stands out. */
const HOVER_MS = 60;

/** What the reader has chosen among curves: which are hidden, whose seeds are listed, which one stands out. */
export class CurveChoice implements LegendState {
  readonly hidden = new Set<string>();
  readonly opened = new Set<string>();
  seed: ChosenSeed | undefined;
  #hovered: string | undefined;
  #hovering: ReturnType<typeof setTimeout> | undefined;
  readonly #hoverChanged: () => void;

  constructor(hoverChanged: () => void) {
    this.#hoverChanged = hoverChanged;
  }

  /** The group that stands out. */
  get highlighted(): string | undefined {
    return this.seed?.group ?? this.#hovered;
  }

  /** Hides a curve or shows it again. @param only hides all others, or shows all where they are hidden. */
  toggle(name: string, only: boolean, names: readonly string[]): void {
    if (only) {
      const alone = names.every((other) => this.hidden.has(other) === (other !== name));
      this.hidden.clear();
      if (!alone) for (const other of names) if (other !== name) this.hidden.add(other);
    } else if (!this.hidden.delete(name)) this.hidden.add(name);
  }

  /** Lists a group's seeds, or does so no more. */
  open(name: string): void {
    if (!this.opened.delete(name)) this.opened.add(name);
  }

  highlight(name: string | undefined): void {
    clearTimeout(this.#hovering);
    // A pointer that only passes by changes nothing.
    this.#hovering = setTimeout(() => {
      if (this.#hovered === name) return;
      this.#hovered = name;
      this.#hoverChanged();
    }, HOVER_MS);
  }

  /** Lets a seed stand out, or no longer. */
  choose(group: string, run: string): void {
    const same = this.seed?.group === group && this.seed.run === run;
    this.seed = same ? undefined : { group, run };
  }

  close(): void {
    clearTimeout(this.#hovering);
  }
}
