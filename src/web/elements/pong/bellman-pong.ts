import { html, LitElement, nothing, type PropertyValues, type TemplateResult } from 'lit';
import { MismatchError } from '../../../core/errors.ts';
import type { RemoteTraining } from '../../worker/remote-training.ts';
import { seedAttribute, seedTrouble, textAttribute } from '../shared/attributes.ts';
import { PictureCanvas } from '../shared/canvas.ts';
import { controls, segments, slider } from '../shared/controls.ts';
import { FrameClock } from '../shared/frame-clock.ts';
import { FrameLoop } from '../shared/frame-loop.ts';
import { icons } from '../shared/icons.ts';
import { Learning } from '../shared/learning.ts';
import {
  drawLearningCurve,
  inDigits,
  type LearningPanelOptions,
  learningPanel,
  learningPanelStyle,
} from '../shared/learning-panel.ts';
import { networkStyle } from '../shared/network-style.ts';
import { onceGone } from '../shared/once-gone.ts';
import { RecentValues } from '../shared/recent-values.ts';
import { drawSmallCurve } from '../shared/small-curve.ts';
import { coloursOf, onThemeChange, prefersReducedMotion, theme } from '../shared/theme.ts';
import { ValueBars, valueBarsStyle } from '../shared/value-bars.ts';
import { fetchValueNetwork, openValueNetwork, type ValueNetwork } from '../shared/value-network.ts';
import { NetworkPlayer } from './network-player.ts';
import { PaddleControl } from './paddle-control.ts';
import { PongMatch, type PongMode } from './pong-match.ts';
import { pongStyle } from './pong-style.ts';
import { drawSight } from './sight.ts';

/** `<bellman-pong>`: a trained network plays Pong, against the program or against you, and shows what it thinks. */
export interface BellmanPong extends HTMLElement {
  /** `watch` the network against the program, `play` against the network, or play against the `computer`'s program. */
  mode: PongMode;
  /** Address of the model; the one that ships with the package without it. */
  model: string;
  /** Whether a network begins to learn as soon as the element is seen, and plays. */
  learn: boolean;
  /** Of the games' serves, and of the network that learns. */
  seed: number;
  /** Of the element's colours; the system's choice without it. */
  theme: 'light' | 'dark' | '';
  /** Whether the game rests. */
  readonly paused: boolean;
  play(): void;
  pause(): void;
  /** Gives the right paddle to another network: an `.onnx` file of a training on Pong. @throws BellmanError for another one. */
  loadModel(bytes: Uint8Array): Promise<void>;
}

/** Details of the events that a page hears. */
export interface BellmanPongEvents {
  /** The score after a point. */
  'bellman-point': CustomEvent<{ readonly left: number; readonly right: number }>;
  'bellman-game-over': CustomEvent<{ readonly left: number; readonly right: number }>;
}

declare global {
  interface HTMLElementTagNameMap {
    'bellman-pong': BellmanPong;
  }
}

const FRAMES_PER_SECOND = 60;
/** Between games that nobody plays. */
const REST_FRAMES = 150;
/** Choices on the curve of values: about 12 seconds. */
const CURVE_LENGTH = 180;
/** Between two looks at the newest network of a training. */
const MODEL_EVERY_SECONDS = 8;
const RECIPE = 'pong-built-in';
const ENV = 'bellman/Pong-v0';
const SPEEDS = [0.125, 0.25, 0.5, 1, 2, 4] as const;
const ACTION_NAMES = ['wait', 'wait, fire', 'up', 'down', 'up, fire', 'down, fire'];
type SourceName = 'trained' | 'learning';
const SHIPPED = new URL('../../models/pong.onnx', import.meta.url).href;

class BellmanPongElement extends LitElement implements BellmanPong {
  static override properties = {
    mode: { reflect: true },
    model: textAttribute(),
    learn: { type: Boolean },
    source: { state: true },
    seed: seedAttribute,
    theme: { reflect: true },
    paused: { state: true },
    started: { state: true },
    trouble: { state: true },
    epsilon: { state: true },
    speed: { state: true },
    explaining: { state: true },
    score: { state: true },
    loading: { state: true },
  };
  static override styles = [theme, controls, valueBarsStyle, learningPanelStyle, networkStyle, pongStyle];

