import { html, LitElement, nothing, type TemplateResult } from 'lit';
import { repeat } from 'lit/directives/repeat.js';
import { printable } from '../../core/printable.ts';
import type { BellmanCurves } from '../elements/curves/bellman-curves.ts';
import type { CurveGroup, CurveRun } from '../elements/curves/curve-data.ts';
import '../elements/curves/bellman-curves.ts';
import { controls } from '../elements/shared/controls.ts';
import { coloursOf, onThemeChange, theme } from '../elements/shared/theme.ts';
import { BoardClient } from './board-client.ts';
import './board-compare.ts';
import './board-run.ts';
import './board-start.ts';
import { colouring } from './colouring.ts';
import { AXES, CurveCache } from './curve-cache.ts';
import { type BoardGroup, groupRuns, searchGroups } from './group-runs.ts';
import type { BoardFacts, BoardRun, MachineLoad, RunsMessage } from './messages.ts';
import { ago, bytes, count, progress, reward, speed, stateWords, timeLeft } from './run-words.ts';
import { styles } from './styles.ts';
import { tabs } from './tabs.ts';

/** Groups whose curves are drawn before anything is ticked. */
const FIRST_GROUPS = 5;
/** What is drawn before anything is chosen, the first that all drawn runs log. */
const USUAL: readonly string[] = ['reward_mean', 'reward', 'eval_reward', 'training_reward', 'loss'];
const EMPTY = new Float64Array(0);
/** Pixels up to which list and details stand below each other, as in the styles. */
const NARROW = 820;
const TABS = ['Curves', 'Settings compared'] as const;

/** `<bellman-board>`: the page of `bellman ui`. */
class BellmanBoard extends LitElement {
  static override properties = {
    facts: { state: true },
    failure: { state: true },
    lost: { state: true },
    notice: { state: true },
    machine: { state: true },
    search: { state: true },
    chosen: { state: true },
    tab: { state: true },
    reading: { state: true },
    now: { state: true },
  };
  static override styles = [theme, controls, styles];
  declare facts: BoardFacts | undefined;
  declare failure: string;
  declare lost: boolean;
  /** What has happened to the run that was looked at; empty once another is chosen. */
  declare notice: string;
  declare machine: MachineLoad | undefined;
  declare search: string;
  /** Id of the run that is looked at. */
  declare chosen: string;
  declare tab: (typeof TABS)[number];
  /** Share of the logs that is here; undefined when nothing is read. */
  declare reading: number | undefined;
  /** Milliseconds since 1970, for ages. */
  declare now: number;

  readonly #client = BoardClient.fromPage();
  readonly #cache = new CurveCache((request) => this.#client.curves(request));
  readonly #runs = new Map<string, BoardRun>();
  #groups: readonly BoardGroup[] = [];
  /** Ids of runs whose curves are drawn; undefined until the list is there. */
  #ticked: Set<string> | undefined;
  readonly #unfolded = new Set<string>();
  #curveGroups: readonly CurveGroup[] = [];
  /** Numbers of colours by the keys of groups that are drawn. */
  readonly #colours = new Map<string, number>();
  #metric = '';
  #updating = false;
  #again = false;
  readonly #end = new AbortController();
  #endTheme: (() => void) | undefined;
  #clock: ReturnType<typeof setInterval> | undefined;
  #watchMetric: MutationObserver | undefined;

  constructor() {
    super();
    this.failure = '';
    this.lost = false;
    this.notice = '';
    this.search = '';
    this.chosen = '';
    this.tab = 'Curves';
    this.now = Date.now();
  }

