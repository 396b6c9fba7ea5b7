import { html, LitElement, type PropertyValues, type TemplateResult } from 'lit';
import { generateRandomMap } from '../../../envs/toy-text/lake-map.ts';
import { fitCanvas } from '../shared/canvas.ts';
import { controls, segments } from '../shared/controls.ts';
import { FrameLoop } from '../shared/frame-loop.ts';
import { onceGone } from '../shared/once-gone.ts';
import { coloursOf, isDark, onThemeChange, theme } from '../shared/theme.ts';
import { formulaOf } from './account.ts';
import { type CurveKind, drawCurves } from './curve-drawing.ts';
import { drawGrid, type View, valueText, views } from './grid-drawing.ts';
import { GridGestures } from './grid-gestures.ts';
import { type LabClient, openLab } from './lab-client.ts';
import type { LabMessage } from './lab-server.ts';
import { lakeStyles } from './lake.styles.ts';
import { paint, type Tile, tileNames } from './lake-map.ts';
import { panel } from './lake-panel.ts';
import { LakeSharing, sharedState } from './lake-sharing.ts';
import { sidebar, type Tool } from './lake-sidebar.ts';
import {
  defaults,
  type LakeState,
  type MethodName,
  MOST_METHODS,
  methodTitles,
  readSetting,
  readState,
  slipperyByDefault,
  stateKeys,
  writeState,
} from './lake-state.ts';
import { FIRST_SPEED, SPEEDS, toolbar } from './lake-toolbar.ts';
import { valueTables } from './value-tables.ts';
import { Walk } from './walk.ts';
import { makeWorld, type World } from './world.ts';

/**
 * `<bellman-lake>`: a lake to paint, and methods that learn its values side by side. Attributes `env`, `map`, `slippery`,
 * `success-rate`, `rewards`, `methods`, `gamma`, `alpha`, `epsilon`, `seed`, `view`, `theme` (docs/guide/elements.md).
 */
export interface BellmanLake extends HTMLElement {
  /** Of the element's colours; the system's choice without it. */
  theme: 'light' | 'dark' | '';
  /** What cells show. */
  view: 'values' | 'q' | 'visits';
  /** The world and its settings as text, what has its default left out. Setting it begins anew. */
  state: string;
  /** Whether the methods are learning. */
  readonly running: boolean;
  run(): void;
  pause(): void;
  /** One backup of each planner, one environment step of each learner. */
  step(): void;
  /** Begins anew, with nothing learned. */
  reset(): void;
}

/** Events: the state was changed by its user; the methods have converged. */
export interface BellmanLakeEvents {
  'lake-change': CustomEvent<{ readonly state: string }>;
  'lake-done': CustomEvent<undefined>;
}

declare global {
  interface HTMLElementTagNameMap {
    'bellman-lake': BellmanLake;
  }
}

/** Steps a second of a greedy policy that is watched. */
const WALK_SPEED = 5;
/** Milliseconds between two changes of words and numbers while it runs; pictures change at every report. */
const WORDS_INTERVAL = 250;

class BellmanLakeElement extends LitElement implements BellmanLake {
  static override properties = {
    theme: { reflect: true },
    view: {},
    ...Object.fromEntries(
      ['tool', 'speed', 'cursor', 'looked', 'curveKind', 'arrows'].map((key) => [key, { state: true }] as const),
    ),
  };
  static override styles = [theme, controls, lakeStyles];
  static override get observedAttributes(): string[] {
    // biome-ignore lint/complexity/noThisInStatic: Lit collects them from the class that asks
    return [...super.observedAttributes, ...stateKeys.map(attributeName)];
  }

  declare theme: 'light' | 'dark' | '';
  declare view: View;
  declare tool: Tool;
  declare speed: number;
  declare cursor: number;
  declare looked: number;
  declare curveKind: CurveKind;
  declare arrows: boolean;

