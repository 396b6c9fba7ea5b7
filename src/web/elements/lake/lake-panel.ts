import { html, nothing, svg, type TemplateResult } from 'lit';
import { formatCount } from '../../../core/format-count.ts';
import type { StateGrid } from '../../../envs/state-grid.ts';
import { formulaOf } from './account.ts';
import { dashes, powerText } from './curve-drawing.ts';
import { countText, describeCell, valueText } from './grid-drawing.ts';
import { icons } from './icons.ts';
import type { TrackReport } from './lab.ts';
import { type MethodName, methodNames, methodTitles } from './lake-state.ts';
import type { Walk } from './walk.ts';

export interface PanelOptions {
  readonly index: number;
  readonly method: MethodName;
  readonly grid: StateGrid;
  readonly actionNames: readonly string[];
  readonly report: TrackReport | undefined;
  readonly walk: Walk | undefined;
  /** V* of the start; NaN where it has no bound. */
  readonly bestScore: number;
  /** States in which actions are taken. */
  readonly countedStates: number;
  readonly seriesColour: string;
  /** The cell that Tab goes to. */
  readonly cursor: number;
  /** The cell whose numbers are told below the grid. */
  readonly looked: number;
  readonly painting: boolean;
  readonly removable: boolean;
  readonly onMethod: (method: MethodName) => void;
  readonly onRemove: () => void;
}

/** A method on the lake: its name, its picture, and what it has come to. */
export function panel(options: PanelOptions): TemplateResult {
  const { index, method, grid, report, painting, seriesColour, removable, onMethod, onRemove } = options;
  const title = methodTitles[method];
  return html`<div role="group" class="panel" aria-label=${`${title}, picture ${index + 1}`}>
    <div class="head">
      ${svg`<svg class="swatch" viewBox="0 0 26 12" aria-hidden="true"><line x1="0" y1="6" x2="26" y2="6" stroke=${seriesColour} stroke-dasharray=${dashes[index % dashes.length].join(' ') || nothing}></line></svg>`}
      <select
        aria-label=${`Method of picture ${index + 1}`}
        @change=${(event: Event) => onMethod((event.target as HTMLSelectElement).value as MethodName)}
      >
        ${methodNames.map(
          (name) => html`<option value=${name} ?selected=${name === method}>${methodTitles[name]}</option>`,
        )}
      </select>
      ${
        removable
          ? html`<button class="quiet" title="Remove" aria-label=${`Remove ${title}`} @click=${onRemove}>
              ${icons.close}
            </button>`
          : nothing
      }
    </div>
    <div class="board" data-panel=${index}>
      <canvas aria-hidden="true"></canvas>
      <div class=${painting ? 'grid painting' : 'grid'} role="grid" aria-label=${`${title}: cells of the world`}>
        ${Array.from({ length: grid.rows }, (_, row) => gridRow(options, row))}
      </div>
    </div>
    ${facts(options)} ${lookedAt(options)}
    ${
      report?.account === undefined
        ? nothing
        : html`<div class="formula" aria-label="The last backup, with its numbers">
            ${formulaOf(report.account, stateName, grid.actionArrows).map(
              ({ text, best }) => html`<div class=${best ? 'best' : ''}>${text}</div>`,
            )}
          </div>`
    }
  </div>`;
}

const stateName = (state: number): string => `s${state}`;

function gridRow({ grid, report, actionNames, cursor }: PanelOptions, row: number): TemplateResult {
  return html`<div class="row" role="row">
    ${Array.from({ length: grid.cols }, (_, column) => {
      const cell = row * grid.cols + column;
      const { values, actionValues, visits } = report ?? {};
      return html`<div
        class="cell"
        role="gridcell"
        data-cell=${cell}
        tabindex=${cell === cursor ? 0 : -1}
        aria-label=${describeCell({ grid, values, actionValues, visits }, cell, actionNames)}
      ></div>`;
    })}
  </div>`;
}

function facts({ report, walk, bestScore, countedStates }: PanelOptions): TemplateResult | typeof nothing {
  if (report === undefined) return nothing;
  const { kind, work, rounds, distance, score, optimalSince, converged } = report;
  const unit = kind === 'planner' ? 'backups' : 'steps';
  const round = kind === 'planner' ? 'sweeps' : 'episodes';
  const since =
    optimalSince === undefined
      ? `optimal in ${report.optimalStates} of ${countedStates} states`
      : `optimal since ${kind === 'planner' ? `sweep ${formatCount(optimalSince.rounds + 1)}` : `step ${formatCount(optimalSince.work)}`}`;
  const worth = Number.isNaN(score) ? 'goes on for ever; best' : `${valueText(score)} of`;
  return html`<dl class="facts">
    ${fact(`${round}, ${unit}`, `${formatCount(rounds)}, ${formatCount(work)}${converged ? ', converged' : ''}`)}
    ${fact('largest error, |V − V*|', Number.isNaN(distance) ? 'V* has no bound' : errorText(distance))}
    ${fact('greedy policy', since, optimalSince !== undefined)}
    ${fact('its worth at the start', `${worth} ${Number.isNaN(bestScore) ? 'no bound' : valueText(bestScore)}`)}
    ${walk === undefined ? nothing : fact('watched', watchedText(walk))}
  </dl>`;
}

function fact(name: string, value: string, good = false): TemplateResult {
  return html`<div>
    <dt>${name}</dt>
    <dd class=${good ? 'good' : ''}>${value}</dd>
  </div>`;
}

function watchedText({ episodes, reached, outOfSteps }: Walk): string {
  const late = outOfSteps > 0 ? `, ${outOfSteps} ran out of steps` : '';
  return `${episodes} ${episodes === 1 ? 'episode' : 'episodes'}, ${reached} reached the goal${late}`;
}

/** An error, down to the smallest. */
export function errorText(error: number): string {
  if (error === 0) return '0';
  if (error >= 0.0001) return error >= 1000 ? error.toFixed(0) : error.toPrecision(3);
  const power = Math.floor(Math.log10(error));
  return `${(error / 10 ** power).toFixed(1)}·${powerText(power)}`;
}

function lookedAt({ grid, report, looked }: PanelOptions): TemplateResult | typeof nothing {
  if (looked < 0 || report === undefined || looked >= grid.states.length) return nothing;
  const state = grid.states[looked];
  const nActions = grid.actionArrows.length;
  const q = grid.actionArrows.map((arrow, a) => `${arrow} ${valueText(report.actionValues[state * nActions + a])}`);
  const times = `${countText(report.visits[state])}×`;
  return html`<div class="formula looked">
    <div class="best">${stateName(state)}  V ${valueText(report.values[state])}  ${times}</div>
    <div>${q.join('  ')}</div>
  </div>`;
}
