import { type CSSResult, css, html, nothing, type TemplateResult } from 'lit';
import { icons } from './icons.ts';
import { chosenFile, type Learning } from './learning.ts';
import { saveBytes } from './save-file.ts';
import { drawSmallCurve } from './small-curve.ts';
import type { coloursOf } from './theme.ts';

export interface LearningPanelOptions {
  /** Name of saved files, without their endings. */
  readonly fileName: string;
  /** Ends of the scale of returns. */
  readonly returns: readonly [low: number, high: number];
  /** Mean return at which it counts as solved. */
  readonly solved: number | undefined;
  /** Digits of returns after the point. */
  readonly digits: number;
  /** What to say before the first start. */
  readonly invitation: string;
  /** Begins the training, and the next one. */
  readonly onBegin: () => void;
  readonly onResume: (checkpoint: Uint8Array) => void;
  /** More controls below the facts. */
  readonly more?: TemplateResult | typeof nothing;
}

/** Where a training stands and what can be done with it. */
export function learningPanel(learning: Learning, options: LearningPanelOptions): TemplateResult {
  const { state } = learning;
  const there = learning.training !== undefined;
  return html`<div class="learning">
    <div class="toolbar" role="group" aria-label="The training">
      ${mainButton(learning, options)}
      ${
        state === 'paused' || state === 'running'
          ? html`<button @click=${() => learning.step()}>${icons.step}Step</button
              ><button @click=${options.onBegin}>${icons.again}Start over</button>`
          : nothing
      }
      <span class="files">
        ${
          there && state !== 'failed'
            ? html`<button @click=${() => save(learning, options)}>${icons.save}Save</button>`
            : nothing
        }
        <button @click=${() => load(options)}>${icons.open}Load</button>
      </span>
    </div>
    ${state === 'failed' ? html`<p class="error" role="alert">${learning.message}</p>` : nothing}
    ${state === 'ended' ? html`<p class="note ended" role="status">${learning.message}</p>` : nothing}
    ${state === 'none' ? html`<p class="note">${options.invitation}</p>` : nothing}
    ${state === 'starting' ? html`<p class="note" role="status">${starting(learning)}</p>` : nothing}
    ${noticeOf(learning)}
    ${there ? progressOf(learning, options) : nothing}
    ${options.more ?? nothing}
  </div>`;
}

function noticeOf({ notice: { text, refused } }: Learning): TemplateResult | typeof nothing {
  if (text === '') return nothing;
  return refused ? html`<p class="error" role="alert">${text}</p>` : html`<p class="note" role="status">${text}</p>`;
}

function mainButton(learning: Learning, { onBegin }: LearningPanelOptions): TemplateResult {
  switch (learning.state) {
    case 'none':
    case 'failed':
      return html`<button class="primary" @click=${onBegin}>${icons.play}Learn</button>`;
    case 'running':
      return html`<button class="primary" @click=${() => learning.pause()}>${icons.pause}Pause learning</button>`;
    case 'ended':
      return html`<button class="primary" @click=${onBegin}>${icons.again}Start over</button>`;
    case 'paused':
      return html`<button class="primary" @click=${() => learning.run()}>${icons.play}Go on learning</button>`;
    default:
      return html`<button class="primary" disabled>${icons.play}Learn</button>`;
  }
}

function starting({ loaded }: Learning): string {
  if (loaded === undefined) return 'The training starts …';
  return `The runtime of networks is loading …${Number.isNaN(loaded) ? '' : ` ${Math.round(100 * loaded)} %`}`;
}

async function save(learning: Learning, { fileName }: LearningPanelOptions): Promise<void> {
  const content = await learning.checkpoint();
  if (content !== undefined) saveBytes(`${fileName}.bck`, content);
}

async function load({ onResume }: LearningPanelOptions): Promise<void> {
  const content = await chosenFile('.bck');
  if (content !== undefined) onResume(content);
}

