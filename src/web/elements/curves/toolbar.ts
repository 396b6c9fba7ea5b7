import { html, nothing, type TemplateResult } from 'lit';
import type { Spread } from '../../../plot/seed-band.ts';
import { slider } from '../shared/controls.ts';
import { axisNames, type CurveAxis } from './curve-data.ts';

export const bandNames: Readonly<Record<Spread, string>> = {
  std: 'standard deviation',
  ci: '95 % interval of the mean',
  quartiles: 'median, middle half',
  range: 'lowest to highest',
  none: 'none',
};

/** The settings that the toolbar changes: those of the element. */
interface Settings extends Element {
  metric: string;
  x: CurveAxis;
  smoothing: number;
  band: Spread;
  logX: boolean;
  logY: boolean;
  raw: boolean;
}

export interface ToolbarOptions {
  readonly metrics: readonly string[];
  readonly shownMetric: string;
  readonly axes: readonly CurveAxis[];
  readonly fileButtons: TemplateResult;
  readonly fullscreen: () => void;
  readonly save: (kind: 'svg' | 'png' | 'csv') => void;
}

/** What is drawn, and two menus: how it is shown, and files. */
export function curveToolbar(chart: Settings, options: ToolbarOptions): TemplateResult {
  const { metrics, shownMetric, axes } = options;
  return html`<div class="head">
    ${choice('Metric', shownMetric, metrics, String, (metric) => {
      chart.metric = metric;
    })}
    ${choice(
      'Over',
      chart.x,
      axes,
      (axis) => (axis === 'step' ? 'steps' : axis),
      (axis) => {
        chart.x = axis;
      },
    )}
    <div class="smoothing">
      ${slider({
        label: 'Smoothing',
        value: chart.smoothing >= 1 ? 0 : chart.smoothing,
        min: 0,
        max: 0.99,
        step: 0.01,
        text: chart.smoothing >= 2 ? `mean of ${chart.smoothing}` : chart.smoothing.toFixed(2),
        onInput: (value) => {
          chart.smoothing = value;
        },
      })}
    </div>
    <span class="grow"></span>
    <details class="menu" @keydown=${closeMenu} @focusout=${leftMenu}>
      <summary>View</summary>
      <div class="panel">${viewPanel(chart, options)}</div>
    </details>
    <details class="menu last" @keydown=${closeMenu} @focusout=${leftMenu}>
      <summary>Files</summary>
      <div class="panel">
        ${options.fileButtons}
        <button @click=${() => options.save('svg')}>Save as SVG</button>
        <button @click=${() => options.save('png')}>Save as PNG</button>
        <button @click=${() => options.save('csv')}>Save as CSV</button>
      </div>
    </details>
  </div>`;
}

function viewPanel(chart: Settings, { fullscreen }: ToolbarOptions): TemplateResult {
  const bands = Object.keys(bandNames) as Spread[];
  return html`${choice(
    'Band of seeds',
    chart.band,
    bands,
    (band) => bandNames[band],
    (band) => {
      chart.band = band;
    },
  )}
  ${check('Logged points behind', chart.raw, (on) => {
    chart.raw = on;
  })}
  ${check(`Logarithmic ${axisNames[chart.x]}`, chart.logX, (on) => {
    chart.logX = on;
  })}
  ${check('Logarithmic values', chart.logY, (on) => {
    chart.logY = on;
  })}
  ${
    document.fullscreenEnabled
      ? html`<button @click=${fullscreen}>
          ${document.fullscreenElement === chart ? 'Leave full screen' : 'Full screen'}
        </button>`
      : nothing
  }`;
}

function choice<T extends string>(
  label: string,
  value: T,
  values: readonly T[],
  nameOf: (value: T) => string,
  choose: (value: T) => void,
): TemplateResult {
  return html`<label class="field"
    ><span>${label}</span
    ><select @change=${(event: Event) => choose((event.target as HTMLSelectElement).value as T)}>
      ${values.map((one) => html`<option value=${one} .selected=${one === value}>${nameOf(one)}</option>`)}
    </select></label
  >`;
}

function check(text: string, checked: boolean, set: (on: boolean) => void): TemplateResult {
  return html`<label class="check"
    ><input type="checkbox" .checked=${checked} @change=${(event: Event) => set((event.target as HTMLInputElement).checked)} />${text}</label
  >`;
}

const closeMenu = (event: KeyboardEvent): void => {
  if (event.key !== 'Escape') return;
  const menu = event.currentTarget as HTMLDetailsElement;
  menu.open = false;
  menu.querySelector('summary')?.focus();
};

const leftMenu = (event: FocusEvent): void => {
  const menu = event.currentTarget as HTMLDetailsElement;
  if (event.relatedTarget !== null && !menu.contains(event.relatedTarget as Node)) menu.open = false;
};
