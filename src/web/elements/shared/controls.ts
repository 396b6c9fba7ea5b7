import { type CSSResult, css, html, nothing, type TemplateResult } from 'lit';

/**
 * Buttons, sliders, menus and rows of them, at least 44 pixels to touch. Classes: `toolbar` a row that wraps; `primary` the one
 * button that matters; `quiet` one without a frame; `segments` radio buttons as one bar; `field` a label with its control;
 * `slider` a field with a range and its value.
 */
export const controls: CSSResult = css`
  .toolbar {
    display: flex;
    flex-wrap: wrap;
    align-items: center;
    gap: 8px;
  }
  button,
  select,
  input[type='number'],
  input[type='text'] {
    font: inherit;
    color: inherit;
    min-height: 44px;
    padding: 0 14px;
    border: 1px solid var(--line);
    border-radius: var(--radius-small);
    background: var(--surface);
  }
  button {
    display: inline-flex;
    align-items: center;
    justify-content: center;
    gap: 7px;
    min-width: 44px;
    cursor: pointer;
    white-space: nowrap;
    touch-action: manipulation;
    transition: background-color 120ms;
  }
  button:hover:not(:disabled) {
    background: var(--accent-soft);
  }
  button[aria-pressed='true'] {
    background: var(--accent-soft);
    border-color: var(--accent);
    color: var(--accent);
  }
  button.primary {
    background: var(--accent);
    border-color: var(--accent);
    color: var(--on-accent);
    font-weight: 600;
  }
  button.primary:hover:not(:disabled) {
    background: color-mix(in srgb, var(--accent) 86%, var(--ink));
  }
  button.quiet {
    border-color: transparent;
    background: transparent;
    color: var(--accent);
  }
  button:disabled,
  select:disabled,
  input:disabled {
    opacity: 0.5;
    cursor: default;
  }
  button svg {
    width: 18px;
    height: 18px;
    flex: none;
    fill: currentColor;
  }
  .segments {
    display: inline-flex;
    flex-wrap: wrap;
    border: 1px solid var(--line);
    border-radius: var(--radius-small);
    overflow: clip;
    background: var(--surface);
  }
  .segments label {
    position: relative;
    display: inline-flex;
    align-items: center;
    justify-content: center;
    min-height: 42px;
    min-width: 44px;
    padding: 0 13px;
    gap: 6px;
    cursor: pointer;
    touch-action: manipulation;
  }
  .segments label + label {
    box-shadow: -1px 0 var(--line);
  }
  .segments input {
    position: absolute;
    inset: 0;
    margin: 0;
    opacity: 0;
    cursor: pointer;
  }
  .segments label:has(:checked) {
    background: var(--accent-soft);
    color: var(--accent);
    font-weight: 600;
  }
  .segments label:has(:focus-visible) {
    outline: 3px solid var(--accent);
    outline-offset: -3px;
  }
  .field {
    display: grid;
    gap: 2px;
    min-width: 0;
  }
  .field > span,
  .slider > .name,
  legend {
    color: var(--muted);
    font-size: 13px;
  }
  .slider {
    display: grid;
    grid-template-columns: 1fr auto;
    column-gap: 8px;
    align-items: baseline;
    min-width: 0;
  }
  .slider > .value {
    font-size: 13px;
    font-variant-numeric: tabular-nums;
  }
  .slider > input {
    grid-column: 1 / -1;
    width: 100%;
    height: 44px;
    margin: -6px 0;
    accent-color: var(--accent);
    cursor: pointer;
    touch-action: pan-y;
  }
  .check {
    display: inline-flex;
    align-items: center;
    gap: 8px;
    min-height: 44px;
    cursor: pointer;
  }
  .check input {
    width: 20px;
    height: 20px;
    margin: 0;
    accent-color: var(--accent);
  }
  fieldset {
    min-width: 0;
    margin: 0;
    padding: 0;
    border: 0;
  }
`;

export interface SliderOptions {
  readonly label: string;
  readonly value: number;
  readonly min: number;
  readonly max: number;
  readonly step: number;
  readonly disabled?: boolean;
  /** The value as it is shown and said; the number itself by default. */
  readonly text?: string;
  /** While it is moved. */
  readonly onInput: (value: number) => void;
}

/** A range with its name and value above it. */
export function slider({ label, value, min, max, step, disabled, text, onInput }: SliderOptions): TemplateResult {
  const shown = text ?? String(value);
  return html`<label class="slider"
    ><span class="name">${label}</span><span class="value" aria-hidden="true">${shown}</span
    ><input
      type="range"
      aria-label=${label}
      aria-valuetext=${shown}
      min=${min}
      max=${max}
      step=${step}
      ?disabled=${disabled ?? false}
      .value=${String(value)}
      @input=${(event: Event) => onInput((event.target as HTMLInputElement).valueAsNumber)}
  /></label>`;
}

export interface SegmentsOptions<T extends string> {
  /** What is chosen, for screen readers. */
  readonly label: string;
  /** Of the radio buttons; unique within an element. */
  readonly name: string;
  readonly value: T;
  readonly choices: readonly { readonly value: T; readonly text: string; readonly title?: string }[];
  readonly onChange: (value: T) => void;
}

/** A choice of one among a few, as one bar. */
export function segments<T extends string>(options: SegmentsOptions<T>): TemplateResult {
  const { label, name, value, choices, onChange } = options;
  return html`<div class="segments" role="radiogroup" aria-label=${label}>
    ${choices.map(
      (choice) =>
        html`<label title=${choice.title ?? nothing}
          ><input
            type="radio"
            name=${name}
            .checked=${choice.value === value}
            @change=${() => onChange(choice.value)}
          />${choice.text}</label
        >`,
    )}
  </div>`;
}
