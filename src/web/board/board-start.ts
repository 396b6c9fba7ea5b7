import { html, LitElement, nothing, type TemplateResult } from 'lit';
import { controls } from '../elements/shared/controls.ts';
import { theme } from '../elements/shared/theme.ts';
import type { BoardClient } from './board-client.ts';
import type { BoardRecipe } from './messages.ts';
import { styles } from './styles.ts';

interface Setting {
  readonly place: string;
  readonly text: string;
}

/** `<board-start>`: the form that starts a recipe. Sends `board-started` with the new run's folder. */
export class BoardStart extends LitElement {
  static override properties = {
    client: { attribute: false },
    recipes: { state: true },
    chosen: { state: true },
    settings: { state: true },
    failure: { state: true },
    busy: { state: true },
  };
  static override styles = [theme, controls, styles];
  declare client: BoardClient;
  declare recipes: readonly BoardRecipe[];
  declare chosen: string;
  declare settings: readonly Setting[];
  declare failure: string;
  declare busy: boolean;

  constructor() {
    super();
    this.recipes = [];
    this.chosen = '';
    this.settings = [];
    this.failure = '';
    this.busy = false;
  }

  /** Opens the form, with a recipe if one is named. */
  async open(recipe = ''): Promise<void> {
    this.failure = '';
    const dialog = this.renderRoot.querySelector('dialog')!;
    if (!dialog.open) dialog.showModal();
    try {
      if (this.recipes.length === 0) this.recipes = await this.client.recipes();
      this.#choose(
        recipe || this.chosen || (this.recipes.find(({ id }) => id === 'dqn-cart-pole') ?? this.recipes[0]!).id,
      );
    } catch (error) {
      this.failure = (error as Error).message;
    }
  }

  #choose(id: string): void {
    if (id !== this.chosen) this.settings = [];
    this.chosen = id;
  }

  get #recipe(): BoardRecipe | undefined {
    return this.recipes.find(({ id }) => id === this.chosen);
  }

  #close(): void {
    this.renderRoot.querySelector('dialog')!.close();
  }

  async #submit(event: SubmitEvent): Promise<void> {
    event.preventDefault();
    const fields = new FormData(event.target as HTMLFormElement);
    const text = (name: string): string => String(fields.get(name) ?? '').trim();
    const evalEvery = text('evalEvery');
    this.busy = true;
    this.failure = '';
    try {
      const { id } = await this.client.start({
        recipe: this.chosen,
        env: text('env') || null,
        seeds: text('seeds') || '0',
        name: text('name') || null,
        evalEvery: evalEvery === '' ? null : Number(evalEvery),
        set: Object.fromEntries(this.settings.map((setting) => [setting.place, typedValue(setting.text)])),
      });
      this.#close();
      this.dispatchEvent(new CustomEvent('board-started', { detail: id, bubbles: true, composed: true }));
    } catch (error) {
      this.failure = (error as Error).message;
    } finally {
      this.busy = false;
    }
  }

  #setting(i: number, setting: Setting): void {
    this.settings = this.settings.with(i, setting);
  }

  override render(): TemplateResult {
    const recipe = this.#recipe;
    const environments = [...new Set(this.recipes.map(({ env }) => env))];
    return html`<dialog aria-labelledby="start-title">
      <form @submit=${this.#submit}>
        <h2 id="start-title">Start a training</h2>
        <label class="field"
          ><span>Recipe</span
          ><select @change=${(event: Event) => this.#choose((event.target as HTMLSelectElement).value)}>
            ${environments.map(
              (env) =>
                html`<optgroup label=${env}>
                  ${this.recipes
                    .filter((one) => one.env === env)
                    .map((one) => html`<option value=${one.id} ?selected=${one.id === this.chosen}>${one.id}</option>`)}
                </optgroup>`,
            )}
          </select></label
        >
        ${
          recipe === undefined
            ? nothing
            : html`<p class="hint">
                ${recipe.title}.${recipe.minutes === null ? '' : ` Usually ${recipe.minutes < 1 ? `${Math.round(recipe.minutes * 60)} s` : `${Math.round(recipe.minutes)} min`}.`}
              </p>`
        }
        <div class="pair">
          <label class="field"><span>Environment</span><input type="text" name="env" placeholder=${recipe?.env ?? ''} autocomplete="off" spellcheck="false" /></label>
          <label class="field"><span>Seeds, such as 0, 0..3 or 0,3,7</span><input type="text" name="seeds" value="0" inputmode="numeric" autocomplete="off" /></label>
          <label class="field"><span>Folder of the run</span><input type="text" name="name" placeholder="named by itself" autocomplete="off" spellcheck="false" /></label>
          <label class="field"><span>Evaluate every so many steps</span><input type="number" name="evalEvery" min="1" placeholder="never" /></label>
        </div>
        <fieldset>
          <legend>Settings other than the recipe's</legend>
          ${this.settings.map(
            (setting, i) =>
              html`<div class="setting">
                <select
                  aria-label="Setting"
                  @change=${(event: Event) => {
                    const place = (event.target as HTMLSelectElement).value;
                    this.#setting(i, {
                      place,
                      text: recipe?.values.find((value) => value.place === place)?.value ?? '',
                    });
                  }}
                >
                  ${recipe?.values.map(({ place }) => html`<option ?selected=${place === setting.place}>${place}</option>`)}
                </select>
                <input
                  type="text"
                  aria-label="Value of ${setting.place}"
                  .value=${setting.text}
                  @input=${(event: Event) => this.#setting(i, { ...setting, text: (event.target as HTMLInputElement).value })}
                />
                <button type="button" class="quiet" aria-label="Leave ${setting.place} as it is" @click=${() => {
                  this.settings = this.settings.toSpliced(i, 1);
                }}>✕</button>
              </div>`,
          )}
          <button
            type="button"
            class="quiet"
            @click=${() => {
              const next = recipe?.values.find(
                ({ place }) => !this.settings.some((setting) => setting.place === place),
              );
              if (next !== undefined) this.settings = [...this.settings, { place: next.place, text: next.value }];
            }}
          >
            Change a setting
          </button>
        </fieldset>
        ${this.failure === '' ? nothing : html`<p class="bad" role="alert">${this.failure}</p>`}
        <p class="hint">It is a program of its own: it continues when this page or the board is closed.</p>
        <div class="actions">
          <button type="button" @click=${this.#close}>Cancel</button>
          <button class="primary" ?disabled=${this.busy || recipe === undefined}>${this.busy ? 'Starting …' : 'Start'}</button>
        </div>
      </form>
    </dialog>`;
  }
}

/** A value as it is typed: JSON where it is some, else text. */
export function typedValue(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

customElements.define('board-start', BoardStart);

declare global {
  interface HTMLElementTagNameMap {
    'board-start': BoardStart;
  }
  interface HTMLElementEventMap {
    'board-started': CustomEvent<string>;
  }
}
