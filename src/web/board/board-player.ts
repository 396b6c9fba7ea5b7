import { html, LitElement, nothing, type PropertyValues, type TemplateResult } from 'lit';
import { PictureCanvas } from '../elements/shared/canvas.ts';
import { controls } from '../elements/shared/controls.ts';
import { prefersReducedMotion, theme } from '../elements/shared/theme.ts';
import type { BoardClient } from './board-client.ts';
import { readFrames } from './frame-stream.ts';
import type { PlayHead, RunFile } from './messages.ts';
import { count, reward } from './run-words.ts';
import { styles } from './styles.ts';

/** `<board-player>`: a run's model at play. The environment runs in the board's program; pictures come as they are drawn. */
export class BoardPlayer extends LitElement {
  static override properties = {
    client: { attribute: false },
    run: {},
    models: { attribute: false },
    model: { state: true },
    head: { state: true },
    failure: { state: true },
    playing: { state: true },
  };
  static override styles = [theme, controls, styles];
  declare client: BoardClient;
  declare run: string;
  /** The run's models. */
  declare models: readonly RunFile[];
  declare model: string;
  declare head: PlayHead | undefined;
  declare failure: string;
  declare playing: boolean;
  #abort: AbortController | undefined;
  #wished = false;
  #visible = false;
  #seen: IntersectionObserver | undefined;

  constructor() {
    super();
    this.models = [];
    this.model = '';
    this.failure = '';
    this.playing = false;
  }

  override connectedCallback(): void {
    super.connectedCallback();
    // What nobody sees is not played.
    this.#seen = new IntersectionObserver(([entry]) => {
      this.#visible = entry?.isIntersecting === true;
      this.#follow();
    });
    this.#seen.observe(this);
    document.addEventListener('visibilitychange', this.#hidden);
    if (this.hasUpdated) this.#begin();
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#seen?.disconnect();
    document.removeEventListener('visibilitychange', this.#hidden);
    this.stop();
  }

  override updated(changed: PropertyValues<this>): void {
    if (!changed.has('run')) return;
    this.model = '';
    this.head = undefined;
    this.stop();
    this.#begin();
  }

  readonly #hidden = (): void => this.#follow();

  #begin(): void {
    this.#wished = !prefersReducedMotion() && this.models.length > 0;
    this.#follow();
  }

  /** Plays where that is wished and seen. */
  #follow(): void {
    const plays = this.#wished && this.#visible && !document.hidden;
    if (plays && !this.playing) void this.play();
    else if (!plays && this.playing) this.stop();
  }

  #toggle(): void {
    this.#wished = !this.playing;
    if (this.#wished) void this.play();
    else this.stop();
  }

  stop(): void {
    this.#abort?.abort();
    this.#abort = undefined;
    this.playing = false;
  }

  async play(): Promise<void> {
    this.stop();
    const abort = new AbortController();
    this.#abort = abort;
    this.playing = true;
    this.failure = '';
    try {
      const stream = await this.client.play(this.run, this.model === '' ? undefined : this.model, abort.signal);
      const canvas = this.renderRoot.querySelector('canvas')!;
      const picture = new PictureCanvas(canvas);
      for await (const { head, pixels } of readFrames(stream)) {
        if (abort.signal.aborted) return;
        if (head.kind === 'error') throw new Error(head.text);
        const { width, height, aspect = 1 } = head;
        if (width !== undefined && height !== undefined && pixels.length > 0) {
          picture.show({ width, height, data: pixels });
          // Small pictures grow by whole pixels, as far as the place goes.
          const scale = Math.max(1, Math.floor(480 / (width * aspect)));
          canvas.style.aspectRatio = `${width * aspect} / ${height}`;
          canvas.style.width = `${width * aspect * scale}px`;
        }
        this.head = head;
      }
    } catch (error) {
      if (!abort.signal.aborted) {
        this.failure = (error as Error).message;
        this.#wished = false;
      }
    } finally {
      if (this.#abort === abort) this.stop();
    }
  }

  override render(): TemplateResult {
    const { head } = this;
    const file = (path: string | undefined): string => path?.split(/[\\/]/).at(-1) ?? '';
    return html`<div class="player">
      <div class="screen" role="img" aria-label=${head === undefined ? 'No picture yet' : `The model plays episode ${head.episode}`}>
        <canvas ?hidden=${head === undefined || head.kind !== 'frame'} width="1" height="1"></canvas>
        ${head?.kind === 'text' ? html`<pre>${head.text}</pre>` : nothing}
        ${head === undefined ? html`<span>${this.playing ? 'The model is loaded …' : 'Press Play'}</span>` : nothing}
      </div>
      <div class="side">
        <div class="toolbar">
          <button class="primary" ?disabled=${this.models.length === 0} @click=${() => this.#toggle()}>
            ${this.playing ? 'Stop' : 'Play'}
          </button>
        </div>
        <label class="field"
          ><span>Model</span
          ><select
            @change=${(event: Event) => {
              this.model = (event.target as HTMLSelectElement).value;
              this.#wished = true;
              void this.play();
            }}
          >
            <option value="" ?selected=${this.model === ''}>the best so far, anew each episode</option>
            ${this.models
              .filter(({ path }) => path.includes('/'))
              .map(({ path }) => html`<option value=${path} ?selected=${path === this.model}>${file(path)}</option>`)}
          </select></label
        >
        ${this.models.length === 0 ? html`<p class="muted">The run has no model yet: the first one comes with its first episodes.</p>` : nothing}
        ${this.failure === '' ? nothing : html`<p class="bad" role="alert">${this.failure}</p>`}
        ${
          head === undefined
            ? nothing
            : html`<dl class="facts">
                <dt>Episode</dt>
                <dd>${count(head.episode ?? null)}</dd>
                <dt>Step</dt>
                <dd>${count(head.step ?? null)}</dd>
                <dt>Reward</dt>
                <dd>${reward(head.reward ?? null)}</dd>
                <dt>Mean</dt>
                <dd>${reward(head.mean ?? null)}</dd>
                <dt>Action</dt>
                <dd>${head.action ?? '–'}</dd>
                <dt>File</dt>
                <dd>${file(head.model)}</dd>
              </dl>`
        }
      </div>
    </div>`;
  }
}

customElements.define('board-player', BoardPlayer);

declare global {
  interface HTMLElementTagNameMap {
    'board-player': BoardPlayer;
  }
}
