import { html, LitElement, nothing, type PropertyValues, type TemplateResult } from 'lit';
import { MismatchError } from '../../../core/errors.ts';
import type { RemoteTraining } from '../../worker/remote-training.ts';
import { seedAttribute, seedTrouble, textAttribute } from '../shared/attributes.ts';
import { fitCanvas } from '../shared/canvas.ts';
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
import { coloursOf, onThemeChange, prefersReducedMotion, theme } from '../shared/theme.ts';
import { ValueBars, valueBarsStyle } from '../shared/value-bars.ts';
import { fetchValueNetwork, openValueNetwork, type ValueNetwork } from '../shared/value-network.ts';
import { ControlPlayer } from './control-player.ts';
import { poleStyle } from './pole-style.ts';
import { drawScene, SCENE_RATIO } from './scenes.ts';
import { CONTROL_TASKS, type ControlTask, taskNamed, taskOf } from './tasks.ts';

/** `<bellman-pole>`: a network balances a pole, or swings up, and learns to before your eyes. */
export interface BellmanPole extends HTMLElement {
  /** `CartPole`, `MountainCar`, `Acrobot` or `Pendulum`, or the environment's id. */
  env: string;
  /** Address of a trained network to begin with; for CartPole the one that ships with the package without it. */
  model: string;
  /** `PQN`, `DQN` or `StreamQ`: begins to learn by it as soon as the element is seen. Empty: when it is told to. */
  learn: string;
  seed: number;
  /** Of the element's colours; the system's choice without it. */
  theme: 'light' | 'dark' | '';
  /** Whether the picture rests; learning has its own pause. */
  readonly paused: boolean;
  play(): void;
  pause(): void;
  /** Pushes the pole, or what stands for it. @param direction -1 to the left, 1 to the right. */
  push(direction: -1 | 1): void;
}

declare global {
  interface HTMLElementTagNameMap {
    'bellman-pole': BellmanPole;
  }
}

/** How long a finished episode stays in sight, and a push. */
const REST_SECONDS = 0.9;
const PUSH_SECONDS = 0.45;
const MODEL_EVERY_SECONDS = 1;
/** Units of learning a second; the last one is as fast as it can. */
const LIMITS = [1, 10, 100, 1000, Number.POSITIVE_INFINITY] as const;
const SHIPPED = new URL('../../models/pole.onnx', import.meta.url).href;

type PolicyName = 'greedy' | 'exploring';
type SourceName = 'trained' | 'learning';

class BellmanPoleElement extends LitElement implements BellmanPole {
  static override properties = {
    env: { ...textAttribute('CartPole'), reflect: true },
    model: textAttribute(),
    learn: textAttribute(),
    seed: seedAttribute,
    theme: { reflect: true },
    paused: { state: true },
    policy: { state: true },
    source: { state: true },
    algorithm: { state: true },
    limit: { state: true },
    rate: { state: true },
    trouble: { state: true },
  };
  static override styles = [theme, controls, valueBarsStyle, learningPanelStyle, networkStyle, poleStyle];

  declare env: string;
  declare model: string;
  declare learn: string;
  declare seed: number;
  declare theme: 'light' | 'dark' | '';
  declare paused: boolean;
  declare policy: PolicyName;
  declare source: SourceName;
  declare algorithm: string;
  /** Place in `LIMITS`. */
  declare limit: number;
  /** Learning rate that was set by hand, as its logarithm; undefined for the recipe's. */
  declare rate: number | undefined;
  declare trouble: string;

  readonly #clock = new FrameClock(50);
  readonly #loop: FrameLoop;
  readonly #learning: Learning;
  #bars = new ValueBars('Values of the actions', [0, 1], 1);
  #task: ControlTask = taskOf('');
  #player: ControlPlayer | undefined;
  /** By where they come from. */
  readonly #networks: { trained?: ValueNetwork | undefined; learning?: ValueNetwork | undefined } = {};
  #wanted = '';
  #busy = false;
  #rest = 0;
  #push = { direction: 1, strength: 0 };
  #lost: (() => void) | undefined;
  #caption = '';