function progressOf(learning: Learning, { digits }: LearningPanelOptions): TemplateResult {
  const { progress, curve } = learning;
  const number = (value: number | undefined, places: number): string =>
    value === undefined || Number.isNaN(value) ? '–' : inDigits(value, places);
  const { secondsLeft: left } = learning;
  const facts: (readonly [string, string | TemplateResult])[] = [
    ['Mean of 100', number(curve.mean, digits)],
    ['Episodes', inDigits(curve.count, 0)],
    ['Steps', inDigits(progress?.step ?? 0, 0)],
    ['Steps a second', number(progress?.unitsPerSecond, 0)],
    ['Time', minutes(learning.elapsed)],
    ...(left === undefined ? [] : [['Left, at most', minutes(left)] as const]),
    ['Exploring', progress?.epsilon === undefined ? '–' : `${inDigits(100 * progress.epsilon, 1)} %`],
    ['Loss', progress?.loss === undefined ? '–' : progress.loss.toPrecision(3)],
    ...(progress?.stored === undefined
      ? []
      : [
          [
            'Replay',
            html`<meter
                aria-label="Fill of the replay"
                min="0"
                max=${progress.stored.capacity}
                value=${progress.stored.size}
              ></meter>
              ${inDigits(progress.stored.size, 0)}`,
          ] as const,
        ]),
  ];
  return html`<div class="progress">
    <canvas class="curve learning-curve" role="img" aria-label="Returns of episodes, and the mean of the last 100"></canvas>
    <dl class="facts">${facts.map(([name, value]) => html`<div><dt>${name}</dt><dd>${value}</dd></div>`)}</dl>
  </div>`;
}

/** With a thin space between thousands, and a minus sign. */
export function inDigits(value: number, places: number): string {
  const [whole, rest] = Math.abs(value).toFixed(places).split('.');
  const grouped = whole.replace(/\B(?=(\d{3})+$)/g, '\u202f');
  const sign = value < 0 && Number(value.toFixed(places)) !== 0 ? '−' : '';
  return `${sign}${grouped}${rest === undefined ? '' : `.${rest}`}`;
}

/** Such as `0:07`, `12:34` or `1:02:03`. */
export function minutes(seconds: number): string {
  const whole = Math.max(0, Math.round(seconds));
  const two = (value: number): string => String(value).padStart(2, '0');
  const [h, m, s] = [Math.floor(whole / 3600), Math.floor(whole / 60) % 60, whole % 60];
  return h > 0 ? `${h}:${two(m)}:${two(s)}` : `${m}:${two(s)}`;
}

/** Draws the panel's curve, where it is shown. */
export function drawLearningCurve(
  root: ParentNode,
  { curve }: Learning,
  { returns: [low, high], solved }: LearningPanelOptions,
  colours: ReturnType<typeof coloursOf>,
): void {
  const canvas = root.querySelector<HTMLCanvasElement>('.learning-curve');
  if (canvas === null) return;
  drawSmallCurve(canvas, {
    lines: [
      { values: curve.returns, colour: colours.series[5] ?? colours.muted, dots: true },
      { values: curve.means, colour: colours.accent },
    ],
    low,
    high,
    gridColour: colours.muted,
    ...(solved === undefined ? {} : { bound: solved }),
  });
}

export const learningPanelStyle: CSSResult = css`
  .learning {
    display: grid;
    gap: 12px;
    padding: 12px;
    border-block-start: 1px solid var(--line);
  }
  .learning .files {
    display: flex;
    gap: 8px;
    margin-inline-start: auto;
  }
  .learning .curve {
    height: 132px;
  }
  .curve {
    display: block;
    width: 100%;
    border-radius: 4px;
    background: var(--raised);
  }
  .progress {
    display: grid;
    gap: 14px;
  }
  .facts {
    display: grid;
    grid-template-columns: repeat(auto-fit, minmax(104px, 1fr));
    gap: 8px 16px;
    align-content: start;
    margin: 0;
  }
  .facts dt {
    color: var(--muted);
    font-size: 13px;
  }
  .facts dd {
    margin: 0;
    font-variant-numeric: tabular-nums;
  }
  .facts meter {
    width: 56px;
    height: 10px;
    vertical-align: baseline;
  }
  .note {
    margin: 0;
    color: var(--muted);
    font-size: 14px;
    max-width: 72ch;
  }
  .ended {
    color: var(--good);
    font-weight: 600;
  }
  .error {
    margin: 0;
    color: var(--bad);
  }
  @container (min-width: 760px) {
    .learning {
      padding: 16px;
    }
    .progress {
      grid-template-columns: minmax(0, 1fr) minmax(280px, 34%);
      gap: 24px;
    }
  }
`;
