/**
 * How much of each pixel an outline covers, exactly: every edge adds its signed area to the pixels that it crosses and
 * the running sum along a row is the coverage to its right. One pass, no sampling, so the result has no pattern and is
 * the same on every machine. The method is that of font rasterizers (R. Levien, "Inside the fastest font renderer in the
 * world", 2016).
 */
export class Coverage {
  readonly width: number;
  readonly height: number;
  /** [height, width + 2]: signed areas; all zero between fills. */
  readonly #areas: Float64Array;
  /** Rows and columns touched since the last flush: [top, bottom), [left, right]. */
  #top: number;
  #bottom = 0;
  #left: number;
  #right = 0;

  constructor(width: number, height: number) {
    this.width = width;
    this.height = height;
    this.#areas = new Float64Array((width + 2) * height);
    this.#top = height;
    this.#left = width;
  }

  /** Adds one edge in pixels. Parts outside the canvas count as if they ran along its left or right border. */
  addEdge(xa: number, ya: number, xb: number, yb: number): void {
    if (ya === yb) return;
    const sign = ya < yb ? 1 : -1;
    const x0 = sign > 0 ? xa : xb;
    const y0 = sign > 0 ? ya : yb;
    const x1 = sign > 0 ? xb : xa;
    const y1 = sign > 0 ? yb : ya;
    const slope = (x1 - x0) / (y1 - y0);
    const first = Math.max(0, Math.floor(y0));
    const last = Math.min(this.height, Math.ceil(y1));
    if (first < this.#top) this.#top = first;
    if (last > this.#bottom) this.#bottom = last;
    for (let row = first; row < last; row++) {
      const from = Math.max(row, y0);
      const to = Math.min(row + 1, y1);
      const left = this.#clampX(x0 + (from - y0) * slope);
      const right = this.#clampX(x0 + (to - y0) * slope);
      this.#addRow(row * (this.width + 2), Math.min(left, right), Math.max(left, right), sign * (to - from));
    }
  }

  #clampX(x: number): number {
    return Math.min(this.width, Math.max(0, x));
  }

  /** Spreads a piece of an edge inside one row over the pixels between its two ends. */
  #addRow(row: number, left: number, right: number, height: number): void {
    const areas = this.#areas;
    const first = Math.floor(left);
    const last = Math.ceil(right);
    if (first < this.#left) this.#left = first;
    if (last + 1 > this.#right) this.#right = last + 1;
    if (last <= first + 1) {
      const middle = (left + right) / 2 - first;
      areas[row + first] += height * (1 - middle);
      areas[row + first + 1] += height * middle;
      return;
    }
    // The piece crosses several pixels: `covered` is the area to its right in the pixels so far, in units of `height`.
    const perPixel = 1 / (right - left);
    let covered = 0;
    for (let x = first; x < last; x++) {
      const enter = Math.max(left, x);
      const leave = Math.min(right, x + 1);
      const share = (leave - enter) * perPixel;
      const before = (enter - left) * perPixel;
      // Right of the edge inside this pixel: all of what passed before, and the mean of the part that passes here.
      const area = before + share * (x + 1 - (enter + leave) / 2);
      areas[row + x] += height * (area - covered);
      covered = area;
    }
    areas[row + last] += height * (1 - covered);
  }

  /** Calls `span` for every pixel with some coverage, in (0, 1], and clears the buffer. */
  flush(span: (x: number, y: number, coverage: number) => void): void {
    const areas = this.#areas;
    // Behind the last touched column a closed outline has no coverage left.
    const end = Math.min(this.width, this.#right + 1);
    for (let y = this.#top; y < this.#bottom; y++) {
      const row = y * (this.width + 2);
      let sum = 0;
      for (let x = this.#left; x < end; x++) {
        sum += areas[row + x];
        const coverage = Math.abs(sum);
        // Rounding leaves crumbs of about 1e-16 behind a closed outline; a real 1/510 is already invisible.
        if (coverage > 1e-6) span(x, y, coverage > 1 ? 1 : coverage);
      }
      areas.fill(0, row + this.#left, row + Math.min(this.width + 2, this.#right + 1));
    }
    this.#top = this.height;
    this.#bottom = 0;
    this.#left = this.width;
    this.#right = 0;
  }
}
