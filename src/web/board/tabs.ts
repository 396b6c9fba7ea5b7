import { html, type TemplateResult } from 'lit';

export interface TabsOptions<T extends string> {
  /** For screen readers. */
  readonly label: string;
  readonly values: readonly T[];
  readonly value: T;
  /** Id of the panel that they show. The chosen tab's id is `PANEL-tab`. */
  readonly panel: string;
  readonly onChange: (value: T) => void;
}

/** A row of tabs: arrow keys, Home and End choose, as the ARIA practices say. */
export function tabs<T extends string>({ label, values, value, panel, onChange }: TabsOptions<T>): TemplateResult {
  const keyed = (event: KeyboardEvent): void => {
    const now = values.indexOf(value);
    const next = {
      ArrowRight: (now + 1) % values.length,
      ArrowLeft: (now + values.length - 1) % values.length,
      Home: 0,
      End: values.length - 1,
    }[event.key];
    if (next === undefined) return;
    event.preventDefault();
    onChange(values[next]!);
    (event.currentTarget as HTMLElement).querySelectorAll('button')[next]?.focus();
  };
  return html`<div class="tabs" role="tablist" aria-label=${label} @keydown=${keyed}>
    ${values.map(
      (tab) =>
        html`<button
          role="tab"
          id=${tab === value ? `${panel}-tab` : `${panel}-${tab}`}
          aria-selected=${tab === value ? 'true' : 'false'}
          aria-controls=${panel}
          tabindex=${tab === value ? 0 : -1}
          @click=${() => onChange(tab)}
        >
          ${tab}
        </button>`,
    )}
  </div>`;
}