  declare mode: PongMode;
  declare model: string;
  declare learn: boolean;
  /** Whose network has the right paddle. */
  declare source: SourceName;
  declare seed: number;
  declare theme: 'light' | 'dark' | '';
  declare paused: boolean;
  /** Whether the person has begun the game. */
  declare started: boolean;
  declare trouble: string;
  declare epsilon: number;
  /** Place in `SPEEDS`. */
  declare speed: number;
  declare explaining: boolean;
  declare score: readonly [left: number, right: number];
  declare loading: boolean;

  readonly #bars = new ValueBars('Values of the actions', [-1, 1], 2);
  readonly #clock = new FrameClock(FRAMES_PER_SECOND);
  readonly #loop: FrameLoop;
  readonly #values = new RecentValues(CURVE_LENGTH);
  readonly #paddle = new PaddleControl(() => this.#match?.hand);
  readonly #learning: Learning;
  /** By where they come from. */
  readonly #players: { trained?: NetworkPlayer | undefined; learning?: NetworkPlayer | undefined } = {};
  #match: PongMatch | undefined;
  #loaded = '';
  #picture: PictureCanvas | undefined;
  #busy = false;
  /** Fulfilled when no frame is being played. */
  #idle: Promise<void> = Promise.resolve();
  /** Frames until the next game, after one that nobody plays. */
  #rest = 0;
  #lost: (() => void) | undefined;

