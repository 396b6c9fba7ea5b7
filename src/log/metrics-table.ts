/**
 * What a run has logged, by column: `step`, `time`, `reward` ... Rows need not have the same names: what a row lacks is NaN.
 * Grows by appending; a million rows take 8 MB a column.
 */
export class MetricsTable {
  readonly #columns = new Map<string, Float64Array>();
  #length = 0;
  #capacity = 64;

  /** @param columns to begin with, of one length; copied. @throws RangeError when their lengths differ. */
  constructor(columns: Readonly<Record<string, ArrayLike<number>>> = {}) {
    this.appendColumns(columns);
  }

  /** Rows. */
  get length(): number {
    return this.#length;
  }

  /** Names of columns, in the order of their coming. */
  get names(): readonly string[] {
    return [...this.#columns.keys()];
  }

  has(name: string): boolean {
    return this.#columns.has(name);
  }

  /** A view of one value a row, valid until the next append; undefined for a name that no row has had. */
  column(name: string): Float64Array | undefined {
    return this.#columns.get(name)?.subarray(0, this.#length);
  }

  append(row: Readonly<Record<string, number>>): void {
    const at = this.#grow(1);
    for (const [name, value] of Object.entries(row)) this.#room(name)[at] = value;
  }

  /** Appends one row more for each value. @throws RangeError when lengths differ. */
  appendColumns(columns: Readonly<Record<string, ArrayLike<number>>>): void {
    const entries = Object.entries(columns);
    if (entries.length === 0) return;
    const rows = entries[0][1].length;
    for (const [name, values] of entries) {
      if (values.length !== rows) {
        throw new RangeError(`Column ${name} has ${values.length} values, ${entries[0][0]} has ${rows}.`);
      }
    }
    const at = this.#grow(rows);
    for (const [name, values] of entries) this.#room(name).set(values, at);
  }

  /** @returns the first new row. */
  #grow(rows: number): number {
    const at = this.#length;
    this.#length += rows;
    if (this.#length > this.#capacity) {
      this.#capacity = Math.max(this.#length, 2 * this.#capacity);
      for (const [name, old] of this.#columns) {
        const larger = new Float64Array(this.#capacity).fill(Number.NaN, at);
        larger.set(old.subarray(0, at));
        this.#columns.set(name, larger);
      }
    }
    return at;
  }

  #room(name: string): Float64Array {
    let column = this.#columns.get(name);
    if (column === undefined) {
      column = new Float64Array(this.#capacity).fill(Number.NaN);
      this.#columns.set(name, column);
    }
    return column;
  }
}
