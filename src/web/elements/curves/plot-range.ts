import { type Ends, panBy, within, zoomAbout } from './view.ts';

/** The plot whose range it is. */
export interface RangedPlot {
  /** Whether the axis is logarithmic. */
  logX(): boolean;
  /** Ends of all that could be seen. */
  whole(): Ends;
  /** Another part is seen. @param zoomed whether a part is seen where all was, or the other way round. */
  moved(zoomed: boolean): void;
}

/** What is seen of a plot: a part of its axes, or all. */
export class PlotRange {
  /** A part of the axis; undefined for all. */
  x: Ends | undefined;
  y: Ends | undefined;
  readonly #plot: RangedPlot;

  constructor(plot: RangedPlot) {
    this.#plot = plot;
  }

  get seen(): Ends {
    return this.x ?? this.#plot.whole();
  }

  get zoomed(): boolean {
    return this.x !== undefined || this.y !== undefined;
  }

  /** Shows a part; without one all. */
  show(x?: Ends, y?: Ends): void {
    const before = this.zoomed;
    this.x = x === undefined ? undefined : within(x, this.#plot.whole(), this.#plot.logX());
    this.y = y;
    this.#plot.moved(before !== this.zoomed);
  }

  /** Shows more or less around one place. @param factor below 1 shows less. */
  zoom(at: number, factor: number): void {
    this.show(zoomAbout(this.seen, at, factor, this.#plot.whole(), this.#plot.logX()), this.y);
  }

  /** Moves by a share of what is seen. */
  pan(share: number): void {
    if (this.x !== undefined) this.show(panBy(this.seen, share, this.#plot.whole(), this.#plot.logX()), this.y);
  }

  /** The place a fiftieth of what is seen further on, or back for a direction of -1; no further than what is seen. */
  stepFrom(at: number, direction: number): number {
    const [from, to] = this.seen;
    const step = direction / 50;
    const next = this.#plot.logX() ? at * (to / from) ** step : at + step * (to - from);
    return Math.min(to, Math.max(from, next));
  }

  get middle(): number {
    const [from, to] = this.seen;
    return this.#plot.logX() ? Math.sqrt(from * to) : (from + to) / 2;
  }
}
