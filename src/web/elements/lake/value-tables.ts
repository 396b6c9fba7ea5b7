import { html, nothing, type TemplateResult } from 'lit';
import type { StateGrid } from '../../../envs/state-grid.ts';
import { describeCell, valueText } from './grid-drawing.ts';
import type { TrackReport } from './lab.ts';
import { methodTitles } from './lake-state.ts';

export interface ValueTablesOptions {
  readonly tracks: readonly TrackReport[];
  readonly grid: StateGrid;
  readonly actionNames: readonly string[];
  /** Whether the reader has opened them; closed, there are no rows to bring up to date. */
  readonly open: boolean;
  readonly onToggle: (open: boolean) => void;
}

/** V and Q of each cell as a table for each method, for those who don't see the picture, and to copy. */
export function valueTables(options: ValueTablesOptions): TemplateResult {
  return html`<details @toggle=${(event: Event) => options.onToggle((event.target as HTMLDetailsElement).open)}>
    <summary>Values as a table</summary>
    <div class="scroll" tabindex="0" role="region" aria-label="Tables of values">
      ${options.open ? options.tracks.map((track) => valueTable(track, options)) : nothing}
    </div>
  </details>`;
}

function valueTable(track: TrackReport, { grid, actionNames }: ValueTablesOptions): TemplateResult {
  const { name, values, actionValues, visits, kind } = track;
  const nActions = grid.actionArrows.length;
  return html`<table>
    <caption>
      ${methodTitles[name]}
    </caption>
    <thead>
      <tr>
        <th scope="col">state</th>
        <th scope="col">V</th>
        ${actionNames.map((action) => html`<th scope="col">Q ${action}</th>`)}
        <th scope="col">${kind === 'planner' ? 'backups' : 'visits'}</th>
      </tr>
    </thead>
    <tbody>
      ${grid.states.map(
        (state, cell) =>
          html`<tr>
            <th scope="row">${describeCell({ grid }, cell, actionNames)}</th>
            <td>${valueText(values[state])}</td>
            ${grid.actionArrows.map((_, a) => html`<td>${valueText(actionValues[state * nActions + a])}</td>`)}
            <td>${visits[state]}</td>
          </tr>`,
      )}
    </tbody>
  </table>`;
}