  override connectedCallback(): void {
    super.connectedCallback();
    this.#endTheme = onThemeChange(() => this.#drawCurves(new Set(this.#runs.keys())));
    this.#clock = setInterval(() => {
      this.now = Date.now();
    }, 5000);
    this.addEventListener('board-started', this.#started);
    void this.#listen();
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#end.abort();
    this.#endTheme?.();
    clearInterval(this.#clock);
    this.#watchMetric?.disconnect();
  }

  async #listen(): Promise<void> {
    await this.#client.listen(
      {
        event: (name, data) => {
          if (name === 'runs') this.#takeRuns(data as RunsMessage);
          else if (name === 'machine') this.machine = data as MachineLoad;
        },
        connection: (state, refused) => {
          this.lost = state === 'lost';
          if (refused !== undefined) this.failure = refused;
          if (state === 'open') void this.#readFacts();
        },
      },
      this.#end.signal,
    );
  }

  async #readFacts(): Promise<void> {
    try {
      this.facts = await this.#client.facts();
      document.title = `${this.facts.folder} · bellman`;
    } catch (error) {
      this.failure = (error as Error).message;
    }
  }

  #takeRuns({ all, runs, gone }: RunsMessage): void {
    if (all) this.#runs.clear();
    for (const run of runs) this.#runs.set(run.id, run);
    for (const id of gone) {
      this.#runs.delete(id);
      this.#ticked?.delete(id);
      this.#cache.forget(id);
    }
    this.#groups = groupRuns([...this.#runs.values()]);
    if (this.#ticked === undefined && this.#groups.length > 0) {
      // Rewards of one environment go into one picture.
      const env = this.#groups[0]!.runs[0]!.env;
      const alike = this.#groups.filter((group) => group.runs[0]!.env === env).slice(0, FIRST_GROUPS);
      this.#ticked = new Set(alike.flatMap((group) => group.runs.map(({ id }) => id)));
    }
    if (!this.#runs.has(this.chosen)) {
      if (this.chosen !== '') this.notice = `${this.chosen} is not in the folder any more.`;
      const runs = this.#groups[0]?.runs ?? [];
      this.chosen = (runs.find(({ state }) => state === 'running') ?? runs[0])?.id ?? '';
    }
    this.requestUpdate();
    if (gone.length > 0 || all) this.#drawCurves(new Set(gone));
    void this.#updateCurves();
  }

  // Curves

  get #drawn(): readonly BoardGroup[] {
    const ticked = this.#ticked ?? new Set();
    return this.#groups.flatMap((group) => {
      const runs = group.runs.filter(({ id, state }) => ticked.has(id) && state !== 'damaged');
      return runs.length === 0 ? [] : [{ ...group, runs }];
    });
  }

  /** Names of what the drawn runs log, the usual ones first. */
  get #metrics(): readonly string[] {
    const names = new Set(this.#drawn.flatMap(({ runs }) => runs.flatMap(({ metrics }) => metrics)));
    // What curves are drawn over comes with each of them.
    for (const axis of AXES) names.delete(axis);
    return [...names];
  }

  #wantedMetric(): string {
    const names = this.#metrics;
    if (names.includes(this.#metric)) return this.#metric;
    const logs = this.#drawn
      .flatMap(({ runs }) => runs.map(({ metrics }) => metrics))
      .filter(({ length }) => length > 0);
    const everyone = USUAL.find((name) => logs.every((own) => own.includes(name)));
    return everyone ?? USUAL.find((name) => names.includes(name)) ?? names[0] ?? '';
  }

  async #updateCurves(): Promise<void> {
    if (this.#updating) {
      this.#again = true;
      return;
    }
    this.#updating = true;
    try {
      do {
        this.#again = false;
        await this.#cache.update(
          () => {
            const metric = this.#wantedMetric();
            const runs = metric === '' ? [] : this.#drawn.flatMap((group) => group.runs);
            return { metric, logged: new Map(runs.map(({ id, logged }) => [id, logged])) };
          },
          (changed) => {
            this.#drawCurves(changed);
            this.#sayReading();
          },
        );
        this.#sayReading();
      } while (this.#again);
    } catch {
      // The connection: said at the top, and all is asked for again when it is back.
    } finally {
      this.#updating = false;
    }
  }

  #sayReading(): void {
    const runs = this.#drawn.flatMap((group) => group.runs);
    let [read, size] = [0, 0];
    for (const { id, logged } of runs) {
      read += Math.min(logged, this.#cache.state(id)?.read ?? 0);
      size += logged;
    }
    this.reading = size - read > 1e6 && size > 0 ? read / size : undefined;
  }

  /** Makes the element's groups anew, of which those stay as they are whose runs have not changed. */
  #drawCurves(changed: ReadonlySet<string>): void {
    const series = coloursOf(this).series;
    this.#giveColours();
    const before = new Map(this.#curveGroups.map((group) => [group.name, group]));
    const metrics = this.#metrics;
    const drawn = this.#drawn.toSorted((a, b) => this.#colours.get(a.key)! - this.#colours.get(b.key)!);
    this.#curveGroups = drawn.map(({ key, name, runs }): CurveGroup => {
      const old = before.get(name);
      const colour = series[this.#colours.get(key)! % series.length];
      const oldRuns = new Map(old?.runs.map((run) => [run.name, run]));
      const made = runs.map((run): CurveRun => {
        const known = oldRuns.get(run.id);
        if (known !== undefined && !changed.has(run.id)) return known;
        const columns: Record<string, ArrayLike<number>> = Object.fromEntries(metrics.map((metric) => [metric, EMPTY]));
        return { name: run.id, columns: { ...columns, ...this.#cache.columns(run.id) } };
      });
      const isSame =
        old?.colour === colour && old?.runs.length === made.length && made.every((run, at) => run === old.runs[at]);
      return isSame && old !== undefined ? old : { name, ...(colour === undefined ? {} : { colour }), runs: made };
    });
    this.requestUpdate();
  }

  /** A group has its colour as long as it is drawn, wherever it stands in the list. */
  #giveColours(): void {
    const keys = this.#drawn.map(({ key }) => key);
    for (const key of this.#colours.keys()) if (!keys.includes(key)) this.#colours.delete(key);
    for (const key of keys) {
      if (this.#colours.has(key)) continue;
      const used = new Set(this.#colours.values());
      let free = 0;
      while (used.has(free)) free++;
      this.#colours.set(key, free);
    }
    // Beyond the colours there are, curves are told apart by dashes, which count by places.
    if (keys.length <= coloursOf(this).series.length) return;
    const inOrder = [...this.#colours].sort(([, a], [, b]) => a - b);
    inOrder.forEach(([key], i) => void this.#colours.set(key, i));
  }

  override updated(): void {
    const curves = this.renderRoot.querySelector<BellmanCurves>('bellman-curves');
    if (curves === null || this.#watchMetric !== undefined) return;
    // Its menu writes what was chosen into the attribute.
    this.#watchMetric = new MutationObserver(() => {
      if (curves.metric === '' || curves.metric === this.#metric) return;
      this.#metric = curves.metric;
      void this.#updateCurves();
    });
    this.#watchMetric.observe(curves, { attributeFilter: ['metric'] });
  }

  // The list

  #tick(ids: readonly string[], on: boolean): void {
    this.#ticked ??= new Set();
    for (const id of ids) {
      if (on) this.#ticked.add(id);
      else this.#ticked.delete(id);
    }
    this.#drawCurves(new Set());
    void this.#updateCurves();
  }

  /** Shows a run; where the page is narrow it stands far below the list. */
  #choose(id: string): void {
    this.chosen = id;
    this.notice = '';
    if (this.clientWidth > NARROW) return;
    void this.updateComplete.then(() => this.renderRoot.querySelector('board-run')?.scrollIntoView({ block: 'start' }));
  }

  readonly #started = (event: CustomEvent<string>): void => {
    const id = event.detail;
    // Its runs may be a moment later in the list.
    const show = (): void => {
      const ids = [...this.#runs.keys()].filter((name) => name === id || name.startsWith(`${id}/`));
      if (ids.length === 0) return;
      clearInterval(timer);
      this.chosen = ids[0]!;
      this.#tick(ids, true);
    };
    const timer = setInterval(show, 200);
    setTimeout(() => clearInterval(timer), 15_000);
  };

  override render(): TemplateResult {
    return html`<header class="top">
        <div class="brand">
          <svg viewBox="0 0 16 16" aria-hidden="true">
            <rect width="16" height="16" rx="4" fill="var(--accent)" />
            <path d="M3 12l3-4 3 2 4-6" fill="none" stroke="var(--on-accent)" stroke-width="1.8" stroke-linecap="round" stroke-linejoin="round" />
          </svg>
          <h1 class="visually-hidden">bellman board</h1>
          <span aria-hidden="true">bellman</span>
        </div>
        <span class="folder">${this.facts?.folder ?? ''}</span>
        <span class="grow"></span>
        ${this.#meters()}
        ${
          this.facts === undefined || this.facts.readOnly !== null
            ? nothing
            : html`<button class="primary" @click=${() => this.renderRoot.querySelector('board-start')?.open()}>Start a training</button>`
        }
      </header>
      <div role="status">${this.#connection()}</div>
      ${this.facts === undefined ? nothing : this.#page(this.facts)}
      <board-start .client=${this.#client}></board-start>`;
  }

  #connection(): TemplateResult | typeof nothing {
    if (this.failure !== '') return html`<p class="lost">${this.failure}</p>`;
    if (this.lost)
      return html`<p class="lost">The connection to the board is lost. Trying again; what is shown is the last that was known.</p>`;
    if (this.notice !== '') return html`<p class="lost">${this.notice}</p>`;
    return nothing;
  }

  #meters(): TemplateResult | typeof nothing {
    if (this.machine === undefined) return nothing;
    const { busy, cores, memory, memoryUsed, diskFree } = this.machine;
    const percent = Math.round(100 * busy);
    return html`<div class="meters">
      <span class="meter" title="Processor, ${cores} cores"
        >CPU <meter max="1" .value=${busy} aria-label="Processor">${percent} %</meter> ${String(percent).padStart(2, '\u2007')} %</span
      >
      <span class="meter" title="Memory in use of ${bytes(memory)}"
        >Memory <meter max="1" .value=${memoryUsed / memory} aria-label="Memory"></meter> ${bytes(memoryUsed)}</span
      >
      ${diskFree === null ? nothing : html`<span class="meter" title="Left on the disk of the runs">Disk ${bytes(diskFree)} free</span>`}
    </div>`;
  }

  #page(facts: BoardFacts): TemplateResult {
    if (this.#runs.size === 0) {
      return html`<div class="empty">
        <h2>No runs in ${facts.folder} yet</h2>
        <p class="muted">Start a training here, or in a terminal: <code>${facts.program} train dqn-cart-pole</code></p>
        <p class="muted">It appears by itself.</p>
      </div>`;
    }
    const run = this.#runs.get(this.chosen);
    const nothingYet = this.#nothingYet;
    return html`<div class="frame">
      ${this.#list()}
      <main>
        <section class="card" aria-label="Curves and settings of the ticked runs">
          ${tabs({
            label: 'What is shown of the ticked runs',
            values: TABS,
            value: this.tab,
            panel: 'top-panel',
            onChange: (tab) => {
              this.tab = tab;
            },
          })}
          <div id="top-panel" role="tabpanel" aria-labelledby="top-panel-tab">
            <bellman-curves
              ?hidden=${this.tab !== 'Curves' || nothingYet !== undefined}
              .groups=${this.#curveGroups}
              .levels=${this.#levels}
              .metric=${this.#metric || this.#wantedMetric()}
              smoothing="0"
            ></bellman-curves>
            ${
              this.reading === undefined || this.tab !== 'Curves'
                ? nothing
                : html`<p class="reading">Reading the logs: ${Math.floor(100 * this.reading)} %</p>`
            }
            ${
              this.tab === 'Curves'
                ? (nothingYet ?? this.#thinned())
                : html`<div class="panel"><board-compare .client=${this.#client} .groups=${this.#drawn}></board-compare></div>`
            }
          </div>
        </section>
        ${run === undefined ? nothing : html`<board-run .client=${this.#client} .facts=${facts} .run=${run}></board-run>`}
      </main>
    </div>`;
  }

  /** What stands in the place of curves where there are none. */
  get #nothingYet(): TemplateResult | undefined {
    const drawn = this.#drawn.flatMap(({ runs }) => runs);
    if (drawn.some(({ metrics }) => metrics.length > 0)) return undefined;
    const [title, text] =
      drawn.length === 0
        ? ['No run is ticked', 'Tick runs in the list: their curves stand here in one picture, seeds as a band.']
        : [
            'Nothing is logged yet',
            'The first line comes with the end of the first episode, which in some games takes minutes.',
          ];
    return html`<div class="empty"><h2>${title}</h2><p class="muted">${text}</p></div>`;
  }

  /** The bound, where all that is drawn has the same. */
  get #levels(): BellmanCurves['levels'] {
    const metric = this.#wantedMetric();
    if (!['reward_mean', 'reward', 'eval_reward'].includes(metric)) return NO_LEVELS;
    const logging = this.#drawn.flatMap(({ runs }) => runs.filter(({ metrics }) => metrics.includes(metric)));
    const bounds = new Set(logging.map(({ bound }) => bound));
    const [bound] = bounds;
    if (bounds.size !== 1 || bound === null || bound === undefined) return NO_LEVELS;
    if (this.#level[0]?.value !== bound) this.#level = [{ value: bound, label: `solved above ${reward(bound)}` }];
    return this.#level;
  }
  #level: BellmanCurves['levels'] = NO_LEVELS;

  #thinned(): TemplateResult | typeof nothing {
    const states = this.#drawn.flatMap(({ runs }) => runs.flatMap(({ id }) => this.#cache.state(id) ?? []));
    const most = states.reduce((lines, { linesPerRow }) => Math.max(lines, linesPerRow), 1);
    const damaged = states.reduce((sum, state) => sum + state.damaged, 0);
    const metric = this.#wantedMetric();
    const without = this.#drawn
      .filter(({ runs }) => runs.every(({ metrics }) => metrics.length > 0 && !metrics.includes(metric)))
      .map(({ name }) => name);
    const parts = [
      without.length === 0
        ? ''
        : `${without.slice(0, 3).join(', ')}${without.length > 3 ? ` and ${without.length - 3} more` : ''} ${without.length === 1 ? 'does' : 'do'} not log ${metric}.`,
      most > 1 ? `Long runs: each point is the mean of ${most} lines of the log.` : '',
      damaged > 0 ? `${count(damaged)} damaged ${damaged === 1 ? 'line was' : 'lines were'} left out.` : '',
    ].filter(Boolean);
    return parts.length === 0 ? nothing : html`<p class="reading">${parts.join(' ')}</p>`;
  }

  #list(): TemplateResult {
    const shown = searchGroups(this.#groups, this.search);
    const ids = shown.flatMap(({ runs }) => runs.map(({ id }) => id));
    const running = [...this.#runs.values()].filter(({ state }) => state === 'running').length;
    const all = `${count(this.#runs.size)} ${this.#runs.size === 1 ? 'run' : 'runs'}`;
    return html`<nav class="list" aria-label="Runs">
      <div class="head">
        <input
          type="text"
          placeholder="Search runs"
          aria-label="Search runs"
          .value=${this.search}
          @input=${(event: Event) => {
            this.search = (event.target as HTMLInputElement).value;
          }}
        />
        <div class="listline">
          <span class="number" role="status">${ids.length < this.#runs.size ? `${count(ids.length)} of ` : ''}${all}${running > 0 ? `, ${running} running` : ''}</span>
          <span class="grow"></span>
          <button class="quiet" @click=${() => this.#tick(ids, true)} title="Draw the curves of all that are listed">Tick all</button>
          <button class="quiet" @click=${() => this.#tick([...this.#runs.keys()], false)}>None</button>
        </div>
      </div>
      <div class="scroll">
        ${shown.length === 0 ? html`<p class="none muted">No run has these words.</p>` : nothing}
        <ul class="groups">
          ${repeat(
            shown,
            ({ key }) => key,
            (group) => this.#groupRow(group),
          )}
        </ul>
      </div>
    </nav>`;
  }

  #colour(name: string): string {
    return this.#curveGroups.find((group) => group.name === name)?.colour ?? '';
  }

  #groupRow(group: BoardGroup): TemplateResult {
    const { key, name, runs } = group;
    const [first] = runs;
    if (runs.length === 1) return html`<li class="group">${this.#row(first!, name, name)}</li>`;
    const ids = runs.map(({ id }) => id);
    const ticked = ids.filter((id) => this.#ticked?.has(id)).length;
    const open = this.#unfolded.has(key) || this.search !== '';
    const running = runs.filter(({ state }) => state === 'running');
    const scores = runs.flatMap(({ score }) => score ?? []);
    const mean = scores.length === 0 ? null : scores.reduce((sum, score) => sum + score, 0) / scores.length;
    const states = [...new Set(runs.map(({ state }) => state))];
    const [state] = states;
    const toggle = (): void => {
      if (!this.#unfolded.delete(key)) this.#unfolded.add(key);
      this.requestUpdate();
    };
    return html`<li class="group">
      <div class="row ${!open && ids.includes(this.chosen) ? 'chosen' : ''}">
        ${this.#box(name, ids, ticked, name)}
        <button class="split" aria-pressed=${ids.includes(this.chosen) ? 'true' : 'false'} @click=${() => {
          this.#choose(ids.includes(this.chosen) ? this.chosen : (running[0] ?? first!).id);
        }}>
          <span class="name"><b title=${printable(name)}>${printable(name)}</b><span class="score" title="Mean of the best rewards">${reward(mean)}</span></span>
          <span class="facts"
            ><span>${states.length === 1 ? html`<span class="state ${state!}">${stateWords[state!][0]}</span>` : running.length > 0 ? html`<span class="state running">${running.length} running</span>` : html`<span class="state">${states.map((one) => stateWords[one][0]).join(', ')}</span>`}</span
            ><span>${runs.length} seeds</span></span
          >
        </button>
        <button class="unfold" aria-expanded=${open ? 'true' : 'false'} aria-label="Seeds of ${name}" @click=${toggle}>${open ? '▾' : '▸'}</button>
      </div>
      ${open ? html`<ul class="runs">${runs.map((run) => html`<li>${this.#row(run, run.seed === null ? run.id : `seed ${run.seed}`, name)}</li>`)}</ul>` : nothing}
    </li>`;
  }

  #box(label: string, ids: readonly string[], ticked: number, group: string): TemplateResult {
    return html`<label
      ><input
        type="checkbox"
        aria-label="Draw ${label}"
        .checked=${ticked === ids.length}
        .indeterminate=${ticked > 0 && ticked < ids.length}
        ${colouring(this.#colour(group))}
        @change=${(event: Event) => this.#tick(ids, (event.target as HTMLInputElement).checked)}
    /></label>`;
  }

  #row(run: BoardRun, name: string, group: string): TemplateResult {
    const { id, state, score, step, speed: pace, changed } = run;
    const share = state === 'running' ? progress(run) : undefined;
    const left = timeLeft(run);
    const facts =
      state === 'running'
        ? [pace === null ? undefined : speed(pace), left].filter((fact) => fact !== undefined).join(' · ')
        : `${count(step)} ${run.unit ?? 'steps'} · ${ago(changed, this.now)}`;
    return html`<div class="row ${id === this.chosen ? 'chosen' : ''}">
      ${this.#box(name, [id], this.#ticked?.has(id) ? 1 : 0, group)}
      <button
        aria-pressed=${id === this.chosen ? 'true' : 'false'}
        @click=${() => this.#choose(id)}
      >
        <span class="name"><b title=${printable(id)}>${printable(name)}</b><span class="score" title="Best reward">${reward(score)}</span></span>
        <span class="facts"><span class="state ${state}">${stateWords[state][0]}</span><span>${facts}</span></span>
        ${share === undefined ? nothing : html`<progress max="1" .value=${share} aria-label="Progress of ${name}"></progress>`}
      </button>
    </div>`;
  }
}

const NO_LEVELS: BellmanCurves['levels'] = [];

customElements.define('bellman-board', BellmanBoard);
