import { html, nothing, type TemplateResult } from 'lit';
import { lakeMaps } from '../../../envs/toy-text/lake-map.ts';
import { segments, slider } from '../shared/controls.ts';
import { resize, type Tile, tileNames, tiles } from './lake-map.ts';
import { LARGEST, type LakeState, SMALLEST, slipperyByDefault, type WorldName, worldNames } from './lake-state.ts';

/** What a pointer on the lake does: paint a tile, or look at a cell. */
export type Tool = Tile | 'look';

export interface SidebarOptions {
  readonly state: LakeState;
  readonly tool: Tool;
  /** Of Taxi's grids the one that is shown. */
  readonly grid: number;
  readonly gridTitles: readonly string[];
  readonly onTool: (tool: Tool) => void;
  readonly onGrid: (grid: number) => void;
  /** Another world, or another state of learning: what is changed. */
  readonly onChange: (change: Partial<LakeState>) => void;
  readonly onRandomMap: () => void;
}

/** The world's and the methods' settings. */
export function sidebar(options: SidebarOptions): TemplateResult {
  const { state, onChange } = options;
  const onEnv = (env: WorldName): void => onChange({ env, slippery: slipperyByDefault(env) });
  const lake = state.env === 'FrozenLake';
  return html`<aside aria-label="Settings">
    <div class="group">
      <div class="title">World</div>
      <label class="field"
        ><span>Environment</span>
        <select @change=${(event: Event) => onEnv(selected(event) as WorldName)}>
          ${worldNames.map((name) => html`<option value=${name} ?selected=${name === state.env}>${name}</option>`)}
        </select></label
      >
      ${lake ? mapEditor(options) : options.gridTitles.length > 1 ? situations(options) : nothing}
      <label class="check"
        ><input
          type="checkbox"
          .checked=${state.slippery}
          @change=${(event: Event) => onChange({ slippery: (event.target as HTMLInputElement).checked })}
        />${{ FrozenLake: 'Slippery ice', CliffWalking: 'Slippery ground', Taxi: 'Rain' }[state.env]}</label
      >
      ${lake ? lakeRules(options) : nothing}
    </div>
    <div class="group">
      <div class="title">Learning</div>
      ${slider({
        label: 'γ discount',
        ...{ value: state.gamma, min: 0, max: 1, step: 0.01, text: state.gamma.toFixed(2) },
        onInput: (gamma) => onChange({ gamma }),
      })}
      ${slider({
        label: 'α step size',
        ...{ value: state.alpha, min: 0.01, max: 1, step: 0.01, text: state.alpha.toFixed(2) },
        onInput: (alpha) => onChange({ alpha }),
      })}
      ${slider({
        label: 'ε random actions',
        ...{ value: state.epsilon, min: 0, max: 1, step: 0.01, text: state.epsilon.toFixed(2) },
        onInput: (epsilon) => onChange({ epsilon }),
      })}
      <label class="field"
        ><span>Seed</span>
        <input
          type="number"
          min="0"
          max="999999999"
          step="1"
          .value=${String(state.seed)}
          @change=${(event: Event) => {
            const seed = (event.target as HTMLInputElement).valueAsNumber;
            if (Number.isInteger(seed) && seed >= 0 && seed <= 999_999_999) onChange({ seed });
            else (event.target as HTMLInputElement).value = String(state.seed);
          }}
      /></label>
    </div>
  </aside>`;
}

const selected = (event: Event): string => (event.target as HTMLSelectElement).value;

function mapEditor({ state, tool, onTool, onChange, onRandomMap }: SidebarOptions): TemplateResult {
  const size = Math.max(state.map.length, state.map[0].length);
  const sizes = Array.from({ length: LARGEST - SMALLEST + 1 }, (_, i) => SMALLEST + i);
  return html`
    <fieldset class="group palette">
      <legend>Paint, or press S, F, H, G on a cell</legend>
      ${segments<Tool>({
        ...{ label: 'Tool', name: 'tool', value: tool, onChange: onTool },
        choices: [
          { value: 'look', text: 'Look', title: 'look at a cell' },
          ...tiles.map((tile) => ({ value: tile, text: capital(tileNames[tile]) })),
        ],
      })}
    </fieldset>
    <div class="pair">
      <label class="field"
        ><span>Size</span>
        <select @change=${(event: Event) => onChange({ map: resize(state.map, Number(selected(event))) })}>
          ${sizes.includes(size) ? nothing : html`<option selected>${size}</option>`}
          ${sizes.map((n) => html`<option value=${n} ?selected=${n === size}>${n} × ${n}</option>`)}
        </select></label
      >
      <label class="field"
        ><span>Map</span>
        <select
          @change=${(event: Event) => {
            const name = selected(event);
            (event.target as HTMLSelectElement).selectedIndex = 0;
            if (name === 'random') onRandomMap();
            else onChange({ map: lakeMaps[name as keyof typeof lakeMaps] });
          }}
        >
          <option>choose…</option>
          ${Object.keys(lakeMaps).map((name) => html`<option value=${name}>${name}, Gymnasium’s</option>`)}
          <option value="random">random, ${size} × ${size}</option>
        </select></label
      >
    </div>
  `;
}

function lakeRules({ state, onChange }: SidebarOptions): TemplateResult {
  const names = ['Goal', 'Hole', 'Step'];
  return html`
    ${slider({
      label: 'Moves as meant',
      ...{ value: state.successRate, min: 0, max: 1, step: 0.01, disabled: !state.slippery },
      text: `${Math.round(100 * state.successRate)} %`,
      onInput: (successRate) => onChange({ successRate }),
    })}
    <fieldset>
      <legend>Rewards</legend>
      <div class="triple">
        ${names.map(
          (name, i) =>
            html`<label class="field"
              ><span>${name}</span
              ><input
                type="number"
                step="0.1"
                min="-1000"
                max="1000"
                .value=${String(state.rewards[i])}
                @change=${(event: Event) => {
                  const reward = (event.target as HTMLInputElement).valueAsNumber;
                  if (!(Math.abs(reward) <= 1000)) (event.target as HTMLInputElement).value = String(state.rewards[i]);
                  else
                    onChange({
                      rewards: state.rewards.map((r, k) => (k === i ? reward : r)) as unknown as LakeState['rewards'],
                    });
                }}
            /></label>`,
        )}
      </div>
    </fieldset>
  `;
}

function situations({ grid, gridTitles, onGrid }: SidebarOptions): TemplateResult {
  return html`<label class="field"
    ><span>Passenger, destination</span>
    <select @change=${(event: Event) => onGrid((event.target as HTMLSelectElement).selectedIndex)}>
      ${gridTitles.map((title, i) => html`<option ?selected=${i === grid}>${title}</option>`)}
    </select></label
  >`;
}

const capital = (text: string): string => text[0].toUpperCase() + text.slice(1);
