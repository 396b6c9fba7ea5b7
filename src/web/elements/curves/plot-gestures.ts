import type { Geometry } from './paint.ts';
import type { Ends } from './view.ts';

export interface GestureTarget {
  readonly geometry: () => Geometry | undefined;
  /** The pointer is over a place of the axis; undefined when it has left. */
  readonly hover: (at: number | undefined) => void;
  /** A box was drawn: what to show. An axis along which it is flat stays as it is. */
  readonly box: (x: Ends | undefined, y: Ends | undefined) => void;
  readonly zoom: (at: number, factor: number) => void;
  /** By a share of what is seen. */
  readonly pan: (share: number) => void;
  readonly reset: () => void;
  /** The box that is being drawn has changed. */
  readonly changed: () => void;
  readonly zoomed: () => boolean;
}

interface Box {
  readonly left: number;
  readonly top: number;
  readonly right: number;
  readonly bottom: number;
}

/** Pixels that a pointer moves before it draws. */
const SLACK = 6;

/**
 * Mouse, touch and wheel on a plot. Dragging draws a box to zoom into, with Shift it moves; two fingers pinch, one moves what is
 * zoomed; a wheel zooms where the plot has the focus or Ctrl is held, so that pages scroll past it; a double click shows all.
 */
export class PlotGestures {
  readonly target: HTMLElement;
  readonly #to: GestureTarget;
  readonly #pointers = new Map<number, { x: number; y: number }>();
  readonly #ends = new AbortController();
  #start: { readonly x: number; readonly y: number; readonly pans: boolean } | undefined;
  #box: Box | undefined;

