import { html, LitElement, nothing, type PropertyValues, type TemplateResult } from 'lit';
import { repeat } from 'lit/directives/repeat.js';
import { printable } from '../../core/printable.ts';
import { shellWord } from '../../core/shell-word.ts';
import { controls } from '../elements/shared/controls.ts';
import { theme } from '../elements/shared/theme.ts';
import type { BoardClient } from './board-client.ts';
import './board-player.ts';
import type { BoardFacts, BoardRun, RunDetails, RunFile } from './messages.ts';
import { bytes, count, progress, reward, speed, stateWords, timeLeft } from './run-words.ts';
import { styles } from './styles.ts';
import { tabs } from './tabs.ts';

const TABS = ['Overview', 'Watch', 'Values', 'Settings', 'Log', 'Files'] as const;
type Tab = (typeof TABS)[number];
/** A run that trains changes many times a second; its details are read anew this often. */
const READ_MS = 1500;

/** `<board-run>`: all that is known of one run, and what can be done with it. */
export class BoardRunView extends LitElement {
  static override properties = {
    client: { attribute: false },
    facts: { attribute: false },
    run: { attribute: false },
    tab: { state: true },
    details: { state: true },
    failure: { state: true },
    pictures: { state: true },
    video: { state: true },
    busy: { state: true },
  };
  static override styles = [theme, controls, styles];
  declare client: BoardClient;
  declare facts: BoardFacts;
  declare run: BoardRun;
  declare tab: Tab;
  declare details: RunDetails | undefined;
  declare failure: string;
  /** Tables as pictures, or why there are none. */
  declare pictures: readonly { readonly title: string; readonly address: string }[] | string | undefined;
  declare video: { readonly path: string; readonly address: string } | undefined;
  declare busy: boolean;
  #readAt = 0;
  #timer: ReturnType<typeof setTimeout> | undefined;
  /** What is shown of files, to be let go. */
  readonly #addresses: string[] = [];
  /** The score that the pictures are of. */
  #pictured: number | null | undefined;

  constructor() {
    super();
    this.tab = 'Overview';
    this.failure = '';
    this.busy = false;
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    clearTimeout(this.#timer);
    this.#forget();
  }

  override willUpdate(changed: PropertyValues<this>): void {
    const before = changed.get('run');
    if (!changed.has('run')) return;
    if (before?.id !== this.run.id) {
      this.details = undefined;
      this.failure = '';
      this.#forget();
      if (!this.#tabs.includes(this.tab)) this.tab = 'Overview';
      void this.#read();
    } else if (before.changed !== this.run.changed || before.state !== this.run.state) this.#readSoon();
  }

  override updated(): void {
    if (this.tab === 'Values' && this.#pictured !== this.run.score) void this.#draw();
    const log = this.renderRoot.querySelector('pre.log');
    if (log !== null && !this.#scrolledBack) log.scrollTop = log.scrollHeight;
  }
  #scrolledBack = false;

  #forget(): void {
    for (const address of this.#addresses.splice(0)) URL.revokeObjectURL(address);
    this.pictures = undefined;
    this.video = undefined;
    this.#pictured = undefined;
    this.#scrolledBack = false;
  }

  #readSoon(): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => void this.#read(), Math.max(0, this.#readAt + READ_MS - Date.now()));
  }

  async #read(): Promise<void> {
    this.#readAt = Date.now();
    const { id, state } = this.run;
    if (state === 'damaged') return;
    try {
      const details = await this.client.details(id);
      if (id === this.run.id) this.details = details;
    } catch (error) {
      if (id === this.run.id) this.failure = (error as Error).message;
    }
  }

  get #files(): readonly RunFile[] {
    return this.details?.files ?? [];
  }

  get #tabs(): readonly Tab[] {
    const hasTable = this.#files.some(({ path }) => path === 'best-table.json');
    return TABS.filter((tab) => tab !== 'Values' || hasTable || this.tab === 'Values');
  }

