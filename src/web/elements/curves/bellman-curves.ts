import { html, LitElement, nothing, type PropertyValues, type TemplateResult } from 'lit';
import type { Spread } from '../../../plot/seed-band.ts';
import { shortNumber } from '../../../plot/short-number.ts';
import { textAttribute } from '../shared/attributes.ts';
import { fitCanvas } from '../shared/canvas.ts';
import { controls } from '../shared/controls.ts';
import { FileDrop, fileDropStyle } from '../shared/file-drop.ts';
import { type Message, messageList, messagesStyle } from '../shared/messages.ts';
import { saveFile } from '../shared/save-file.ts';
import { coloursOf, onThemeChange, seriesColours, theme } from '../shared/theme.ts';
import { curvesToCsv } from './csv.ts';
import { CurveChoice } from './curve-choice.ts';
import { axesOf, axisNames, CURVE_AXES, type CurveAxis, type CurveGroup, metricsOf } from './curve-data.ts';
import { CurveModel, type GroupCurve, readCurve } from './curve-model.ts';
import { curvesToPng, curvesToSvg, type ExportedCurves } from './export-curves.ts';
import { emptyPlace, fileButtons } from './file-buttons.ts';
import { FileReading } from './file-reading.ts';
import { GrowingGroups } from './growing-groups.ts';
import { curveLegend } from './legend.ts';
import { type CurveFile, curveAddress, curveFile, droppedCurves, type LoadedCurve } from './load-curves.ts';
import type { PaintedCurve, PaintOptions } from './paint.ts';
import { paintCursor } from './paint-cursor.ts';
import { PlotGestures } from './plot-gestures.ts';
import { plotKeys } from './plot-keys.ts';
import { PlotPainter } from './plot-painter.ts';
import { PlotRange } from './plot-range.ts';
import { styles } from './styles.ts';
import { bandNames, curveToolbar } from './toolbar.ts';
import { endsOf } from './view.ts';

/** A level to compare with, such as the score that counts as solved. */
export interface CurveLevel {
  readonly value: number;
  readonly label: string;
}

/** `<bellman-curves>`: learning curves, seeds as bands, from files, addresses or as they come. */
export interface BellmanCurves extends HTMLElement {
  theme: 'light' | 'dark' | '';
  /** Addresses of files, apart by spaces, read when it is set. */
  src: string;
  heading: string;
  /** Curves; replaced as a whole. What is not changed keeps its object: it is not computed again. */
  groups: readonly CurveGroup[];
  /** A column; by default the first of reward_mean, reward ... that there is. */
  metric: string;
  x: CurveAxis;
  /** Below 1 the weight of an exponential mean, as TensorBoard's; from 2 on a mean over so many values; 0 none. */
  smoothing: number;
  band: Spread;
  logX: boolean;
  logY: boolean;
  /** Each seed's points as logged behind the curves. */
  raw: boolean;
  levels: readonly CurveLevel[];
  /** No toolbar above, no files: for pages that have their own. */
  bare: boolean;
  /** Adds rows to a run, which is made where it is missing: one value a row in each column. */
  appendRows(group: string, run: string, columns: Readonly<Record<string, ArrayLike<number>>>): void;
  /** Adds the curves of files. */
  addFiles(files: readonly File[]): Promise<void>;
  /** Shows a part of the axis; all of it without one. */
  zoomTo(from?: number, to?: number): void;
  /** The picture as an SVG document; undefined without curves. */
  toSvg(): string | undefined;
  toPng(): Promise<Blob | undefined>;
  toCsv(): string | undefined;
}

declare global {
  interface HTMLElementTagNameMap {
    'bellman-curves': BellmanCurves;
  }
  interface HTMLElementEventMap {
    /** A seed was chosen in a curve's legend, or none. */
    'bellman-run': CustomEvent<{ readonly group: string; readonly run: string } | undefined>;
  }
}

const DASHES: readonly (readonly number[])[] = [[], [8, 4], [2, 4], [10, 4, 2, 4]];
/** Milliseconds of computing between two pictures. */
const SLICE_MS = 8;
/** Groups whose names are said at once. */
const MOST_SAID = 6;
let uniqueNames = 0;

