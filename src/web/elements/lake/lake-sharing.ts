import { html, nothing, type TemplateResult } from 'lit';

/** What an address's fragment begins with that holds a lake. */
const FRAGMENT = '#lake:';

/** The state in the page's address; undefined where there is none. @throws Error in one line where it can't be read. */
export function sharedState(): string | undefined {
  if (!location.hash.startsWith(FRAGMENT)) return undefined;
  const fragment = location.hash.slice(FRAGMENT.length);
  try {
    return decodeURIComponent(fragment);
  } catch {
    throw new Error(`The address holds no lake: "${fragment.slice(0, 40)}" is not encoded as addresses are.`);
  }
}

/** Copies a lake as a link or as text. */
export class LakeSharing {
  readonly #changed: () => void;
  readonly #say: (text: string) => void;
  #copied: 'Link' | 'Map' | undefined;
  /** What could not be copied, to be selected by hand. */
  #text = '';

  /** @param say says a line to those who don't see the page. */
  constructor(changed: () => void, say: (text: string) => void) {
    this.#changed = changed;
    this.#say = say;
  }

  /** What was copied is not the present lake any more. */
  forget(): void {
    this.#copied = undefined;
  }

  /** @param map its rows; undefined for worlds that have none. */
  render(state: string, map: readonly string[] | undefined): TemplateResult {
    const text = map?.join('\n');
    return html`<div class="toolbar">
        <button @click=${() => this.#copyLink(state)}>${this.#copied === 'Link' ? 'Link copied' : 'Copy link'}</button>
        ${
          text === undefined
            ? nothing
            : html`<button @click=${() => void this.#copy('Map', text)}>
                ${this.#copied === 'Map' ? 'Map copied' : 'Copy map'}
              </button>`
        }
      </div>
      ${this.#text === '' ? nothing : html`<p class="number">${this.#text}</p>`}
      ${
        text === undefined
          ? nothing
          : html`<details>
              <summary>Map as text</summary>
              <pre class="map" tabindex="0" aria-label="Map as text">${text}</pre>
            </details>`
      }`;
  }

  #copyLink(state: string): void {
    const address = new URL(location.href);
    address.hash = `${FRAGMENT}${encodeURI(state)}`;
    void this.#copy('Link', address.href);
  }

  async #copy(what: 'Link' | 'Map', text: string): Promise<void> {
    try {
      await navigator.clipboard.writeText(text);
      this.#copied = what;
      this.#say(`${what} copied.`);
    } catch {
      // Where a page may not write there, the text itself can be selected.
      this.#text = text;
    }
    this.#changed();
  }
}
