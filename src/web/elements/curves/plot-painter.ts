import type { Spread } from '../../../plot/seed-band.ts';
import { fitCanvas } from '../shared/canvas.ts';
import { type GroupCurve, refine } from './curve-model.ts';
import { type Geometry, type PaintedCurve, type Painting, type PaintOptions, paintCurves } from './paint.ts';
import type { Ends } from './view.ts';

/** Points from which on a picture may take longer than a frame. */
const MANY_POINTS = 6000;
/** Milliseconds after the last movement until a sharp picture is painted, and after that until finer curves are computed. */
const REST_MS = 160;
const REFINE_MS = 120;

export interface PlotScene {
  readonly options: PaintOptions;
  /** A part of the axis is seen. */
  readonly zoomed: boolean;
  /** All is seen, along both axes. */
  readonly whole: boolean;
  /** The curves that are painted, as they were computed at first. */
  readonly curves: readonly GroupCurve[];
  readonly spread: Spread;
}

/**
 * Paints the plot again and again. Many points take longer than a frame: while the reader zooms or moves, earlier pictures are
 * stretched, and a sharp one is painted when that rests. Then curves that have more points than were computed get them for what is seen.
 */
export class PlotPainter {
  /** Where things were painted last. */
  geometry: Geometry | undefined;
  readonly #paintSoon: () => void;
  readonly #fine = new Map<GroupCurve, GroupCurve>();
  #fineFor: Ends | undefined;
  #moving = false;
  #timer: ReturnType<typeof setTimeout> | undefined;
  /** The last picture, and the last of everything, where they have many points. */
  #last: Painting | undefined;
  #overview: Painting | undefined;

  /** @param paintSoon asks for another `paint`. */
  constructor(paintSoon: () => void) {
    this.#paintSoon = paintSoon;
  }

  /** A curve with as many points as there are for what is seen. */
  fine(curve: GroupCurve): GroupCurve {
    return this.#fine.get(curve) ?? curve;
  }

  /** Other curves are painted from now on. */
  forget(): void {
    this.#fine.clear();
    this.#last = undefined;
    this.#overview = undefined;
  }

  /** The reader zooms or moves: more pictures follow at once. */
  moves(): void {
    this.#moving = true;
  }

  close(): void {
    clearTimeout(this.#timer);
    this.#moving = false;
  }

  /** @param axes canvas behind that of the `lines`. */
  paint(axes: HTMLCanvasElement, lines: HTMLCanvasElement, painted: readonly PaintedCurve[], scene: PlotScene): void {
    const { options } = scene;
    const { width, height } = options;
    const last = this.#moving ? this.#last : undefined;
    const stretched = last === undefined ? [] : this.#overview === undefined ? [last] : [this.#overview, last];
    const y = last === undefined ? options.y : (last.geometry.y.domain() as [number, number]);
    const contexts = [fitCanvas(axes, width, height), fitCanvas(lines, width, height)] as const;
    this.geometry = paintCurves(...contexts, painted, { ...options, y, stretched });
    if (last === undefined) this.#remember(lines, width, painted, scene.whole);
    this.#next(scene);
  }

  #remember(lines: HTMLCanvasElement, width: number, painted: readonly PaintedCurve[], whole: boolean): void {
    const points = painted.reduce((sum, { curve }) => sum + Math.min(curve.x.length, 4 * width), 0);
    if (points < MANY_POINTS || this.geometry === undefined) {
      this.#last = undefined;
      this.#overview = undefined;
      return;
    }
    const image = document.createElement('canvas');
    image.width = lines.width;
    image.height = lines.height;
    image.dataset['width'] = String(width);
    image.getContext('2d')?.drawImage(lines, 0, 0);
    const { x, y } = this.geometry;
    this.#last = { image, geometry: { ...this.geometry, x: x.copy(), y: y.copy() } };
    if (whole) this.#overview = this.#last;
  }

  /** What follows a picture when nothing moves any more. */
  #next({ curves, zoomed, options, spread }: PlotScene): void {
    clearTimeout(this.#timer);
    if (this.#moving) {
      this.#timer = setTimeout(() => {
        this.#moving = false;
        this.#paintSoon();
      }, REST_MS);
      return;
    }
    if (!zoomed) {
      this.#fine.clear();
      return;
    }
    const [from, to] = options.x;
    const same = this.#fineFor?.[0] === from && this.#fineFor[1] === to;
    const wanted = curves.filter((curve) => curve.coarse && !(same && this.#fine.has(curve)));
    if (wanted.length === 0) return;
    this.#timer = setTimeout(() => {
      for (const curve of wanted) this.#fine.set(curve, refine(curve, from, to, spread));
      this.#fineFor = [from, to];
      this.#paintSoon();
    }, REFINE_MS);
  }
}