class BellmanCurvesElement extends LitElement implements BellmanCurves {
  static override properties = {
    theme: { reflect: true },
    src: textAttribute(),
    heading: textAttribute(),
    groups: { attribute: false },
    metric: { ...textAttribute(), reflect: true },
    x: { reflect: true },
    smoothing: { type: Number, reflect: true },
    band: { reflect: true },
    logX: { type: Boolean, reflect: true, attribute: 'log-x' },
    logY: { type: Boolean, reflect: true, attribute: 'log-y' },
    raw: { type: Boolean, reflect: true },
    levels: { attribute: false },
    target: { type: Number },
    bare: { type: Boolean },
  };
  static override styles = [theme, controls, fileDropStyle, messagesStyle, styles];
  declare theme: 'light' | 'dark' | '';
  declare src: string;
  declare heading: string;
  declare groups: readonly CurveGroup[];
  declare metric: string;
  declare x: CurveAxis;
  declare smoothing: number;
  declare band: Spread;
  declare logX: boolean;
  declare logY: boolean;
  declare raw: boolean;
  declare levels: readonly CurveLevel[];
  declare target: number | null | undefined;
  declare bare: boolean;

  readonly #model = new CurveModel();
  #curves: readonly GroupCurve[] = [];
  readonly #painter = new PlotPainter(() => this.#paintSoon());
  readonly #range: PlotRange;
  /** Where values are read; undefined at the end of each curve. */
  #cursor: number | undefined;
  readonly #choice = new CurveChoice(() => this.#paintSoon());
  #notes: readonly Message[] = [];
  readonly #reading = new FileReading({
    curve: (path, curve) => this.#addCurve(path, curve),
    failed: (message) => this.#note(message, true),
    changed: () => this.requestUpdate(),
  });
  #said = '';
  readonly #growing = new GrowingGroups();
  #building = 0;
  #frame = 0;
  #resizes: ResizeObserver | undefined;
  #endTheme: (() => void) | undefined;
  #gestures: PlotGestures | undefined;
  readonly #name = `curves-${++uniqueNames}`;

  constructor() {
    super();
    this.theme = '';
    this.src = '';
    this.heading = '';
    this.groups = [];
    this.metric = '';
    this.x = 'step';
    this.smoothing = 0;
    this.band = 'std';
    this.logX = false;
    this.logY = false;
    this.raw = false;
    this.levels = [];
    this.bare = false;
    this.#range = new PlotRange({
      logX: () => this.logX,
      whole: () =>
        endsOf(
          this.#visible.map(({ x }) => x),
          this.logX,
        ),
      moved: (zoomed) => {
        if (zoomed) this.requestUpdate();
        this.#paintSoon();
      },
    });
    this.#keyed = plotKeys({
      range: this.#range,
      cursor: () => this.#cursor,
      read: (at) => this.#read(at),
      leave: () => this.#moveCursor(undefined),
    });
    new FileDrop(
      this,
      (data) => void droppedCurves(data).then((files) => this.#load(files)),
      () => !this.bare,
    );
  }

  override connectedCallback(): void {
    super.connectedCallback();
    this.#resizes = new ResizeObserver(() => this.#paintSoon());
    this.#endTheme = onThemeChange(() => {
      this.requestUpdate();
      this.#paintSoon();
    });
    document.addEventListener('fullscreenchange', this.#fullscreenChanged);
    // A chart that comes back is there already.
    if (this.hasUpdated) this.requestUpdate('groups');
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#resizes?.disconnect();
    this.#endTheme?.();
    this.#gestures?.close();
    this.#gestures = undefined;
    this.#reading.stop();
    this.#painter.close();
    this.#choice.close();
    cancelAnimationFrame(this.#frame);
    this.#frame = 0;
    document.removeEventListener('fullscreenchange', this.#fullscreenChanged);
  }

  override willUpdate(changed: PropertyValues<this>): void {
    if (!CURVE_AXES.includes(this.x)) this.x = 'step';
    if (!Object.hasOwn(bandNames, this.band)) this.band = 'std';
    if (!(this.smoothing >= 0)) this.smoothing = 0;
    if (changed.has('src') && this.src !== '') {
      const addresses = this.src.split(/\s+/).filter((address) => address !== '');
      void this.#load(addresses.map(curveAddress));
    }
    if (changed.has('x') || changed.has('logX')) this.#range.x = undefined;
    if (changed.has('metric') || changed.has('logY')) this.#range.y = undefined;
    const asked = ['groups', 'metric', 'x', 'smoothing', 'band'] as const;
    if (asked.some((name) => changed.has(name))) void this.#build();
  }

  /** What is drawn now. */
  get #shownMetric(): string {
    const names = metricsOf(this.groups);
    return names.includes(this.metric) ? this.metric : (names[0] ?? '');
  }

  get #levels(): readonly CurveLevel[] {
    const target = this.target;
    const own = target == null || !Number.isFinite(target) ? [] : [{ value: target, label: `target ${target}` }];
    return [...this.levels, ...own].filter(({ value }) => Number.isFinite(value));
  }

  async #build(): Promise<void> {
    const turn = ++this.#building;
    const work = this.#model.build(this.groups, {
      metric: this.#shownMetric,
      axis: this.x,
      smoothing: this.smoothing,
      spread: this.band,
    });
    let until = performance.now() + SLICE_MS;
    for (;;) {
      const { done, value } = work.next();
      if (done) {
        this.#curves = value;
        break;
      }
      if (performance.now() < until) continue;
      await new Promise((resolve) => setTimeout(resolve));
      if (turn !== this.#building) return;
      until = performance.now() + SLICE_MS;
    }
    this.#painter.forget();
    this.requestUpdate();
    this.#paintSoon();
  }

  // Painting

  #paintSoon(): void {
    if (this.#frame !== 0) return;
    this.#frame = requestAnimationFrame(() => {
      this.#frame = 0;
      this.#paint();
    });
  }

  /** Curves that are not hidden, in the order of the groups. */
  get #visible(): readonly GroupCurve[] {
    return this.#curves.filter(({ group }) => !this.#choice.hidden.has(group.name));
  }

  /** The same, as they look. */
  #painted(colours: readonly string[]): PaintedCurve[] {
    return this.#visible.map((curve) => ({ curve: this.#painter.fine(curve), ...this.#look(curve.group, colours) }));
  }

  #look(group: CurveGroup, colours: readonly string[]): { readonly colour: string; readonly dash: readonly number[] } {
    const i = Math.max(0, this.groups.indexOf(group));
    return {
      colour: group.colour ?? colours[i % colours.length],
      dash: DASHES[Math.floor(i / colours.length) % DASHES.length],
    };
  }

  #paint(): void {
    const lines = this.renderRoot.querySelector<HTMLCanvasElement>('canvas.curves');
    const axes = this.renderRoot.querySelector<HTMLCanvasElement>('canvas.axes');
    const box = lines?.parentElement;
    if (lines === null || axes === null || !box || box.clientWidth === 0) return;
    const started = performance.now();
    this.#painter.paint(axes, lines, this.#painted(coloursOf(this).series), {
      options: this.#options(box.clientWidth, box.clientHeight),
      zoomed: this.#range.x !== undefined,
      whole: !this.#range.zoomed,
      curves: this.#visible,
      spread: this.band,
    });
    this.#paintCursor();
    // For whoever measures: what the picture took.
    this.dataset['paintMs'] = (performance.now() - started).toFixed(1);
  }

  #options(width: number, height: number): PaintOptions {
    const { ink, muted, line, surface } = coloursOf(this);
    const font = getComputedStyle(this).fontFamily;
    const { highlighted, seed: chosen } = this.#choice;
    const curve = this.#visible.find(({ group }) => group.name === highlighted);
    const seed = curve?.seeds.find(({ run }) => run.name === chosen?.run && chosen.group === curve.group.name);
    return {
      width,
      height,
      x: this.#range.seen,
      y: this.#range.y,
      logX: this.logX,
      logY: this.logY,
      xLabel: axisNames[this.x],
      yLabel: this.#shownMetric,
      levels: this.#levels,
      stretched: [],
      raw: this.raw,
      bands: this.band !== 'none',
      highlight: curve === undefined ? undefined : { curve: this.#painter.fine(curve), seed },
      ink,
      muted,
      line,
      surface,
      font,
    };
  }

  #paintCursor(): void {
    const canvas = this.renderRoot.querySelector<HTMLCanvasElement>('canvas.cursor');
    const { geometry } = this.#painter;
    if (canvas === null || geometry === undefined || canvas.parentElement === null) return;
    const { clientWidth: width, clientHeight: height } = canvas.parentElement;
    const colours = coloursOf(this);
    paintCursor(fitCanvas(canvas, width, height), geometry, {
      box: this.#gestures?.box,
      at: this.#cursor,
      curves: this.#painted(colours.series),
      logY: this.logY,
      width,
      font: getComputedStyle(this).fontFamily,
      colours,
    });
  }

  // What the reader does with the plot

  override updated(changed: PropertyValues): void {
    const plot = this.renderRoot.querySelector<HTMLElement>('.plot');
    if (plot !== null && this.#gestures?.target !== plot) {
      this.#gestures?.close();
      this.#resizes?.disconnect();
      this.#resizes?.observe(plot);
      this.#gestures = new PlotGestures(plot, {
        geometry: () => this.#painter.geometry,
        hover: (at) => this.#moveCursor(at),
        box: (x, y) => this.#range.show(x, y),
        changed: () => this.#paintCursor(),
        zoom: (at, factor) => {
          this.#painter.moves();
          this.#range.zoom(at, factor);
        },
        pan: (share) => this.#range.pan(share),
        reset: () => this.#range.show(),
        zoomed: () => this.#range.x !== undefined,
      });
      this.#paintSoon();
    }
    // A cursor that moves changes the legend alone.
    if (changed.size > 0) this.#paintSoon();
  }

  #moveCursor(at: number | undefined): void {
    if (at === this.#cursor) return;
    this.#cursor = at;
    this.#paintCursor();
    this.requestUpdate();
  }

  readonly #keyed: (event: KeyboardEvent) => void;

  /** Moves the cursor by keyboard, and says the values there. */
  #read(at: number): void {
    this.#moveCursor(at);
    const readings = this.#painted(['']).flatMap(({ curve }) => {
      const reading = readCurve(curve, at);
      return reading === undefined ? [] : [`${curve.group.name} ${shortNumber(reading.middle)}`];
    });
    const said = readings.slice(0, MOST_SAID);
    const more = readings.length > MOST_SAID ? `, and ${readings.length - MOST_SAID} more` : '';
    this.#said = `${shortNumber(at)} ${axisNames[this.x]}: ${said.join(', ') || 'no curve'}${more}`;
    this.requestUpdate();
  }

  zoomTo(from?: number, to?: number): void {
    this.#range.show(from !== undefined && to !== undefined && from < to ? [from, to] : undefined);
  }

  // Data

  appendRows(group: string, run: string, columns: Readonly<Record<string, ArrayLike<number>>>): void {
    this.groups = this.#growing.withRows(this.groups, group, run, columns);
  }

  addFiles(files: readonly File[]): Promise<void> {
    return this.#load(files.map((file) => curveFile(file)));
  }

  readonly #loadFiles = (files: readonly CurveFile[]): void => void this.#load(files);

  async #load(files: readonly CurveFile[]): Promise<void> {
    if (files.length === 0) {
      this.#note('No curve among these files: allowed are metrics.jsonl, .csv and event files of TensorBoard.', true);
      return;
    }
    await this.#reading.add(files);
  }

  #addCurve(path: string, { columns, problem }: LoadedCurve): void {
    this.groups = this.#growing.withFile(this.groups, path, columns);
    if (problem !== undefined) this.#note(problem, false);
  }

  #note(text: string, error: boolean): void {
    const most = 4;
    this.#notes = [...this.#notes.filter((note) => note.text !== text), { text, error }].slice(-most);
    this.requestUpdate();
  }

  readonly #fullscreenChanged = (): void => this.requestUpdate();

  // Export

  #exported(): ExportedCurves | undefined {
    const painted = this.#painted(seriesColours.light);
    if (painted.length === 0) return undefined;
    return {
      title: this.heading || this.#shownMetric,
      curves: painted,
      seen: this.#range.seen,
      yRange: this.#range.y,
      options: this.#options(960, 500),
      spread: this.band,
    };
  }

  toSvg(): string | undefined {
    const exported = this.#exported();
    return exported === undefined ? undefined : curvesToSvg(exported);
  }

  async toPng(): Promise<Blob | undefined> {
    const exported = this.#exported();
    if (exported === undefined) return undefined;
    const { surface, ink, series } = coloursOf(this);
    return curvesToPng({ ...exported, curves: this.#painted(series) }, { surface, ink });
  }

  toCsv(): string | undefined {
    const exported = this.#exported();
    if (exported === undefined) return undefined;
    const [from, to] = this.#range.seen;
    const curves = exported.curves.map(({ curve }) => curve);
    return curvesToCsv(curves, { axis: axisNames[this.x], metric: this.#shownMetric, from, to });
  }

  async #export(kind: 'svg' | 'png' | 'csv'): Promise<void> {
    const name = `${this.#shownMetric.replace(/[^\w-]+/g, '-') || 'curves'}.${kind}`;
    const content = kind === 'svg' ? this.toSvg() : kind === 'csv' ? this.toCsv() : await this.toPng();
    const types = { svg: 'image/svg+xml', csv: 'text/csv', png: 'image/png' } as const;
    if (content !== undefined)
      saveFile(name, content instanceof Blob ? content : new Blob([content], { type: types[kind] }));
    const menu = this.renderRoot.querySelector<HTMLDetailsElement>('.menu.last');
    if (menu !== null) menu.open = false;
  }

  // The legend

  #legend(): TemplateResult {
    const { series } = coloursOf(this);
    const choice = this.#choice;
    const changed = (): void => {
      this.requestUpdate();
      this.#paintSoon();
    };
    return curveLegend({
      curves: this.#curves.map((curve) => ({
        curve,
        fine: this.#painter.fine(curve),
        ...this.#look(curve.group, series),
      })),
      at: this.#cursor,
      axis: this.x,
      band: this.band,
      choice,
      toggle: (name, only) => {
        choice.toggle(
          name,
          only,
          this.#curves.map(({ group }) => group.name),
        );
        this.#painter.forget();
        changed();
      },
      showAll: () => {
        choice.hidden.clear();
        this.#painter.forget();
        changed();
      },
      open: (name) => {
        choice.open(name);
        this.requestUpdate();
      },
      highlight: (name) => choice.highlight(name),
      choose: (group, run) => {
        choice.choose(group, run);
        this.dispatchEvent(new CustomEvent('bellman-run', { detail: choice.seed, bubbles: true, composed: true }));
        changed();
      },
    });
  }

  // The page

  override render(): TemplateResult {
    const empty = this.groups.length === 0;
    return html`
      ${this.heading === '' ? nothing : html`<h2>${this.heading}</h2>`}
      ${this.bare || empty ? nothing : this.#toolbar()}
      ${messageList(this.#notes, (gone) => {
        this.#notes = this.#notes.filter((note) => note !== gone);
        this.requestUpdate();
      })}
      ${this.#reading.render()} ${empty ? this.#emptyPlace() : this.#body()}
      <div class="drop" aria-hidden="true">Drop to add curves</div>
      <div class="visually-hidden" aria-live="polite">${this.#said}</div>
    `;
  }

  #emptyPlace(): TemplateResult {
    if (this.bare || this.#reading.busy) return html`<div class="empty"><p class="muted">No curves yet.</p></div>`;
    return emptyPlace(this.#loadFiles);
  }

  #toolbar(): TemplateResult {
    return curveToolbar(this, {
      metrics: metricsOf(this.groups),
      shownMetric: this.#shownMetric,
      axes: axesOf(this.groups),
      fileButtons: fileButtons('', this.#loadFiles),
      fullscreen: this.#fullscreen,
      save: (kind) => void this.#export(kind),
    });
  }

  readonly #fullscreen = (): void => {
    if (document.fullscreenElement === this) void document.exitFullscreen();
    else void this.requestFullscreen().catch((error: Error) => this.#note(`Full screen: ${error.message}`, true));
  };

  #body(): TemplateResult {
    const count = this.#visible.length;
    return html`<div class="body">
      <div class="chart">
        <canvas class="axes" aria-hidden="true"></canvas>
        <canvas class="curves" aria-hidden="true"></canvas>
        <canvas class="cursor" aria-hidden="true"></canvas>
        <div
          class="chart plot"
          role="application"
          tabindex="0"
          aria-roledescription="chart"
          aria-label="${this.#shownMetric} over ${axisNames[this.x]}, ${count} ${count === 1 ? 'curve' : 'curves'}"
          aria-describedby="${this.#name}-keys"
          @keydown=${this.#keyed}
        ></div>
        ${this.#range.zoomed ? html`<button class="reset" @click=${() => this.#range.show()}>Show all</button>` : nothing}
        <p id="${this.#name}-keys" class="visually-hidden">
          Arrow keys read values, with Shift they move; plus and minus zoom, 0 shows all.
        </p>
      </div>
      ${this.#legend()}
    </div>`;
  }
}

customElements.define('bellman-curves', BellmanCurvesElement);