  #state: LakeState = defaults;
  #world: World = makeWorld(defaults);
  #grid = 0;
  #lab: LabClient | undefined;
  #report: LabMessage | undefined;
  #running = false;
  #walks: Walk[] | undefined;
  #walkTime = 0;
  #notices: readonly string[] = [];
  #said = '';
  /** Whether the next report is to be said too: it answers a press of a button. */
  #telling = false;
  #wordsAt = 0;
  #frame = 0;
  #restUntil = 0;
  readonly #sharing = new LakeSharing(
    () => this.requestUpdate(),
    (text) => this.#say(text),
  );
  readonly #gestures = new GridGestures({
    root: () => this.renderRoot as ShadowRoot,
    tool: () => (this.#paintable ? this.tool : 'look'),
    cells: () => this.#cells,
    cursor: () => this.cursor,
    moveTo: (cell) => {
      this.cursor = cell;
    },
    look: (cell) => {
      this.looked = this.looked === cell ? -1 : cell;
    },
    paint: (cell, tile) => this.#paint(cell, tile),
  });
  #tablesOpen = false;
  #endThemeWatch: (() => void) | undefined;
  readonly #resizes = new ResizeObserver(() => this.#draw());
  readonly #loop = new FrameLoop(
    this,
    (milliseconds) => this.#walkOn(milliseconds),
    (visible) => this.#applySpeed(visible),
  );

  constructor() {
    super();
    this.theme = '';
    this.view = 'values';
    this.tool = 'look';
    this.speed = FIRST_SPEED;
    this.cursor = 0;
    this.looked = -1;
    this.curveKind = 'score';
    this.arrows = true;
  }

  // The outside.

  get running(): boolean {
    return this.#running;
  }
  get state(): string {
    return writeState(this.#state);
  }
  set state(text: string) {
    const { state, wrong } = readState(text);
    this.#notices = wrong;
    this.#open(state);
  }

  run(): void {
    this.#walks = undefined;
    this.#loop.running = false;
    this.#running = true;
    this.#applySpeed();
    this.#say('Learning.');
  }
  pause(): void {
    this.#running = false;
    this.#applySpeed();
    this.#say(this.#summary());
  }
  step(): void {
    this.#rest();
    this.#telling = true;
    this.#lab?.send({ type: 'step' });
  }
  reset(): void {
    this.#open(this.#state);
    this.#say('Begun anew.');
  }

  #finishRound(): void {
    this.#rest();
    this.#telling = true;
    this.#lab?.send({ type: 'round' });
  }

  #rest(): void {
    this.#walks = undefined;
    this.#loop.running = false;
    if (!this.#running) return;
    this.#running = false;
    this.#applySpeed();
  }

  // Life.

  override attributeChangedCallback(name: string, old: string | null, value: string | null): void {
    super.attributeChangedCallback(name, old, value);
    const key = stateKeys.find((candidate) => attributeName(candidate) === name);
    if (key === undefined || old === value) return;
    const result = value === null ? { value: defaults[key] } : readSetting(key, value);
    if ('wrong' in result) this.#notices = [...this.#notices, result.wrong];
    else {
      const change: Partial<LakeState> = { [key]: result.value };
      const env = change.env ?? this.#state.env;
      const untold = key === 'env' ? !this.hasAttribute('slippery') : key === 'slippery' && value === null;
      this.#change(untold ? { ...change, slippery: slipperyByDefault(env) } : change, { quiet: true });
    }
    this.requestUpdate();
  }

  override connectedCallback(): void {
    super.connectedCallback();
    this.#endThemeWatch = onThemeChange(() => this.#draw());
    this.#resizes.observe(this);
    // It was only moved: what it knows is there.
    if (this.#lab !== undefined) return;
    this.#lab = openLab((message) => this.#hear(message));
    this.#openFirst();
    if (!views.includes(this.view)) {
      this.#notices = [...this.#notices, `view: "${this.view}" is not one of ${views.join(', ')}.`];
      this.view = 'values';
    }
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#endThemeWatch?.();
    this.#resizes.disconnect();
    onceGone(this, () => {
      this.#rest();
      this.#lab?.close();
      this.#lab = undefined;
    });
  }

  /** With what the page's address holds, where this is the page's first lake. */
  #openFirst(): void {
    try {
      const shared = document.querySelector('bellman-lake') === this ? sharedState() : undefined;
      if (shared !== undefined) {
        this.state = shared;
        return;
      }
    } catch (error) {
      this.#notices = [...this.#notices, (error as Error).message];
    }
    this.#open(this.#state);
  }

  /** From the beginning, with this state. */
  #open(state: LakeState): void {
    this.#state = state;
    this.#world = makeWorld(state);
    this.#grid = Math.min(this.#grid, this.#world.grids.length - 1);
    this.#report = undefined;
    this.#rest();
    const cells = this.#cells.states.length;
    this.cursor = Math.min(this.cursor, cells - 1);
    if (this.looked >= cells) this.looked = -1;
    this.#lab?.send({ type: 'open', state });
    this.requestUpdate();
  }

  get #cells() {
    return this.#world.grids[this.#grid];
  }

  /** Goes on with other settings where it can: only a world of another size or another seed begins anew. */
  #change(change: Partial<LakeState>, { quiet = false } = {}): void {
    const before = this.#state;
    const state = { ...before, ...change };
    if (this.#lab === undefined) {
      this.#state = state;
      return;
    }
    const keys = Object.keys(change);
    const world = makeWorld(state);
    const rows = world.grids[0].rows === this.#world.grids[0].rows;
    if (
      keys.includes('seed') ||
      state.env !== before.env ||
      world.model.nStates !== this.#world.model.nStates ||
      !rows
    ) {
      this.#open(state);
    } else {
      this.#state = state;
      this.#world = world;
      const { gamma, alpha, epsilon, methods } = state;
      if (keys.some((key) => ['gamma', 'alpha', 'epsilon', 'methods'].includes(key)))
        this.#lab.send({ type: 'change', settings: { gamma, alpha, epsilon, methods } });
      if (keys.some((key) => ['map', 'slippery', 'successRate', 'rewards'].includes(key))) {
        this.#walks = undefined;
        this.#loop.running = false;
        this.#lab.send({ type: 'move', state });
      }
    }
    this.requestUpdate();
    if (quiet) return;
    this.#sharing.forget();
    this.dispatchEvent(
      new CustomEvent('lake-change', { detail: { state: this.state }, bubbles: true, composed: true }),
    );
  }

  #applySpeed(visible = this.#loop.visible): void {
    const perSecond = this.#running && visible ? SPEEDS[this.speed] : 0;
    this.#lab?.send({ type: 'speed', perSecond });
    this.requestUpdate();
  }

  #hear(message: LabMessage): void {
    const first = this.#report === undefined;
    this.#report = message;
    if (this.#running && message.done) {
      this.#running = false;
      this.#say(this.#summary());
      this.dispatchEvent(new CustomEvent('lake-done', { bubbles: true, composed: true }));
    }
    if (this.#telling) {
      this.#telling = false;
      this.#say(this.#lastFormula(message) ?? this.#summary());
    }
    const now = performance.now();
    // Words of many cells take longer than pictures.
    const cells = this.#cells.states.length * message.tracks.length;
    if (!this.#running || first || now - this.#wordsAt > WORDS_INTERVAL + 2 * cells) {
      this.#wordsAt = now;
      this.requestUpdate();
    } else this.#drawSoon();
  }

  #say(text: string): void {
    this.#said = text;
    this.requestUpdate();
  }

  #lastFormula({ tracks }: LabMessage): string | undefined {
    const accounts = tracks.flatMap(({ name, account }) => {
      if (account === undefined) return [];
      const lines = formulaOf(account, (state) => `s${state}`, this.#actionNames);
      return [`${methodTitles[name]}: ${(lines.find(({ best }) => best) ?? lines[0]).text}.`];
    });
    return accounts.length === 0 ? undefined : accounts.join(' ');
  }

  #summary(): string {
    const parts = this.#report?.tracks.map(({ name, kind, rounds, optimalSince }) => {
      const optimal = optimalSince === undefined ? 'not optimal yet' : 'optimal';
      return `${methodTitles[name]}: ${rounds} ${kind === 'planner' ? 'sweeps' : 'episodes'}, greedy policy ${optimal}.`;
    });
    return parts?.join(' ') ?? '';
  }

  // Watching.

  #watch(): void {
    if (this.#walks !== undefined) {
      this.#walks = undefined;
      this.#loop.running = false;
      this.requestUpdate();
      return;
    }
    this.#rest();
    this.#walks = this.#state.methods.map(() => new Walk(this.#world, this.#state.seed));
    this.#walkTime = 0;
    this.#loop.running = true;
    this.requestUpdate();
  }

  #walkOn(milliseconds: number): void {
    this.#walkTime += milliseconds;
    const { nActions } = this.#world.model;
    if (this.#walkTime < 1000 / WALK_SPEED || this.#report === undefined) return;
    this.#walkTime = 0;
    const goal = (state: number): boolean => this.#isGoal(state);
    for (const [i, walk] of (this.#walks ?? []).entries()) {
      const track = this.#report.tracks[i];
      if (track !== undefined) walk.step(track.actionValues, nActions, goal);
    }
    // Taxi's passenger is at another place now: the grid follows.
    const state = this.#walks?.[0]?.state ?? -1;
    if (!this.#cells.states.includes(state)) {
      const grid = this.#world.grids.findIndex(({ states }) => states.includes(state));
      if (grid >= 0) this.#grid = grid;
    }
    this.requestUpdate();
  }

  #isGoal(state: number): boolean {
    const { env, map } = this.#state;
    return env !== 'FrozenLake' || map.join('')[state] === 'G';
  }

  // Painting.

  get #paintable(): boolean {
    return this.#state.env === 'FrozenLake';
  }

  #paint(cell: number, tile: Tile): void {
    if (!this.#paintable) return;
    const result = paint(this.#state.map, cell, tile);
    this.#notices = 'refused' in result ? [result.refused] : [];
    if ('map' in result && result.map !== this.#state.map) this.#change({ map: result.map });
    const { cols } = this.#cells;
    const place = `Row ${Math.floor(cell / cols) + 1}, column ${(cell % cols) + 1}`;
    const unreachable = this.#world.goalReachable ? '' : ' No way leads to the goal.';
    this.#say('refused' in result ? result.refused : `${place}: ${tileNames[tile]}.${unreachable}`);
  }

  #randomMap(): void {
    const size = Math.max(this.#state.map.length, this.#state.map[0].length);
    // Each press another one, and the same ones in the same order.
    const { map } = this.#state;
    const mixed = [...map.join('')].reduce((hash, letter) => (Math.imul(hash, 31) + letter.charCodeAt(0)) >>> 0, 7);
    this.#change({ map: generateRandomMap(size, 0.8, mixed) });
  }

  #setMethod(index: number, method: MethodName | undefined): void {
    const methods = [...this.#state.methods];
    if (method === undefined) methods.splice(index, 1);
    else methods[index] = method;
    this.#walks = undefined;
    this.#loop.running = false;
    this.#change({ methods });
  }

  // What is shown.

  override render(): TemplateResult {
    const { tracks = [] } = this.#report ?? {};
    return html`
      ${toolbar({
        running: this.#running,
        watching: this.#walks !== undefined,
        methods: this.#state.methods,
        kinds: tracks.map(({ kind }) => kind),
        rate: this.#report?.rate ?? 0,
        ...{ speed: this.speed, view: this.view, arrows: this.arrows },
        onRun: () => (this.#running ? this.pause() : this.run()),
        onStep: () => this.step(),
        onRound: () => this.#finishRound(),
        onReset: () => this.reset(),
        onWatch: () => this.#watch(),
        onSpeed: (speed) => {
          this.speed = speed;
          if (this.#running) this.#applySpeed();
        },
        onView: (view) => {
          this.view = view;
        },
        onArrows: (arrows) => {
          this.arrows = arrows;
        },
        onMethod: (method) => this.#setMethod(this.#state.methods.length, method),
      })}
      ${this.#notice()}
      <div class="main">
        <div
          class=${this.#state.methods.length === MOST_METHODS ? 'panels four' : 'panels'}
          @pointerdown=${this.#gestures.pointerDown}
          @pointermove=${this.#gestures.pointerMove}
          @pointerup=${this.#gestures.pointerUp}
          @pointercancel=${this.#gestures.pointerUp}
          @keydown=${this.#gestures.key}
        >
          ${this.#state.methods.map((method, index) =>
            panel({
              ...{ index, method, grid: this.#cells, actionNames: this.#actionNames },
              report: tracks[index]?.name === method ? tracks[index] : undefined,
              walk: this.#walks?.[index],
              bestScore: this.#report?.bestScore ?? Number.NaN,
              countedStates: this.#report?.countedStates ?? 0,
              seriesColour: coloursOf(this).series[index],
              ...{ cursor: this.cursor, looked: this.looked },
              painting: this.tool !== 'look' && this.#paintable,
              removable: this.#state.methods.length > 1,
              onMethod: (name) => this.#setMethod(index, name),
              onRemove: () => this.#setMethod(index, undefined),
            }),
          )}
        </div>
        ${sidebar({
          ...{ state: this.#state, tool: this.tool, grid: this.#grid },
          gridTitles: this.#world.grids.map(({ title }) => title ?? ''),
          onTool: (tool) => {
            this.tool = tool;
          },
          onGrid: (grid) => {
            this.#grid = grid;
            this.requestUpdate();
          },
          onChange: (change) => {
            this.#notices = [];
            this.#change(change);
          },
          onRandomMap: () => this.#randomMap(),
        })}
        <div class="below">
          ${this.#curves()}
          ${this.#sharing.render(this.state, this.#paintable ? this.#state.map : undefined)}
          ${valueTables({
            ...{ tracks, grid: this.#cells, actionNames: this.#actionNames },
            open: this.#tablesOpen,
            onToggle: (open) => {
              this.#tablesOpen = open;
              this.requestUpdate();
            },
          })}
        </div>
      </div>
      <div class="visually-hidden" role="status">${this.#said}</div>
    `;
  }

  #notice(): TemplateResult {
    const { gamma } = this.#state;
    const bound =
      this.#report !== undefined && Number.isNaN(this.#report.bestScore)
        ? [`With γ ${gamma} values of this world have no bound: an episode can go on for ever and be paid.`]
        : [];
    const reach = this.#world.goalReachable ? [] : ['No way leads to the goal: its reward never reaches the start.'];
    const lines = [...this.#notices, ...reach, ...bound];
    return html`${lines.map((line) => html`<p class="notice">${line}</p>`)}`;
  }

  #curves(): TemplateResult {
    const { tracks = [], bestScore = Number.NaN } = this.#report ?? {};
    const told = tracks.map(
      ({ name, score, distance }) => `${methodTitles[name]}: worth ${valueText(score)}, error ${valueText(distance)}`,
    );
    return html`<div class="toolbar">
        <div class="title">Learning curve</div>
        ${segments<CurveKind>({
          ...{ label: 'Curve', name: 'curve', value: this.curveKind },
          choices: [
            { value: 'score', text: 'Policy’s worth' },
            { value: 'distance', text: 'Largest error' },
          ],
          onChange: (kind) => {
            this.curveKind = kind;
          },
        })}
      </div>
      <canvas
        class="curve"
        role="img"
        aria-label=${`Learning curve. Best worth ${valueText(bestScore)}. ${told.join('; ')}`}
      ></canvas>
      <div class="note muted">
        ${
          this.curveKind === 'score'
            ? 'backups or environment steps; the broken line is the best policy’s worth'
            : 'backups or environment steps; methods that learn the values of how they act, SARSA and Monte Carlo among them, keep an error while ε is above 0'
        }
      </div>`;
  }

  get #actionNames(): readonly string[] {
    const words: Readonly<Record<string, string>> = {
      ...{ '←': 'left', '→': 'right', '↑': 'up', '↓': 'down', P: 'pick up', D: 'drop off' },
    };
    return this.#cells.actionArrows.map((arrow) => words[arrow] ?? arrow);
  }

  override updated(_changed: PropertyValues): void {
    const { rows, cols } = this.#cells;
    for (const board of this.renderRoot.querySelectorAll<HTMLElement>('.board')) {
      board.style.aspectRatio = `${cols} / ${rows}`;
    }
    this.#drawSoon();
  }

  /** Draws with the next picture of the page, and takes no more than half of its time. */
  #drawSoon(): void {
    if (this.#frame !== 0 || performance.now() < this.#restUntil) return;
    this.#frame = requestAnimationFrame(() => {
      this.#frame = 0;
      const start = performance.now();
      this.#draw();
      const end = performance.now();
      this.#restUntil = end + (end - start);
    });
  }

  #draw(): void {
    if (!this.hasUpdated && !this.isConnected) return;
    const grid = this.#cells;
    const colours = coloursOf(this);
    const dark = isDark(this);
    const font = getComputedStyle(this).fontFamily;
    const report = this.#report;
    const telling = !this.#running || SPEEDS[this.speed] <= 8;
    for (const board of this.renderRoot.querySelectorAll<HTMLElement>('.board')) {
      const index = Number(board.dataset['panel']);
      const track = report?.tracks[index];
      const width = board.clientWidth;
      const size = width / grid.cols;
      const canvas = board.querySelector('canvas') as HTMLCanvasElement;
      const context = fitCanvas(canvas, width, size * grid.rows);
      const account = telling && this.#walks === undefined ? track?.account : undefined;
      const learner = track?.kind === 'learner' && telling ? track.position : undefined;
      drawGrid(context, size, {
        ...{ grid, view: this.view, arrows: this.arrows, colours, dark, font },
        values: track?.values,
        actionValues: track?.actionValues,
        visits: track?.visits,
        range: this.#scale(),
        marked: account?.state,
        walker: this.#walks === undefined ? learner : this.#walks[index]?.state,
      });
    }
    const curve = this.renderRoot.querySelector<HTMLCanvasElement>('canvas.curve');
    if (curve === null || report === undefined) return;
    const [width, height] = [curve.clientWidth, curve.clientHeight];
    const { tracks, bestScore } = report;
    drawCurves(fitCanvas(curve, width, height), width, height, {
      tracks,
      kind: this.curveKind,
      bestScore,
      colours,
      font,
    });
  }

  /** Ends of the heat: those of V*; where that has no bound, of what is there. */
  #scale(): readonly [number, number] {
    const { range, tracks = [] } = this.#report ?? {};
    if (range !== undefined && !Number.isNaN(range[0])) return range[1] > range[0] ? range : [range[0], range[0] + 1];
    const values = tracks.flatMap((track) => [...track.values]).filter(Number.isFinite);
    return [Math.min(0, ...values), Math.max(1, ...values)];
  }
}

const attributeName = (key: string): string => key.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);

customElements.define('bellman-lake', BellmanLakeElement);