  constructor() {
    super();
    this.env = 'CartPole';
    this.model = '';
    this.learn = '';
    this.seed = 1;
    this.theme = '';
    this.paused = prefersReducedMotion();
    this.policy = 'greedy';
    this.source = 'trained';
    this.algorithm = '';
    this.limit = LIMITS.length - 1;
    this.rate = undefined;
    this.trouble = '';
    this.#learning = new Learning(
      {
        changed: () => this.#learned(),
        model: (bytes) => this.#seatLearning(bytes),
        admit: (training) => this.#admit(training),
      },
      MODEL_EVERY_SECONDS,
    );
    this.#loop = new FrameLoop(
      this,
      (ms) => this.#tick(ms),
      (visible) => {
        if (visible) this.#beginByItself();
      },
    );
  }

  play(): void {
    this.paused = false;
  }

  pause(): void {
    this.paused = true;
  }

  push(direction: -1 | 1): void {
    this.#player?.push(direction);
    this.#push = { direction, strength: 1 };
    this.#show();
  }

  override connectedCallback(): void {
    super.connectedCallback();
    this.#lost = onThemeChange(() => this.#show());
    this.#resize.observe(this);
    this.requestUpdate();
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#lost?.();
    this.#resize.disconnect();
    onceGone(this, () => {
      this.#learning.close();
      this.#take(this.#task);
    });
  }

  readonly #resize = new ResizeObserver(() => this.#show());

  protected override willUpdate(changed: PropertyValues<this>): void {
    if (changed.has('env') || changed.has('seed')) this.#begin();
    if (this.source === 'trained' && this.#wanted !== this.#address) void this.#fetch();
    this.#loop.running = !this.paused;
  }

  protected override updated(changed: PropertyValues<this>): void {
    if (changed.has('learn') || changed.has('env')) this.#beginByItself();
    this.#show();
  }

  /** Of the trained network; empty where there is none. */
  get #address(): string {
    if (this.model !== '') return new URL(this.model, document.baseURI).href;
    return this.#task.id === 'CartPole-v1' ? SHIPPED : '';
  }

  /** What episodes and trainings begin with. */
  get #seed(): number {
    return seedTrouble(this.seed) === '' ? this.seed : 1;
  }

  /** Another task, or seed. */
  #begin(): void {
    const task = taskOf(this.env);
    if (task !== this.#task || this.#player === undefined) {
      this.#learning.close();
      this.#take(task);
    }
    this.#player = new ControlPlayer(this.#task, this.#seed);
    this.#clock.rate = this.#task.framesPerSecond;
    this.#rest = 0;
  }

  /** Nothing is known of the task yet. */
  #take(task: ControlTask): void {
    void this.#networks.trained?.release();
    void this.#networks.learning?.release();
    this.#networks.trained = this.#networks.learning = undefined;
    this.#wanted = this.trouble = '';
    this.#task = task;
    this.#bars = new ValueBars('Values of the actions', task.values, 1);
    this.#bars.name(task.actions);
    this.algorithm = Object.keys(task.recipes)[0];
    this.rate = undefined;
    this.source = this.#address === '' ? 'learning' : 'trained';
  }

  /** Goes to the task of a checkpoint. @throws MismatchError for a task that the element does not have. */
  #admit({ config }: RemoteTraining): string {
    const { env, recipe } = config as { readonly env?: string; readonly recipe?: string };
    const task = taskNamed(env ?? '');
    if (task === undefined) {
      const known = CONTROL_TASKS.map(({ id }) => id).join(', ');
      throw new MismatchError(`The checkpoint is of ${env}, allowed are ${known}.`);
    }
    const goes = task !== this.#task;
    if (goes) {
      this.#take(task);
      this.env = task.name;
      this.#begin();
    }
    const own = Object.entries(task.recipes).find(([, name]) => name === recipe);
    this.algorithm = own?.[0] ?? this.algorithm;
    return goes ? `The checkpoint is of ${task.id}, which is shown now.` : '';
  }

  /** Begins to learn where the page has asked for it. */
  #beginByItself(): void {
    if (this.learn === '' || !this.#loop.visible || this.#learning.state !== 'none') return;
    const wished = Object.keys(this.#task.recipes).find((name) => name.toLowerCase() === this.learn.toLowerCase());
    this.algorithm = wished ?? this.algorithm;
    void this.#learn({ recipe: this.#task.recipes[this.algorithm], seed: this.#seed });
  }

  async #fetch(): Promise<void> {
    const address = this.#address;
    this.#wanted = address;
    if (address === '') return;
    try {
      const network = await fetchValueNetwork(address);
      if (address !== this.#address) return void network.release();
      this.#seat('trained', network);
    } catch (error) {
      if (address === this.#address) this.trouble = (error as Error).message;
    }
  }

  async #seatLearning(bytes: Uint8Array): Promise<void> {
    this.#seat('learning', await openValueNetwork(bytes, 'the newest network'));
  }

  #seat(source: SourceName, network: ValueNetwork): void {
    const { actions, shape } = network;
    const width = (this.#player as ControlPlayer).observation.length;
    if (actions !== this.#task.actions.length || shape.length !== 1 || shape[0] !== width) {
      throw new MismatchError(`The network is of ${network.env}; the element shows ${this.#task.id}.`);
    }
    const before = this.#networks[source];
    this.#networks[source] = network;
    this.trouble = '';
    void before?.release();
    this.requestUpdate();
  }

  /** Starts a training and lets it run. */
  async #learn(start: Parameters<Learning['start']>[0]): Promise<void> {
    if (!('checkpoint' in start)) this.source = 'learning';
    await this.#learning.limit(this.#unitsPerSecond);
    if (!(await this.#learning.start(start))) return;
    this.source = 'learning';
    this.rate = undefined;
    await this.#learning.run();
  }

  get #unitsPerSecond(): number | undefined {
    const limit = LIMITS[this.limit];
    return Number.isFinite(limit) ? limit : undefined;
  }

  #learned(): void {
    this.requestUpdate();
  }

  #tick(milliseconds: number): void {
    const { strength, direction } = this.#push;
    if (strength > 0) this.#push = { direction, strength: strength - milliseconds / 1000 / PUSH_SECONDS };
    if (this.#busy) return;
    const frames = this.#clock.due(milliseconds);
    if (frames > 0) void this.#playFrames(frames);
    else if (strength > 0) this.#show();
  }

  async #playFrames(frames: number): Promise<void> {
    this.#busy = true;
    try {
      for (let i = 0; i < frames && !this.paused; i++) await this.#playFrame();
    } catch (error) {
      this.trouble = (error as Error).message;
      this.pause();
    }
    this.#busy = false;
    this.#show();
  }

  async #playFrame(): Promise<void> {
    const player = this.#player as ControlPlayer;
    if (player.over && this.#rest > 0) {
      this.#rest--;
      return;
    }
    const network = this.#networks[this.source];
    player.values = network === undefined ? undefined : (observation) => network.values(observation);
    player.epsilon = this.policy === 'exploring' ? (this.#learning.progress?.epsilon ?? 0) : 0;
    await player.step();
    if (player.over) this.#rest = Math.round(REST_SECONDS * this.#task.framesPerSecond);
  }

  /** Brings picture, bars and curve up to date. */
  #show(): void {
    const player = this.#player;
    const canvas = this.renderRoot.querySelector<HTMLCanvasElement>('.stage canvas');
    if (player === undefined || canvas === null) return;
    const colours = coloursOf(this);
    const width = canvas.clientWidth;
    if (width === 0) return;
    const height = canvas.clientHeight || width / SCENE_RATIO;
    drawScene(fitCanvas(canvas, width, height), width, height, { player, push: this.#push }, colours);
    if (player.q === undefined) this.#bars.clear();
    else this.#bars.show(player.q, player.action, player.explored);
    drawLearningCurve(this.renderRoot, this.#learning, this.#panel, colours);
    const caption = `Step ${player.steps} of ${this.#task.steps}, return ${inDigits(player.reward, this.#digits)}`;
    if (caption === this.#caption) return;
    this.#caption = caption;
    const place = this.renderRoot.querySelector('.caption .number');
    if (place !== null) place.textContent = caption;
  }

  /** What is wrong with the attributes, and what went wrong. */
  get #troubles(): readonly string[] {
    const names = CONTROL_TASKS.map(({ name }) => name).join(', ');
    const env = taskNamed(this.env) === undefined ? `env: got "${this.env}", allowed are ${names}.` : '';
    return [env, seedTrouble(this.seed), this.trouble].filter((line) => line !== '');
  }

  get #digits(): number {
    return this.#task.id === 'Pendulum-v1' ? 1 : 0;
  }

  readonly #onKey = (event: KeyboardEvent): void => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.key === 'ArrowLeft' || event.key === 'ArrowRight') this.push(event.key === 'ArrowLeft' ? -1 : 1);
    else if (event.key === ' ') this.paused = !this.paused;
    else return;
    event.preventDefault();
  };

  /** Pushes away from the pointer: on the right of what moves, to the left. */
  readonly #onPointer = (event: PointerEvent): void => {
    const { left, width } = (event.currentTarget as Element).getBoundingClientRect();
    const player = this.#player as ControlPlayer;
    this.push(this.#task.middle(player.observation) * width + left < event.clientX ? -1 : 1);
  };

  get #panel(): LearningPanelOptions {
    const { returns, solved, name } = this.#task;
    return {
      fileName: `${name.toLowerCase()}-${this.algorithm.toLowerCase()}`,
      returns,
      solved,
      digits: this.#digits + 1,
      invitation: `${this.#task.aim} A network that knows nothing learns it here, in your browser.`,
      onBegin: () => void this.#learn({ recipe: this.#task.recipes[this.algorithm], seed: this.#seed }),
      onResume: (checkpoint) => void this.#learn({ checkpoint }),
      more: this.#renderLearningSettings(),
    };
  }

  override render(): TemplateResult {
    const { pushed } = this.#task;
    return html`
      <div class="bar">
        <select aria-label="Task" @change=${(event: Event) => {
          this.env = (event.target as HTMLSelectElement).value;
        }}>
          ${CONTROL_TASKS.map(({ name }) => html`<option ?selected=${name === this.#task.name}>${name}</option>`)}
        </select>
        <button @click=${() => {
          this.paused = !this.paused;
        }}>
          ${this.paused ? html`${icons.play}Play` : html`${icons.pause}Pause`}
        </button>
        <div class="end">
          <button aria-label=${`Push ${pushed} to the left`} @click=${() => this.push(-1)}>← Push</button>
          <button aria-label=${`Push ${pushed} to the right`} @click=${() => this.push(1)}>Push →</button>
        </div>
      </div>
      <div class="layout with-side">
        <div>
          <div
            class="stage"
            tabindex="0"
            role="application"
            aria-label=${`${this.#task.name}. The left and right arrows push ${pushed}, space pauses.`}
            @keydown=${this.#onKey}
            @pointerdown=${this.#onPointer}
          >
            <canvas aria-hidden="true"></canvas>
          </div>
          <p class="caption">
            <span class="number"></span>
            <span class="muted">${this.#actor}</span>
          </p>
          ${this.#troubles.map((line) => html`<p class="error" role="alert">${line}</p>`)}
        </div>
        <div class="side">
          <div role="group" aria-label="Values of the actions">
            <h2>What each action is worth</h2>
            ${this.#bars.element}
          </div>
          <div class="toolbar">
            ${this.#renderSource()}
            ${segments({
              label: 'How it acts',
              name: 'policy',
              value: this.policy,
              choices: [
                { value: 'greedy', text: 'Greedy', title: 'The best action always' },
                {
                  value: 'exploring',
                  text: 'Exploring',
                  title: 'With as many random actions as the training takes now',
                },
              ],
              onChange: (value: PolicyName) => {
                this.policy = value;
              },
            })}
          </div>
        </div>
      </div>
      ${learningPanel(this.#learning, this.#panel)}
    `;
  }

  /** Who acts in the picture. */
  get #actor(): string {
    if (this.#networks[this.source] === undefined) return 'At random: no network yet';
    if (this.source === 'trained') return 'A trained network';
    const { progress } = this.#learning;
    return `The network after ${inDigits(progress?.step ?? 0, 0)} steps`;
  }

  #renderSource(): TemplateResult | typeof nothing {
    if (this.#address === '') return nothing;
    return segments({
      label: 'Whose network',
      name: 'source',
      value: this.source,
      choices: [
        { value: 'trained', text: 'Trained' },
        { value: 'learning', text: 'Learning' },
      ],
      onChange: (value: SourceName) => {
        this.source = value;
      },
    });
  }

  #renderLearningSettings(): TemplateResult {
    const { training } = this.#learning;
    const names = Object.keys(this.#task.recipes);
    return html`<div class="settings">
      ${
        names.length < 2
          ? nothing
          : html`<div class="field"
              ><span>Algorithm</span>${segments({
                label: 'Algorithm',
                name: 'algorithm',
                value: this.algorithm,
                choices: names.map((value) => ({ value, text: value })),
                onChange: (value) => {
                  this.algorithm = value;
                  if (training !== undefined) this.#panel.onBegin();
                },
              })}</div
            >`
      }
      <label class="field"
        ><span>Seed</span
        ><input
          type="number"
          min="0"
          step="1"
          .value=${String(this.seed)}
          @change=${(event: Event) => {
            const seed = (event.target as HTMLInputElement).valueAsNumber;
            if (Number.isSafeInteger(seed) && seed >= 0) this.seed = seed;
          }}
      /></label>
      ${slider({
        label: 'Speed of learning',
        value: this.limit,
        min: 0,
        max: LIMITS.length - 1,
        step: 1,
        text: this.#unitsPerSecond === undefined ? 'as fast as it can' : `${this.#unitsPerSecond} a second`,
        onInput: (value) => {
          this.limit = value;
          void this.#learning.limit(this.#unitsPerSecond);
        },
      })}
      ${training?.facts.changeable.includes('learningRate') ? this.#renderRate() : nothing}
    </div>`;
  }

  #renderRate(): TemplateResult {
    const { config } = (this.#learning.training?.config ?? {}) as {
      readonly config?: { readonly learningRate?: number };
    };
    const present = this.rate ?? Math.log10(config?.learningRate ?? 1e-3);
    return slider({
      label: 'Learning rate',
      value: present,
      min: -5,
      max: -2,
      step: 0.1,
      text: (10 ** present).toPrecision(2),
      onInput: (value) => {
        this.rate = value;
        const learningRate = Number((10 ** value).toPrecision(2));
        this.#learning.training?.set({ learningRate }).catch((error: Error) => {
          this.trouble = error.message;
        });
      },
    });
  }
}

customElements.define('bellman-pole', BellmanPoleElement);