  /** Draws the table of the best model anew. */
  async #draw(): Promise<void> {
    const { id, score } = this.run;
    this.#pictured = score;
    try {
      const tables = await this.client.tables(id);
      if (id !== this.run.id) return;
      const address = (svg: string): string => {
        // As a picture, in which nothing runs.
        const made = URL.createObjectURL(new Blob([svg], { type: 'image/svg+xml' }));
        this.#addresses.push(made);
        return made;
      };
      this.pictures =
        tables.length === 0
          ? 'The states of this environment are no grid: there is nothing to draw.'
          : tables.map(({ title, svg }) => ({ title, address: address(svg) }));
    } catch (error) {
      if (id === this.run.id) this.pictures = (error as Error).message;
    }
  }

  async #change(what: 'stop' | 'resume'): Promise<void> {
    this.busy = true;
    this.failure = '';
    try {
      await this.client.change(what, this.run.id);
    } catch (error) {
      this.failure = (error as Error).message;
    } finally {
      this.busy = false;
    }
  }

  async #show(path: string): Promise<void> {
    try {
      const address = URL.createObjectURL(await this.client.file(this.run.id, path));
      this.#addresses.push(address);
      this.video = { path, address };
    } catch (error) {
      this.failure = (error as Error).message;
    }
  }

  async #save(path: string): Promise<void> {
    try {
      const address = URL.createObjectURL(await this.client.file(this.run.id, path));
      const link = Object.assign(document.createElement('a'), {
        href: address,
        download: printable(path.split('/').at(-1)!),
      });
      link.click();
      setTimeout(() => URL.revokeObjectURL(address), 60_000);
    } catch (error) {
      this.failure = (error as Error).message;
    }
  }

  override render(): TemplateResult {
    const { run } = this;
    const [word, meaning] = stateWords[run.state];
    const isOver = ['failed', 'damaged'].includes(run.state);
    return html`<section class="card" aria-label="Run ${run.id}">
      <div class="title">
        <div class="grow">
          <h2>${printable(run.id)}</h2>
          <p>${[run.recipe, run.env, run.seed === null ? undefined : `seed ${run.seed}`].filter(Boolean).join(' · ')}</p>
        </div>
        <span class="state ${run.state}" title=${meaning}>${word}</span>
        ${this.#buttons()}
      </div>
      ${run.message === null ? nothing : html`<p class="message ${isOver ? 'bad' : ''}">${run.message}</p>`}
      ${this.failure === '' ? nothing : html`<p class="message bad" role="alert">${this.failure}</p>`}
      ${run.state === 'damaged' ? nothing : this.#body()}
    </section>`;
  }

  #buttons(): TemplateResult | typeof nothing {
    const { state } = this.run;
    if (this.facts.readOnly !== null) return nothing;
    const runs = state === 'running';
    if (!runs && !['stopped', 'killed', 'failed'].includes(state)) return nothing;
    const [word, busy] = runs ? ['Stop and save', 'Stopping …'] : ['Resume', 'Resuming …'];
    // One button for both, so that the keyboard's place is not lost with it; disabled it would be lost as well.
    return html`<button
      class=${runs ? '' : 'primary'}
      aria-disabled=${this.busy ? 'true' : 'false'}
      @click=${() => {
        if (!this.busy) void this.#change(runs ? 'stop' : 'resume');
      }}
    >
      ${this.busy ? busy : word}
    </button>`;
  }

  #body(): TemplateResult {
    return html`${tabs({
      label: 'What is shown of the run',
      values: this.#tabs,
      value: this.tab,
      panel: 'run-panel',
      onChange: (tab) => {
        this.tab = tab;
      },
    })}
      <div class="panel" id="run-panel" role="tabpanel" aria-labelledby="run-panel-tab" tabindex="0">${this.#panel()}</div>`;
  }

  #panel(): TemplateResult {
    if (this.tab === 'Overview') return this.#overview();
    if (this.details === undefined) return html`<p class="muted">Reading …</p>`;
    switch (this.tab) {
      case 'Watch':
        return this.#watch();
      case 'Values':
        return this.#values();
      case 'Settings':
        return this.#settings(this.details);
      case 'Log':
        return this.#log(this.details);
      case 'Files':
        return this.#fileTable();
    }
  }

  #overview(): TemplateResult {
    const { run } = this;
    const share = progress(run);
    const left = timeLeft(run);
    const tile = (name: string, value: string, more?: string): TemplateResult =>
      html`<div class="tile"><dt>${name}</dt><dd>${value}${more === undefined ? nothing : html`<small>${more}</small>`}</dd></div>`;
    const unit = run.unit ?? 'steps';
    return html`<dl class="tiles">
        ${tile('Best reward', reward(run.score), run.bound === null ? undefined : `solved above ${reward(run.bound)}`)}
        ${run.reward === null ? nothing : tile('Reward now', reward(run.reward))}
        ${tile(unit[0]!.toUpperCase() + unit.slice(1), count(run.step), run.maxSteps === null ? undefined : `of ${count(run.maxSteps)} at most`)}
        ${run.speed === null ? nothing : tile('Speed', speed(run.speed))}
        ${left === undefined ? nothing : tile('Time left', left.replace(/ left$/, ''))}
      </dl>
      ${
        run.state === 'running' && share !== undefined
          ? html`<progress max="1" .value=${share} aria-label="Progress"></progress>`
          : nothing
      }
      ${this.#hint()}`;
  }

  #hint(): TemplateResult | typeof nothing {
    const { state, id } = this.run;
    const { folder } = this.facts;
    // The watched folder may be the run itself.
    const path = folder.split(/[\\/]/).at(-1) === id ? folder : `${folder}/${id}`;
    const command = ['stopped', 'killed', 'failed'].includes(state) ? 'train --resume' : 'play';
    // It will be copied: a folder's name must not become a command.
    return html`<p class="muted">In a terminal: <code>${this.facts.program} ${command} ${shellWord(printable(path))}</code></p>`;
  }

  #watch(): TemplateResult {
    const models = this.#files.filter(({ kind }) => kind === 'model');
    const videos = this.#files.filter(({ kind }) => kind === 'video');
    return html`<board-player .client=${this.client} .run=${this.run.id} .models=${models}></board-player>
      ${
        videos.length === 0
          ? nothing
          : html`<h3>Films</h3>
              <div class="toolbar">
                ${videos.map(
                  ({ path, step }) =>
                    html`<button aria-pressed=${this.video?.path === path ? 'true' : 'false'} @click=${() => this.#show(path)}>
                      ${step === null ? path.split('/').at(-1) : `step ${count(step)}`}
                    </button>`,
                )}
              </div>
              ${this.#film()}`
      }`;
  }

  #film(): TemplateResult | typeof nothing {
    if (this.video === undefined) return nothing;
    const { path, address } = this.video;
    return html`<figure>
      ${path.endsWith('.gif') ? html`<img src=${address} alt="Film ${path}" />` : html`<video src=${address} controls autoplay muted loop></video>`}
      <figcaption class="muted">${path}</figcaption>
    </figure>`;
  }

  #values(): TemplateResult {
    if (this.pictures === undefined) return html`<p class="muted">Drawing …</p>`;
    if (typeof this.pictures === 'string') return html`<p class="muted">${this.pictures}</p>`;
    return html`<div class="pictures">
      ${this.pictures.map(({ title, address }) => html`<figure><h3>${title}</h3><img src=${address} alt="${title} of the best table" /></figure>`)}
    </div>`;
  }

  #settings({ values, facts }: RunDetails): TemplateResult {
    return html`<div class="wide">
      <table>
        <thead><tr><th scope="col">Setting</th><th scope="col">Value</th><th scope="col">Where it comes from</th></tr></thead>
        <tbody>
          ${values.map(
            ({ place, value, source }) =>
              html`<tr><th scope="row">${place}</th><td class="value">${value}</td><td class="source">${source}</td></tr>`,
          )}
          ${facts.map(([name, text]) => html`<tr><th scope="row">${name}</th><td class="value" colspan="2">${text}</td></tr>`)}
        </tbody>
      </table>
    </div>`;
  }

  #log({ lines }: RunDetails): TemplateResult {
    if (lines.length === 0) return html`<p class="muted">Nothing has been said yet.</p>`;
    const scrolled = ({ target }: Event): void => {
      const { scrollTop, scrollHeight, clientHeight } = target as HTMLElement;
      this.#scrolledBack = scrollHeight - scrollTop - clientHeight > 40;
    };
    return html`<pre class="log" tabindex="0" aria-label="Lines of the training" @scroll=${scrolled}>${lines.map(
      (line) => {
        const [, time, text] = /^(\d{4}-\S+Z) (.*)$/.exec(line) ?? [];
        return time === undefined
          ? html`${line}\n`
          : html`<time datetime=${time}>${new Date(time).toLocaleTimeString('en-GB')}</time>  ${text}\n`;
      },
    )}</pre>`;
  }

  #fileTable(): TemplateResult {
    return html`<div class="wide">
      <table>
        <thead><tr><th scope="col">File</th><th scope="col">Size</th><th scope="col">Changed</th><th scope="col"><span class="visually-hidden">Save</span></th></tr></thead>
        <tbody>
          ${repeat(
            this.#files,
            ({ path }) => path,
            ({ path, bytes: size, changed }) =>
              html`<tr>
                <th scope="row">${printable(path)}</th>
                <td class="value">${bytes(size)}</td>
                <td>${new Date(changed).toLocaleString('en-GB')}</td>
                <td><button class="quiet" aria-label="Save ${path}" @click=${() => this.#save(path)}>Save</button></td>
              </tr>`,
          )}
        </tbody>
      </table>
    </div>`;
  }
}

customElements.define('board-run', BoardRunView);

declare global {
  interface HTMLElementTagNameMap {
    'board-run': BoardRunView;
  }
}
