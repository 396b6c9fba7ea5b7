import { html, LitElement, nothing, type PropertyValues, type TemplateResult } from 'lit';
import { controls } from '../elements/shared/controls.ts';
import { theme } from '../elements/shared/theme.ts';
import type { BoardClient } from './board-client.ts';
import type { BoardGroup } from './group-runs.ts';
import type { RunDetails } from './messages.ts';
import { styles } from './styles.ts';

/** Settings of several runs next to each other. */
export interface ComparedRow {
  readonly place: string;
  /** A value for each run, with its source; undefined where it has no such setting. */
  readonly cells: readonly ({ readonly value: string; readonly source: string } | undefined)[];
  readonly differs: boolean;
}

/** A table is no wider than people can read. */
const MOST = 6;

export function compareSettings(runs: readonly RunDetails[]): ComparedRow[] {
  const own = runs.map(({ run, values }) => {
    const plain = { environment: run.env, algorithm: run.algorithm, recipe: run.recipe };
    const facts = Object.entries(plain).map(([name, text]) => [name, { value: text ?? '–', source: '' }] as const);
    return new Map([...facts, ...values.map(({ place, value, source }) => [place, { value, source }] as const)]);
  });
  const places = [...new Set(own.flatMap((settings) => [...settings.keys()]))];
  return places.map((place) => {
    const cells = own.map((settings) => settings.get(place));
    return { place, cells, differs: new Set(cells.map((cell) => cell?.value)).size > 1 };
  });
}

/** `<board-compare>`: what groups of runs are set to, and what differs. */
export class BoardCompare extends LitElement {
  static override properties = {
    client: { attribute: false },
    groups: { attribute: false },
    all: { state: true },
    rows: { state: true },
    failure: { state: true },
  };
  static override styles = [theme, controls, styles];
  declare client: BoardClient;
  declare groups: readonly BoardGroup[];
  declare all: boolean;
  declare rows: readonly ComparedRow[] | undefined;
  declare failure: string;
  #read = '';

  constructor() {
    super();
    this.groups = [];
    this.all = false;
    this.failure = '';
  }

  override willUpdate(changed: PropertyValues<this>): void {
    if (changed.has('groups')) void this.#compare();
  }

  get #shown(): readonly BoardGroup[] {
    return this.groups.filter(({ runs }) => runs[0]?.state !== 'damaged').slice(0, MOST);
  }

  async #compare(): Promise<void> {
    const ids = this.#shown.map(({ runs }) => runs[0]!.id);
    const key = JSON.stringify(ids);
    if (key === this.#read) return;
    this.#read = key;
    try {
      const rows = compareSettings(await Promise.all(ids.map((id) => this.client.details(id))));
      if (key === this.#read) this.rows = rows;
      this.failure = '';
    } catch (error) {
      this.failure = (error as Error).message;
    }
  }

  override render(): TemplateResult {
    const groups = this.#shown;
    if (this.failure !== '') return html`<p class="bad" role="alert">${this.failure}</p>`;
    if (groups.length < 2)
      return html`<p class="muted">Tick two runs or more in the list: their settings stand here next to each other.</p>`;
    const rows = (this.rows ?? []).filter(({ differs }) => this.all || differs);
    return html`<div class="toolbar">
        <label class="check"
          ><input type="checkbox" .checked=${this.all} @change=${(event: Event) => {
            this.all = (event.target as HTMLInputElement).checked;
          }} />All settings, not only those that differ</label
        >
        ${this.groups.length > groups.length ? html`<span class="muted">The first ${MOST} of ${this.groups.length}.</span>` : nothing}
      </div>
      ${
        rows.length === 0
          ? html`<p class="muted">${this.rows === undefined ? 'Reading …' : 'They differ in nothing but chance.'}</p>`
          : html`<div class="wide" tabindex="0" role="region" aria-label="Settings next to each other">
              <table>
                <thead>
                  <tr><th scope="col">Setting</th>${groups.map(({ name }) => html`<th scope="col">${name}</th>`)}</tr>
                </thead>
                <tbody>
                  ${rows.map(
                    ({ place, cells, differs }) =>
                      html`<tr>
                        <th scope="row">${place}</th>
                        ${cells.map(
                          (cell) =>
                            html`<td class="value ${differs && this.all ? 'differs' : ''}" title=${cell?.source || nothing}>${cell?.value ?? '–'}</td>`,
                        )}
                      </tr>`,
                  )}
                </tbody>
              </table>
            </div>`
      }`;
  }
}

customElements.define('board-compare', BoardCompare);

declare global {
  interface HTMLElementTagNameMap {
    'board-compare': BoardCompare;
  }
}
