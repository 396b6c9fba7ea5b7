import { type CSSResult, css } from 'lit';

/** Values of actions as bars from zero, with names and numbers; made once, then moved. Readable as a list. */
export class ValueBars {
  readonly element: HTMLElement;
  #names: readonly string[] = [];
  #rows: { readonly row: HTMLElement; readonly bar: HTMLElement; readonly number: HTMLElement; text: string }[] = [];
  /** Ends of the scale; they widen with the values. */
  #low: number;
  #high: number;
  readonly #least: readonly [low: number, high: number];
  readonly #digits: number;

  /** @param least ends of the scale at first. @param digits after the point. */
  constructor(label: string, least: readonly [low: number, high: number], digits: number) {
    this.element = document.createElement('ol');
    this.element.className = 'value-bars';
    this.element.setAttribute('aria-label', label);
    this.#least = least;
    [this.#low, this.#high] = least;
    this.#digits = digits;
  }

  /** Names the actions; the scale begins anew. */
  name(names: readonly string[]): void {
    [this.#low, this.#high] = this.#least;
    if (names.join('\n') === this.#names.join('\n')) return;
    this.#names = names;
    this.#rows = names.map((text) => {
      const row = document.createElement('li');
      const [name, track, bar, number] = ['span', 'span', 'i', 'span'].map((tag) => document.createElement(tag));
      name.className = 'name';
      name.textContent = text;
      track.className = 'track';
      track.append(bar);
      number.className = 'number';
      number.textContent = '–';
      row.append(name, track, number);
      return { row, bar, number, text: '–' };
    });
    this.element.replaceChildren(...this.#rows.map(({ row }) => row));
  }

  /** @param chosen number of the action that is taken; -1 for none. @param random whether it was drawn. */
  show(values: ArrayLike<number>, chosen: number, random = false): void {
    for (let i = 0; i < values.length; i++) {
      this.#low = Math.min(this.#low, values[i]);
      this.#high = Math.max(this.#high, values[i]);
    }
    const span = this.#high - this.#low || 1;
    const zero = Math.min(1, Math.max(0, -this.#low / span));
    this.#rows.forEach((entry, i) => {
      const value = values[i];
      const text = Number.isFinite(value) ? value.toFixed(this.#digits).replace('-', '−') : '–';
      if (text !== entry.text) {
        entry.number.textContent = text;
        entry.text = text;
      }
      const at = (value - this.#low) / span;
      entry.bar.style.left = `${100 * Math.min(zero, at)}%`;
      entry.bar.style.width = `${100 * Math.abs(at - zero)}%`;
      entry.row.classList.toggle('chosen', i === chosen);
      entry.row.classList.toggle('random', i === chosen && random);
    });
    this.element.style.setProperty('--zero', `${100 * zero}%`);
  }

  /** No values. */
  clear(): void {
    for (const entry of this.#rows) {
      entry.text = '–';
      entry.number.textContent = '–';
      entry.bar.style.width = '0';
      entry.row.className = '';
    }
  }
}

export const valueBarsStyle: CSSResult = css`
  .value-bars {
    display: grid;
    gap: 3px;
    margin: 0;
    padding: 0;
    list-style: none;
    font-size: 13.5px;
  }
  .value-bars li {
    display: grid;
    grid-template-columns: minmax(64px, 6.6em) 1fr 4.2em;
    align-items: center;
    gap: 8px;
    min-height: 22px;
  }
  .value-bars .name {
    color: var(--muted);
    white-space: nowrap;
  }
  .value-bars .number {
    text-align: end;
    color: var(--muted);
  }
  .value-bars .track {
    position: relative;
    height: 12px;
    border-radius: 3px;
    background: var(--raised);
    overflow: clip;
  }
  .value-bars .track::after {
    content: '';
    position: absolute;
    inset: 0 auto 0 var(--zero, 0);
    width: 1px;
    background: var(--muted);
    opacity: 0.5;
  }
  .value-bars i {
    position: absolute;
    inset: 0 auto;
    width: 0;
    background: var(--muted);
    opacity: 0.55;
  }
  .value-bars .chosen i {
    background: var(--accent);
    opacity: 1;
  }
  .value-bars .chosen .name,
  .value-bars .chosen .number {
    color: var(--ink);
    font-weight: 600;
  }
  .value-bars .random i {
    background: var(--mark);
  }
`;
