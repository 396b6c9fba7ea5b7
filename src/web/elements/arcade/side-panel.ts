import { html, nothing, type TemplateResult } from 'lit';
import type { Ale } from '../../../atari/ale.ts';
import { segments } from '../shared/controls.ts';
import { icons } from '../shared/icons.ts';
import type { ArcadeMode } from './arcade-mode.ts';
import { keyList } from './key-list.ts';
import { switches } from './switches.ts';

const SPEEDS = [0.25, 0.5, 1, 2, 4] as const;
/** Times the console's own speed. */
export type Speed = (typeof SPEEDS)[number];

export interface SidePanelOptions {
  readonly mode: ArcadeMode;
  readonly ale: Ale;
  readonly speed: Speed;
  readonly setSpeed: (speed: Speed) => void;
  /** How the model is called; undefined without one. */
  readonly model: string | undefined;
  readonly openModel: () => void;
  readonly switched: () => void;
  readonly reset: () => void;
  /** Whether the browser keeps cartridges. */
  readonly kept: boolean;
  readonly keep: (box: HTMLInputElement) => void;
}

const textOf = (speed: Speed): string => (speed === 0.25 ? '¼' : speed === 0.5 ? '½' : `${speed}×`);

/** What is next to the screen: speed, the model or the console's switches and keys, and what the browser keeps. */
export function sidePanel(options: SidePanelOptions): TemplateResult {
  const { mode, ale, speed, setSpeed, kept, keep, switched: changed, reset } = options;
  return html`
    <div>
      <h2>Speed</h2>
      ${segments<string>({
        label: 'Speed',
        name: 'speed',
        value: String(speed),
        choices: SPEEDS.map((one) => ({ value: String(one), text: textOf(one) })),
        onChange: (value) => setSpeed(Number(value) as Speed),
      })}
    </div>
    ${mode === 'model' ? modelPart(options) : nothing}
    ${mode === 'play' ? switches(ale, { changed, reset }) : nothing}
    <div class="keys-box" ?hidden=${mode !== 'play'}>
      <h2>Keys, while the screen has the focus</h2>
      ${keyList}
    </div>
    <div>
      <label class="check"
        ><input
          type="checkbox"
          .checked=${kept}
          @change=${(event: Event) => keep(event.target as HTMLInputElement)}
        />Keep the cartridges in this browser</label
      >
    </div>
  `;
}

const modelPart = ({ model, openModel }: SidePanelOptions): TemplateResult => html`<div>
  <h2>Model</h2>
  <div class="toolbar">
    <button @click=${openModel}>${icons.open}Open a model</button>
  </div>
  <p class="muted">${model ?? 'None yet.'}</p>
</div>`;