  constructor(target: HTMLElement, to: GestureTarget) {
    this.target = target;
    this.#to = to;
    const { signal } = this.#ends;
    target.addEventListener('pointerdown', this.#down, { signal });
    target.addEventListener('pointermove', this.#move, { signal });
    target.addEventListener('pointerup', this.#up, { signal });
    target.addEventListener('pointercancel', this.#cancel, { signal });
    target.addEventListener('pointerleave', this.#leave, { signal });
    target.addEventListener('dblclick', () => to.reset(), { signal });
    target.addEventListener('wheel', this.#wheel, { signal, passive: false });
  }

  /** What is being drawn, in pixels of the plot. */
  get box(): Box | undefined {
    return this.#box;
  }

  close(): void {
    this.#ends.abort();
  }

  #place(event: MouseEvent): { x: number; y: number } {
    const { left, top } = this.target.getBoundingClientRect();
    return { x: event.clientX - left, y: event.clientY - top };
  }

  readonly #down = (event: PointerEvent): void => {
    if (event.pointerType === 'mouse' && event.button !== 0) return;
    const place = this.#place(event);
    this.#pointers.set(event.pointerId, place);
    // Capture fails for a pointer that is gone already.
    if (event.isTrusted) this.target.setPointerCapture(event.pointerId);
    const touches = event.pointerType === 'touch';
    this.#start = this.#pointers.size === 1 ? { ...place, pans: touches || event.shiftKey } : undefined;
    this.#setBox(undefined);
  };

  readonly #move = (event: PointerEvent): void => {
    const geometry = this.#to.geometry();
    if (geometry === undefined) return;
    const place = this.#place(event);
    const before = this.#pointers.get(event.pointerId);
    if (before !== undefined && this.#pointers.size === 2) this.#pinch(event.pointerId, before, place, geometry);
    if (before !== undefined) this.#pointers.set(event.pointerId, place);
    if (this.#pointers.size <= 1) {
      const start = this.#start;
      const moved = start !== undefined && Math.hypot(place.x - start.x, place.y - start.y) > SLACK;
      if (before !== undefined && start?.pans && this.#to.zoomed()) {
        this.#to.pan((before.x - place.x) / (geometry.right - geometry.left));
      } else if (before !== undefined && start !== undefined && !start.pans && moved) {
        this.#setBox(boxBetween(start, place, geometry));
      }
      const inside = place.x >= geometry.left - 4 && place.x <= geometry.right + 4;
      this.#to.hover(inside ? clamp(geometry.x.invert(place.x), geometry.x.domain() as [number, number]) : undefined);
    }
  };

  #pinch(id: number, before: { x: number; y: number }, now: { x: number; y: number }, geometry: Geometry): void {
    const other = [...this.#pointers].find(([key]) => key !== id)?.[1];
    if (other === undefined) return;
    const [was, is] = [Math.abs(before.x - other.x), Math.abs(now.x - other.x)];
    if (was > 8 && is > 8) this.#to.zoom(geometry.x.invert((now.x + other.x) / 2), was / is);
  }

  readonly #up = (event: PointerEvent): void => {
    const geometry = this.#to.geometry();
    const [box, start] = [this.#box, this.#start];
    this.#cancel(event);
    if (geometry === undefined) return;
    if (box !== undefined) {
      const wide = box.right - box.left > SLACK;
      const flat = box.top <= geometry.top && box.bottom >= geometry.bottom;
      const x: Ends = [geometry.x.invert(box.left), geometry.x.invert(box.right)];
      const y: Ends | undefined = flat ? undefined : [geometry.y.invert(box.bottom), geometry.y.invert(box.top)];
      this.#to.box(wide ? x : (geometry.x.domain() as [number, number]), y);
    } else if (event.pointerType === 'touch' && start !== undefined) {
      // A tap reads values.
      this.#to.hover(clamp(geometry.x.invert(start.x), geometry.x.domain() as [number, number]));
    }
  };

  readonly #cancel = (event: PointerEvent): void => {
    this.#pointers.delete(event.pointerId);
    this.#start = undefined;
    this.#setBox(undefined);
  };

  readonly #wheel = (event: WheelEvent): void => {
    const geometry = this.#to.geometry();
    const root = this.target.getRootNode() as ShadowRoot;
    if (geometry === undefined || !(event.ctrlKey || root.activeElement === this.target)) return;
    event.preventDefault();
    const lines = event.deltaMode === WheelEvent.DOM_DELTA_LINE ? 16 : 1;
    if (Math.abs(event.deltaX) > Math.abs(event.deltaY) && !event.ctrlKey) {
      this.#to.pan((event.deltaX * lines) / (geometry.right - geometry.left));
    } else {
      // A pinch on a touchpad arrives as small steps with Ctrl.
      const speed = event.ctrlKey ? 0.01 : 0.0016;
      this.#to.zoom(
        geometry.x.invert(this.#place(event).x),
        Math.exp(Math.max(-0.7, Math.min(0.7, event.deltaY * lines * speed))),
      );
    }
  };

  readonly #leave = (event: PointerEvent): void => {
    // A finger that is lifted leaves too: what it has read stays.
    if (event.pointerType !== 'touch' && this.#pointers.size === 0) this.#to.hover(undefined);
  };

  #setBox(box: Box | undefined): void {
    if (box === this.#box) return;
    this.#box = box;
    this.#to.changed();
  }
}

const clamp = (value: number, [from, to]: Ends): number => Math.min(to, Math.max(from, value));

/** The box between two places: one that is hardly higher than it is long spans the plot's height, and the other way round. */
function boxBetween(
  a: { x: number; y: number },
  b: { x: number; y: number },
  { left, top, right, bottom }: Geometry,
): Box {
  const box = {
    left: Math.max(left, Math.min(a.x, b.x)),
    right: Math.min(right, Math.max(a.x, b.x)),
    top: Math.max(top, Math.min(a.y, b.y)),
    bottom: Math.min(bottom, Math.max(a.y, b.y)),
  };
  if (box.bottom - box.top < 24) return { ...box, top, bottom };
  if (box.right - box.left < 24) return { ...box, left, right };
  return box;
}
