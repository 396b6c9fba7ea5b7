import { html, nothing, type TemplateResult } from 'lit';
import { formatCount } from '../../../core/format-count.ts';
import { segments, slider } from '../shared/controls.ts';
import { type View, views } from './grid-drawing.ts';
import { icons } from './icons.ts';
import { type MethodName, MOST_METHODS, methodNames } from './lake-state.ts';
import type { Track } from './track.ts';

/** Backups or environment steps a second, by the place of the slider. */
export const SPEEDS: readonly number[] = [1, 2, 4, 8, 20, 60, 200, 1000, 10_000, Number.POSITIVE_INFINITY];
export const FIRST_SPEED = 5;

const viewTexts: Readonly<Record<View, string>> = { values: 'V', q: 'Q', visits: 'Visits' };

export interface ToolbarOptions {
  readonly running: boolean;
  /** Whether the greedy policies are walking. */
  readonly watching: boolean;
  readonly methods: readonly MethodName[];
  readonly kinds: readonly Track['kind'][];
  /** Backups or steps that the last second had. */
  readonly rate: number;
  /** Place in `SPEEDS`. */
  readonly speed: number;
  readonly view: View;
  readonly arrows: boolean;
  readonly onRun: () => void;
  readonly onStep: () => void;
  readonly onRound: () => void;
  readonly onReset: () => void;
  readonly onWatch: () => void;
  readonly onSpeed: (speed: number) => void;
  readonly onView: (view: View) => void;
  readonly onArrows: (arrows: boolean) => void;
  /** One more method. */
  readonly onMethod: (method: MethodName) => void;
}

/** What learning does, how fast, and what cells show. */
export function toolbar(options: ToolbarOptions): TemplateResult {
  const { running, methods } = options;
  const kinds = new Set(options.kinds);
  const round = kinds.size === 2 ? 'Sweep, episode' : kinds.has('learner') ? 'Episode' : 'Sweep';
  return html`<div class="top">
    <div class="toolbar" role="group" aria-label="Learning">
      <button class="primary" @click=${options.onRun}>
        ${running ? icons.pause : icons.run}${running ? 'Pause' : 'Run'}
      </button>
      <button @click=${options.onStep} title="One Bellman backup of each planner, one step of each learner">
        ${icons.step}Step
      </button>
      <button @click=${options.onRound}>${icons.round}${round}</button>
      <button @click=${options.onReset}>${icons.reset}Reset</button>
      <button aria-pressed=${options.watching} @click=${options.onWatch}>${icons.walk}Watch policy</button>
      <div class="speed">
        ${slider({
          label: 'Speed',
          ...{ value: options.speed, min: 0, max: SPEEDS.length - 1, step: 1 },
          text: speedText(options),
          onInput: options.onSpeed,
        })}
      </div>
      ${segments<View>({
        ...{ label: 'Cells show', name: 'view', value: options.view },
        choices: views.map((value) => ({ value, text: viewTexts[value] })),
        onChange: options.onView,
      })}
      <label class="check"
        ><input
          type="checkbox"
          .checked=${options.arrows}
          @change=${(event: Event) => options.onArrows((event.target as HTMLInputElement).checked)}
        />Arrows</label
      >
      ${
        methods.length < MOST_METHODS
          ? html`<button @click=${() => options.onMethod(methodNames.find((name) => !methods.includes(name)) as MethodName)}>
              ${icons.add}Method
            </button>`
          : nothing
      }
    </div>
  </div>`;
}

function speedText({ running, rate, speed }: ToolbarOptions): string {
  const wanted = SPEEDS[speed];
  if (running && rate > 0 && wanted > 1000) return `${rateText(rate)} a second`;
  return wanted === Number.POSITIVE_INFINITY ? 'as fast as it goes' : `${formatCount(wanted)} a second`;
}

const rateText = (rate: number): string =>
  rate >= 1e6 ? `${(rate / 1e6).toFixed(1)} million` : `${formatCount(Math.round(rate / 1000))} thousand`;
