import { html, nothing, svg, type TemplateResult } from 'lit';
import type { Spread } from '../../../plot/seed-band.ts';
import { shortNumber } from '../../../plot/short-number.ts';
import { axisNames, type CurveAxis } from './curve-data.ts';
import { type CurveReading, type GroupCurve, readCurve, type SeedLine } from './curve-model.ts';

/** A curve's row: how it looks, and itself with as many points as there are for what is seen. */
interface LegendCurve {
  readonly curve: GroupCurve;
  readonly fine: GroupCurve;
  readonly colour: string;
  readonly dash: readonly number[];
}

export interface ChosenSeed {
  readonly group: string;
  readonly run: string;
}

/** What the reader has chosen. */
export interface LegendState {
  /** Names of groups that are not drawn. */
  readonly hidden: ReadonlySet<string>;
  /** Names of groups whose seeds are listed. */
  readonly opened: ReadonlySet<string>;
  /** The seed that stands out. */
  readonly seed: ChosenSeed | undefined;
}

export interface LegendOptions {
  readonly curves: readonly LegendCurve[];
  readonly choice: LegendState;
  /** Where values are read; undefined at the end of each curve. */
  readonly at: number | undefined;
  readonly axis: CurveAxis;
  readonly band: Spread;
  /** @param only hides all others, or shows all where they are hidden. */
  readonly toggle: (group: string, only: boolean) => void;
  readonly showAll: () => void;
  /** Lists a group's seeds, or does so no more. */
  readonly open: (group: string) => void;
  readonly highlight: (group: string | undefined) => void;
  readonly choose: (group: string, run: string) => void;
}

/** Names of curves with their values at the cursor; buttons that hide them, list their seeds and let one stand out. */
export function curveLegend(options: LegendOptions): TemplateResult {
  const { at, curves, axis, choice, showAll } = options;
  return html`<div role="group" aria-label="Curves">
    <div class="legend-head">
      <span class="number">${at === undefined ? 'last value' : `at ${shortNumber(at)} ${axisNames[axis]}`}</span>
      ${choice.hidden.size > 0 ? html`<button class="quiet" @click=${showAll}>Show all</button>` : nothing}
    </div>
    <ul class="legend">
      ${curves.map((curve) => groupRow(curve, options))}
    </ul>
  </div>`;
}

function groupRow({ curve, fine, colour, dash }: LegendCurve, options: LegendOptions): TemplateResult {
  const { at, band, choice, toggle, open, highlight } = options;
  const { group, seeds } = curve;
  const off = choice.hidden.has(group.name);
  const several = seeds.length > 1;
  const lists = several && choice.opened.has(group.name);
  const dashes = dash.length > 0 ? dash.map((part) => part / 2).join(' ') : nothing;
  return html`<li
    @pointerenter=${() => highlight(group.name)}
    @pointerleave=${() => highlight(undefined)}
    @focusin=${() => highlight(group.name)}
    @focusout=${() => highlight(undefined)}
  >
    <div class="row ${off ? 'hidden' : ''}">
      <button
        aria-pressed=${off ? 'false' : 'true'}
        title="Hide or show; with Shift this one alone"
        @click=${(event: MouseEvent) => toggle(group.name, event.shiftKey)}
      >
        <svg viewBox="0 0 24 12" aria-hidden="true">
          ${several && band !== 'none' ? svg`<rect width="24" height="12" fill=${colour} opacity="0.2" rx="2"/>` : nothing}
          <path d="M0 6h24" stroke=${colour} stroke-width="2.5" stroke-dasharray=${dashes} />
        </svg>
        <span class="name">${group.name} ${several ? html`<small>${seeds.length} seeds</small>` : nothing}</span>
      </button>
      ${valueCell(readCurve(fine, at ?? fine.x[fine.x.length - 1]), several && band !== 'none')}
      ${
        several
          ? html`<button
              class="more"
              aria-label="Seeds of ${group.name}"
              aria-expanded=${lists ? 'true' : 'false'}
              @click=${() => open(group.name)}
            >
              <svg viewBox="0 0 12 12" aria-hidden="true"><path d="M4 2l4 4-4 4" fill="none" stroke="currentColor" stroke-width="1.8" /></svg>
            </button>`
          : html`<span></span>`
      }
    </div>
    ${lists ? html`<ul>${seeds.map((seed) => seedRow(group.name, seed, options))}</ul>` : nothing}
  </li>`;
}

function seedRow(
  group: string,
  { run, smooth: { x, y } }: SeedLine,
  { at, choice, choose }: LegendOptions,
): TemplateResult {
  const reading = readCurve({ x, middle: y, low: y, high: y }, at ?? x[x.length - 1]);
  const chosen = choice.seed?.group === group && choice.seed.run === run.name;
  return html`<li class="row seed">
    <button aria-pressed=${chosen ? 'true' : 'false'} title="Highlight" @click=${() => choose(group, run.name)}>
      <span class="name">${run.name}</span>
    </button>
    ${valueCell(reading, false)}
    <span></span>
  </li>`;
}

function valueCell(reading: CurveReading | undefined, band: boolean): TemplateResult {
  if (reading === undefined) return html`<span class="value muted">–</span>`;
  const { middle, low, high } = reading;
  const spread = band ? html`<small>${fourDigits(low)} … ${fourDigits(high)}</small>` : nothing;
  return html`<span class="value">${fourDigits(middle)}${spread}</span>`;
}

const fourDigits = (value: number): string => shortNumber(Number(value.toPrecision(4)));
