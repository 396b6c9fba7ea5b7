import { html, nothing, type TemplateResult } from 'lit';
import type { Ale } from '../../../atari/ale.ts';

export interface SwitchesOptions {
  readonly changed: () => void;
  /** Starts the game again. */
  readonly reset: () => void;
}

/** The console's switches, as far as they do something in this game. */
export function switches(ale: Ale, options: SwitchesOptions): TemplateResult | typeof nothing {
  if (ale.difficulties.length < 2 && ale.modes.length < 2) return nothing;
  return html`<div>
    <h2>Switches</h2>
    ${ale.modes.length > 1 ? modes(ale, options) : nothing}
    ${difficulty(ale, 1, 'Left difficulty A, harder', options)} ${difficulty(ale, 2, 'Right difficulty A', options)}
  </div>`;
}

function modes(ale: Ale, { reset }: SwitchesOptions): TemplateResult {
  return html`<label class="field"
    ><span>Game mode; another one starts again</span
    ><select
      @change=${(event: Event) => {
        ale.setMode(Number((event.target as HTMLSelectElement).value));
        reset();
      }}
    >
      ${ale.modes.map((mode) => html`<option value=${mode} ?selected=${mode === ale.mode}>${mode}</option>`)}
    </select></label
  >`;
}

/** @param bit of ALE's number. */
function difficulty(
  ale: Ale,
  bit: number,
  text: string,
  { changed }: SwitchesOptions,
): TemplateResult | typeof nothing {
  if (ale.difficulties.every((value) => (value & bit) === 0)) return nothing;
  return html`<label class="check"
    ><input
      type="checkbox"
      .checked=${(ale.difficulty & bit) !== 0}
      @change=${() => {
        const wanted = ale.difficulty ^ bit;
        if (ale.difficulties.includes(wanted) || wanted === 0) ale.setDifficulty(wanted);
        changed();
      }}
    />${text}</label
  >`;
}