  constructor() {
    super();
    this.mode = 'watch';
    this.model = '';
    this.learn = false;
    this.source = 'trained';
    this.seed = 1;
    this.theme = '';
    this.paused = prefersReducedMotion();
    this.started = false;
    this.trouble = '';
    this.epsilon = 0;
    this.speed = SPEEDS.indexOf(1);
    this.explaining = false;
    this.score = [0, 0];
    this.loading = false;
    this.#bars.name(ACTION_NAMES);
    this.#learning = new Learning(
      { changed: () => this.#learned(), model: (bytes) => this.#seatLearning(bytes), admit },
      MODEL_EVERY_SECONDS,
    );
    this.#loop = new FrameLoop(
      this,
      (ms) => this.#tick(ms),
      (visible) => {
        if (visible) this.#beginByItself();
        // Nobody loses a point while looking elsewhere.
        if (!visible && this.mode !== 'watch' && this.started) this.pause();
      },
    );
  }

  play(): void {
    this.paused = false;
    this.started = true;
  }

  pause(): void {
    this.paused = true;
  }

  async loadModel(bytes: Uint8Array): Promise<void> {
    await this.#seat('trained', await openValueNetwork(bytes, 'the model'));
    this.source = 'trained';
  }

  override connectedCallback(): void {
    super.connectedCallback();
    this.#lost = onThemeChange(() => this.#show());
    this.requestUpdate();
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#lost?.();
    onceGone(this, () => {
      this.#learning.close();
      this.#players.learning = undefined;
      this.#match?.seat(this.#player);
    });
  }

  protected override willUpdate(changed: PropertyValues<this>): void {
    if (changed.has('mode') && !['watch', 'play', 'computer'].includes(this.mode)) this.mode = 'watch';
    if (changed.has('mode') || changed.has('seed') || this.#match === undefined) this.#begin();
    if (this.#match !== undefined) this.#match.epsilon = this.epsilon;
    this.#clock.rate = FRAMES_PER_SECOND * (this.mode === 'watch' ? SPEEDS[this.speed] : 1);
    if (changed.has('source')) this.#match?.seat(this.#player);
    if (this.mode !== 'computer' && this.source === 'trained' && this.#loaded !== this.#address) void this.#fetch();
    this.#loop.running = this.#runs;
  }

  protected override updated(changed: PropertyValues<this>): void {
    this.#picture ??= new PictureCanvas(this.#query<HTMLCanvasElement>('.stage canvas'));
    if (changed.has('learn')) this.#beginByItself();
    if (changed.has('mode') || changed.has('theme') || changed.has('explaining') || changed.has('source')) this.#show();
  }

  /** The network that plays now. */
  get #player(): NetworkPlayer | undefined {
    return this.#players[this.source];
  }

  get #address(): string {
    return this.model === '' ? SHIPPED : new URL(this.model, document.baseURI).href;
  }

  /** Whether frames are played. */
  get #runs(): boolean {
    if (this.paused || (this.mode !== 'watch' && !this.started)) return false;
    return this.mode === 'computer' || this.#player !== undefined;
  }

  #query<T extends Element>(selector: string): T {
    return this.renderRoot.querySelector(selector) as T;
  }

  /** What games and trainings begin with. */
  get #seed(): number {
    return seedTrouble(this.seed) === '' ? this.seed : 1;
  }

  /** A new match of the present mode. */
  #begin(): void {
    this.#match = new PongMatch(this.mode, this.#seed);
    if (this.mode !== 'computer') this.#match.seat(this.#player);
    this.started = false;
    this.paused = this.mode === 'watch' && prefersReducedMotion();
    this.score = [0, 0];
    this.#rest = 0;
    this.#values.clear();
    this.#bars.clear();
  }

  async #fetch(): Promise<void> {
    const address = this.#address;
    this.#loaded = address;
    this.loading = true;
    try {
      const network = await fetchValueNetwork(address);
      if (address === this.#address) await this.#seat('trained', network);
      else await network.release();
    } catch (error) {
      if (address === this.#address) this.trouble = (error as Error).message;
    }
    this.loading = false;
  }

  async #seat(source: SourceName, network: ValueNetwork): Promise<void> {
    const player = new NetworkPlayer(network);
    const before = this.#players[source];
    this.#players[source] = player;
    this.trouble = '';
    if (source === this.source && this.mode !== 'computer') this.#match?.seat(player);
    this.requestUpdate();
    this.#show();
    await before?.network.release();
  }

  /** The newest network of the training takes over between two frames. */
  async #seatLearning(bytes: Uint8Array): Promise<void> {
    const network = await openValueNetwork(bytes, 'the newest network');
    await this.#idle;
    await this.#seat('learning', network);
  }

  /** Begins to learn where the page has asked for it. */
  #beginByItself(): void {
    if (this.learn && this.#loop.visible && this.#learning.state === 'none') void this.#learn();
  }

  async #learn(checkpoint?: Uint8Array): Promise<void> {
    this.source = 'learning';
    if (this.mode === 'computer') this.mode = 'watch';
    if (checkpoint === undefined) {
      this.#players.learning = undefined;
      this.#match?.seat(undefined);
    }
    const started = await this.#learning.start(
      checkpoint === undefined ? { recipe: RECIPE, env: ENV, seed: this.#seed } : { checkpoint },
    );
    if (started) await this.#learning.run();
  }

  #learned(): void {
    this.requestUpdate();
    drawLearningCurve(this.renderRoot, this.#learning, this.#panel, coloursOf(this));
  }

  get #panel(): LearningPanelOptions {
    return {
      fileName: 'pong',
      returns: [-21, 21],
      solved: 18,
      digits: 1,
      invitation:
        'A network that knows nothing learns Pong here, in your browser, by playing 32 games at once against the program. It returns balls after some minutes and wins after half an hour or so; the newest one plays above.',
      onBegin: () => void this.#learn(),
      onResume: (checkpoint) => void this.#learn(checkpoint),
    };
  }

  #tick(milliseconds: number): void {
    if (this.#busy) return;
    const frames = this.#clock.due(milliseconds, 2 + Math.ceil(this.#clock.rate / 30));
    if (frames > 0) void this.#playFrames(frames);
  }

  #playFrames(frames: number): Promise<void> {
    this.#idle = this.#playInTurn(frames);
    return this.#idle;
  }

  async #playInTurn(frames: number): Promise<void> {
    this.#busy = true;
    try {
      for (let i = 0; i < frames && this.#runs; i++) await this.#playFrame(this.#match as PongMatch);
    } catch (error) {
      this.trouble = (error as Error).message;
      this.pause();
    }
    this.#busy = false;
    this.#show();
  }

  async #playFrame(match: PongMatch): Promise<void> {
    if (match.over) {
      if (this.mode === 'watch' && --this.#rest <= 0) this.#restart();
      return;
    }
    const { point, over, decided } = await match.frame();
    if (match !== this.#match) return;
    if (decided && match.q !== undefined) this.#values.push(Math.max(...match.q));
    else if (this.explaining && this.mode !== 'computer' && match.q !== undefined) await this.#player?.explain(match.q);
    if (point !== 0) this.#scored(over);
  }

  #restart(): void {
    this.#match?.restart();
    this.score = [0, 0];
    this.#values.clear();
  }

  #scored(over: boolean): void {
    const { opponentScore: left, playerScore: right } = (this.#match as PongMatch).env.game;
    this.score = [left, right];
    this.#values.push(Number.NaN);
    const say = (type: keyof BellmanPongEvents): void => {
      this.dispatchEvent(new CustomEvent(type, { detail: { left, right }, bubbles: true, composed: true }));
    };
    say('bellman-point');
    if (!over) return;
    say('bellman-game-over');
    this.#rest = REST_FRAMES;
    if (this.mode !== 'watch') this.started = false;
  }

  /** Brings pictures and bars up to date. */
  #show(): void {
    const match = this.#match;
    if (match === undefined || this.#picture === undefined) return;
    const frame = match.env.render();
    if (frame !== undefined) this.#picture.show(frame);
    if (this.mode === 'computer') return;
    if (match.q !== undefined) this.#bars.show(match.q, match.action, match.explored);
    const colours = coloursOf(this);
    const curve = this.renderRoot.querySelector<HTMLCanvasElement>('.value-curve');
    if (curve !== null) {
      const lines = [{ values: this.#values.values(), colour: colours.accent }];
      drawSmallCurve(curve, { lines, length: CURVE_LENGTH, low: -1, high: 1, gridColour: colours.line });
    }
    if (this.#player !== undefined) {
      const canvases = this.renderRoot.querySelectorAll<HTMLCanvasElement>('.sight canvas');
      drawSight(canvases, this.#player, this.explaining);
    }
  }

  readonly #onKey = (event: KeyboardEvent): void => {
    const key = event.key.length === 1 ? event.key.toLowerCase() : event.key;
    const down = event.type === 'keydown';
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (down && (key === 'p' || key === 'Escape')) {
      if (key === 'Escape' && this.paused) return;
      event.preventDefault();
      this.#toggle();
      return;
    }
    if (this.mode === 'watch') {
      if (down && key === ' ') {
        event.preventDefault();
        this.#toggle();
      }
      return;
    }
    if (!this.#paddle.press(key, down)) return;
    event.preventDefault();
    if (down && !event.repeat && !this.#runs) this.#start();
  };

  readonly #onPointer = (event: PointerEvent): void => {
    if (this.mode === 'watch') return;
    if (event.type === 'pointerdown' && (event.target as Element).closest('button') !== null) return;
    this.#paddle.point(event, this.#runs);
  };

  #toggle(): void {
    if (this.#runs) this.pause();
    else this.#start();
  }

  /** Goes on, or starts the next game. */
  #start(): void {
    if (this.#match?.over) this.#restart();
    this.play();
    this.#query<HTMLElement>('.stage').focus({ preventScroll: true });
  }

  override render(): TemplateResult {
    const { mode } = this;
    const withNetwork = mode !== 'computer';
    return html`
      <div class="bar">
        ${segments({
          label: 'Who plays',
          name: 'mode',
          value: mode,
          choices: [
            { value: 'watch', text: 'Watch', title: 'The network plays the program' },
            { value: 'play', text: 'Play it', title: 'You play the network' },
            { value: 'computer', text: 'Warm up', title: 'You play the program' },
          ],
          onChange: (value: PongMode) => {
            this.mode = value;
          },
        })}
        <div class="end">
          <button @click=${() => this.#toggle()}>
            ${this.#runs ? html`${icons.pause}Pause` : html`${icons.play}Play`}
          </button>
          <button @click=${() => this.#newGame()}>${icons.again}New game</button>
        </div>
      </div>
      <div class="layout ${withNetwork ? 'with-side' : ''}">
        <div>
          ${this.#renderStage()}
          ${this.#renderPlayers()}
          ${[seedTrouble(this.seed), this.trouble].map((line) => (line === '' ? nothing : html`<p class="error" role="alert">${line}</p>`))}
        </div>
        ${withNetwork ? this.#renderSide() : nothing}
      </div>
      ${withNetwork ? this.#renderSettings() : nothing}
      ${withNetwork && this.source === 'learning' ? learningPanel(this.#learning, this.#panel) : nothing}
      <p class="visually-hidden" aria-live="polite">${this.#said()}</p>
    `;
  }

  #newGame(): void {
    const { started } = this;
    this.#begin();
    this.started = started && this.mode !== 'watch';
    this.#show();
  }

  #renderStage(): TemplateResult {
    const keys =
      this.mode === 'watch' ? 'Space or P pauses.' : 'Arrows or W and S move your paddle, space hits harder, P pauses.';
    return html`<div
      class="stage ${this.mode !== 'watch' && this.#runs ? 'playing' : ''}"
      tabindex="0"
      role="application"
      aria-label=${`Pong: ${this.#names.join(' against ')}. ${keys}`}
      @keydown=${this.#onKey}
      @keyup=${this.#onKey}
      @blur=${() => this.#paddle.release()}
      @pointerdown=${this.#onPointer}
      @pointermove=${this.#onPointer}
      @pointerup=${this.#onPointer}
      @pointercancel=${this.#onPointer}
    >
      <canvas width="160" height="210" aria-hidden="true"></canvas>
      ${this.#renderVeil()}
    </div>`;
  }

  #renderVeil(): TemplateResult | typeof nothing {
    if (this.#match?.over && this.mode !== 'watch') {
      const won = this.mode === 'play' ? this.score[0] > this.score[1] : this.score[1] > this.score[0];
      return html`<div class="veil">
        <p class="big">${won ? 'You win' : 'You lose'} ${Math.max(...this.score)} to ${Math.min(...this.score)}</p>
        <button class="primary" @click=${() => this.#start()}>${icons.again}Play again</button>
      </div>`;
    }
    if (this.#runs) return nothing;
    if (this.source === 'learning' && this.#player === undefined && this.mode !== 'computer') {
      const starting = this.#learning.state === 'starting';
      return html`<div class="veil"><p>${starting ? 'The training starts …' : 'No network yet: let one learn below.'}</p></div>`;
    }
    if (this.loading && this.mode !== 'computer') return html`<div class="veil"><p>The network is loading …</p></div>`;
    if (this.mode === 'watch') return nothing;
    return html`<div class="veil">
      <p class="big">${this.started ? 'Paused' : this.mode === 'play' ? 'You have the left paddle' : 'You have the right paddle'}</p>
      <p>${this.mode === 'play' ? 'The network has the right one.' : 'The program has the left one; it is easier than the network.'} Drag, or use ↑ ↓ or W S. Space, a mouse button or a second finger hits harder.</p>
      <button class="primary" @click=${() => this.#start()}>${icons.play}${this.started ? 'Go on' : 'Start'}</button>
    </div>`;
  }

  get #names(): readonly [left: string, right: string] {
    return [this.mode === 'play' ? 'You' : 'Computer', this.mode === 'computer' ? 'You' : 'Network'];
  }

  #renderPlayers(): TemplateResult {
    const [left, right] = this.#names;
    return html`<div class="players">
      <span class="who"><span class="paddle left"></span>${left}</span>
      <span class="score number">${this.score[0]} : ${this.score[1]}</span>
      <span class="who">${right}<span class="paddle right"></span></span>
    </div>`;
  }

  #said(): string {
    const [left, right] = this.#names;
    const score = `${left} ${this.score[0]}, ${right} ${this.score[1]}`;
    if (this.#match?.over) return `Game over. ${score}`;
    return this.score[0] + this.score[1] === 0 ? '' : score;
  }

  #renderSide(): TemplateResult {
    return html`<div class="side">
      <div role="group" aria-label="Values of the actions">
        <h2>What each action is worth <span class="muted">in points</span></h2>
        ${this.#bars.element}
      </div>
      <div role="group" aria-label="Value of the position">
        <h2>How the rally stands <span class="muted">the best of them</span></h2>
        <canvas class="curve value-curve" role="img" aria-label="Value of the best action over the last seconds, from −1 to 1"></canvas>
      </div>
      <div role="group" aria-label="What the network sees">
        <h2>What it sees <span class="muted">42 × 42, four looks</span></h2>
        <div class="sight">
          <canvas role="img" aria-label="The newest picture that the network sees"></canvas>
          <div class="older">
            ${[1, 2, 3].map((age) => html`<canvas role="img" aria-label=${`Its picture ${age * 4} frames ago`}></canvas>`)}
          </div>
        </div>
        <label class="check"
          ><input
            type="checkbox"
            .checked=${this.explaining}
            @change=${(event: Event) => {
              this.explaining = (event.target as HTMLInputElement).checked;
            }}
          />Mark what matters</label
        >
      </div>
    </div>`;
  }

  /** Where the network stands. */
  get #about(): string {
    if (this.source === 'learning') {
      const { progress, state } = this.#learning;
      return state === 'none' ? 'none yet' : `after ${inDigits(progress?.step ?? 0, 0)} steps`;
    }
    const steps = trainedSteps(this.#players.trained?.network.trained);
    return steps === undefined ? 'of a file' : `of ${inDigits(steps, 0)} steps`;
  }

  #renderSettings(): TemplateResult {
    return html`<div class="settings">
      <div class="field"
        ><span>Whose network: ${this.#about}</span>${segments({
          label: 'Whose network',
          name: 'source',
          value: this.source,
          choices: [
            { value: 'trained', text: 'Trained' },
            { value: 'learning', text: 'Learning here' },
          ],
          onChange: (value: SourceName) => {
            this.source = value;
          },
        })}</div
      >
      ${slider({
        label: 'Random moves of the network',
        value: this.epsilon,
        min: 0,
        max: 1,
        step: 0.05,
        text: `${Math.round(100 * this.epsilon)} %`,
        onInput: (value) => {
          this.epsilon = value;
        },
      })}
      ${
        this.mode === 'watch'
          ? slider({
              label: 'Speed',
              value: this.speed,
              min: 0,
              max: SPEEDS.length - 1,
              step: 1,
              text: `${SPEEDS[this.speed]} ×`,
              onInput: (value) => {
                this.speed = value;
              },
            })
          : nothing
      }
    </div>`;
  }
}

/** Looks at the training of a checkpoint. @throws MismatchError for one of another environment. */
function admit({ config }: RemoteTraining): string {
  if (config['env'] !== ENV) throw new MismatchError(`The checkpoint is of ${config['env']}, allowed is ${ENV}.`);
  return '';
}

/** Steps of a model's training, as its file says. */
function trainedSteps(trained: string | undefined): number | undefined {
  try {
    const { steps } = JSON.parse(trained ?? '{}') as { readonly steps?: unknown };
    return typeof steps === 'number' ? steps : undefined;
  } catch {
    return undefined;
  }
}

customElements.define('bellman-pong', BellmanPongElement);
