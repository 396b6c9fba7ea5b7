import { html, LitElement, nothing, type PropertyValues, type TemplateResult } from 'lit';
import { idName, titleOf } from '../../../atari/names.ts';
import { MismatchError } from '../../../core/errors.ts';
import { VERSION } from '../../../runs/version.ts';
import type { RemoteTraining } from '../../worker/remote-training.ts';
import { textAttribute } from '../shared/attributes.ts';
import { PictureCanvas } from '../shared/canvas.ts';
import { controls, segments } from '../shared/controls.ts';
import { droppedFiles } from '../shared/dropped-files.ts';
import { FileDrop, fileDropStyle } from '../shared/file-drop.ts';
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
import { type Message, messageList, messagesStyle } from '../shared/messages.ts';
import { onceGone } from '../shared/once-gone.ts';
import { saveBytes } from '../shared/save-file.ts';
import { coloursOf, onThemeChange, theme } from '../shared/theme.ts';
import type { ArcadeMachine } from './arcade-machine.ts';
import { ARCADE_MODES, type ArcadeMode } from './arcade-mode.ts';
import { arcadeStyle } from './arcade-style.ts';
import { Caption } from './caption.ts';
import { CartridgeShelf } from './cartridge-shelf.ts';
import { Joystick } from './joystick.ts';
import { ModelSeat } from './model-seat.ts';
import { pads } from './pads.ts';
import { type Speed, sidePanel } from './side-panel.ts';

/** `<bellman-arcade>`: a console of the Atari 2600 for the reader's own cartridges. */
export interface BellmanArcade extends HTMLElement {
  theme: 'light' | 'dark' | '';
  mode: ArcadeMode;
  /** Address of a cartridge, or of a zip archive of them. */
  cartridge: string;
  /** Address of a model that plays it. */
  model: string;
  /** ALE's name of the game that is plugged in, such as `space_invaders`; empty without one. */
  readonly game: string;
  readonly paused: boolean;
  /** Frames that the reader has played. */
  readonly frame: number;
  play(): void;
  pause(): void;
  /** Takes a cartridge, an archive of them, a model or a saved state. Problems are said on the element. */
  addFile(bytes: Uint8Array, name: string): Promise<void>;
}

declare global {
  interface HTMLElementTagNameMap {
    'bellman-arcade': BellmanArcade;
  }
}

const IS_FILE = /\.(bin|a26|rom|zip|whl|onnx|state)$/i;
/** Seconds between looks at the network that learns. */
const MODEL_EVERY = 20;
/** Frames to go back in one step of rewinding. */
const BACK_FRAMES = 6;

class BellmanArcadeElement extends LitElement implements BellmanArcade {
  static override properties = {
    theme: { reflect: true },
    mode: { reflect: true },
    cartridge: textAttribute(),
    model: textAttribute(),
  };
  static override styles = [theme, controls, learningPanelStyle, fileDropStyle, messagesStyle, arcadeStyle];
  declare theme: 'light' | 'dark' | '';
  declare mode: ArcadeMode;
  declare cartridge: string;
  declare model: string;

  /** The console itself, which comes with the first cartridge. */
  #parts: typeof import('./console-parts.ts') | undefined;
  readonly #shelf = new CartridgeShelf();
  #machine: ArcadeMachine | undefined;
  readonly #seat = new ModelSeat({
    cartridges: () => this.#shelf.values(),
    wanted: () => this.mode !== 'play',
    seated: ({ game }) => {
      if (game !== this.game) this.#insert(game);
      this.requestUpdate();
    },
    failed: (message) => this.#say(message, true),
  });
  readonly #stick = new Joystick();
  #rewinding = false;
  #owedBack = 0;
  #paused = false;
  #speed: Speed = 1;
  readonly #clock = new FrameClock(60);
  readonly #loop: FrameLoop;
  #screen: PictureCanvas | undefined;
  #canvas: HTMLCanvasElement | undefined;
  #said: Message | undefined;
  readonly #caption = new Caption();
  #endTheme: (() => void) | undefined;
  readonly #learning: Learning;

  constructor() {
    super();
    this.theme = '';
    this.mode = 'play';
    this.cartridge = '';
    this.model = '';
    new FileDrop(this, (data) => {
      void droppedFiles(data, (name) => IS_FILE.test(name)).then((files) => this.#takeFiles(files));
    });
    this.#loop = new FrameLoop(this, (milliseconds) => this.#tick(milliseconds));
    this.#loop.running = true;
    this.#learning = new Learning(
      {
        changed: () => this.requestUpdate(),
        model: (bytes) => this.#seat.seat(bytes, 'The network that learns'),
        admit: (training) => this.#admit(training),
      },
      MODEL_EVERY,
      async () => {
        const { startTraining } = await import('../../worker/remote-training.ts');
        const cartridge = this.#shelf.get(this.game);
        return (start, options) =>
          startTraining(start, { ...options, cartridges: cartridge === undefined ? [] : [cartridge] });
      },
    );
  }

  get game(): string {
    return this.#machine?.ale.game.name ?? '';
  }
  get paused(): boolean {
    return this.#paused;
  }
  get frame(): number {
    return this.#machine?.frame ?? 0;
  }

  override connectedCallback(): void {
    super.connectedCallback();
    this.#endTheme = onThemeChange(() => this.requestUpdate());
    addEventListener('blur', this.#letGo);
    // It comes back: its model too, which was let go.
    if (this.hasUpdated && this.#seat.agent === undefined) this.#modeChanged();
    void this.#shelf.recall().then(async ([first]) => {
      if (first === undefined) return;
      await this.#load();
      if (this.#machine === undefined) this.#plug(first);
      this.requestUpdate();
    });
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#endTheme?.();
    removeEventListener('blur', this.#letGo);
    onceGone(this, () => {
      this.#learning.close();
      void this.#seat.dismiss();
    });
  }

  override willUpdate(changed: PropertyValues<this>): void {
    if (!ARCADE_MODES.includes(this.mode)) this.mode = 'play';
    if (changed.has('cartridge') && this.cartridge !== '') void this.#fetch(this.cartridge);
    if (changed.has('model') && this.model !== '') void this.#fetch(this.model);
    if (changed.has('mode')) this.#modeChanged();
  }

  // Files

  async #fetch(address: string): Promise<void> {
    try {
      const response = await fetch(address);
      if (!response.ok) throw new Error(`${address}: the server answered ${response.status}.`);
      await this.addFile(new Uint8Array(await response.arrayBuffer()), address.replace(/[?#].*$/, ''));
    } catch (error) {
      this.#say((error as Error).message, true);
    }
  }

  async addFile(bytes: Uint8Array, name: string): Promise<void> {
    try {
      if (/\.onnx$/i.test(name)) await this.#takeModel(bytes, name);
      else if (/\.state$/i.test(name)) this.#takeState(bytes, name);
      else await this.#takeCartridges(bytes, name);
    } catch (error) {
      this.#say((error as Error).message, true);
    }
    this.requestUpdate();
  }

  async #load(): Promise<typeof import('./console-parts.ts')> {
    this.#parts ??= await import('./console-parts.ts');
    return this.#parts;
  }

  async #takeCartridges(bytes: Uint8Array, name: string): Promise<void> {
    const { cartridges, refused } = (await this.#load()).cartridgesIn(bytes, name);
    for (const { game, bytes: content } of cartridges) this.#shelf.add(game, content);
    if (cartridges.length === 0) {
      this.#say(refused.length === 0 ? `${name}: no cartridge is in it.` : `No known cartridge. ${refused[0]}`, true);
      return;
    }
    // A single one is meant to be played; of many the first, unless one is played already.
    if (cartridges.length === 1 || this.#machine === undefined) {
      const pong = cartridges.find(({ game }) => game === 'pong') ?? cartridges[0];
      this.#plug(pong.game);
    }
    const others = refused.length === 0 ? '' : ` ${refused.length} more were left out: ${refused[0]}`;
    if (cartridges.length > 1 || others !== '')
      this.#say(`${cartridges.length} cartridges are on the shelf.${others}`, false);
  }

  /** @throws what is wrong with it, once there is a game: that goes on as it was. */
  async #takeModel(bytes: Uint8Array, name: string): Promise<void> {
    if (this.#machine === undefined) {
      this.#seat.keep(bytes, name);
      this.#say(`${name} waits for its cartridge.`, false);
      return;
    }
    if (!(await this.#seat.take(bytes, name))) return;
    if (this.mode === 'model') await this.#seat.seatGiven();
    else this.mode = 'model';
  }

  #takeState(bytes: Uint8Array, name: string): void {
    if (this.#machine === undefined) throw new Error(`${name} waits for its cartridge: give that first.`);
    this.#machine.load(bytes, name);
    this.mode = 'play';
    this.#draw();
    this.#say(`Going on from ${name}.`, false);
  }

  /** Puts a cartridge of the shelf into the console. */
  #plug(game: string): void {
    if (this.#shelf.get(game) === undefined) return;
    void this.#seat.dismiss();
    this.#learning.close();
    this.#insert(game);
    this.mode = 'play';
  }

  #insert(game: string): void {
    const bytes = this.#shelf.get(game);
    if (bytes === undefined || this.#parts === undefined) return;
    this.#machine = new this.#parts.ArcadeMachine(bytes);
    this.#clock.rate = this.#machine.framesPerSecond * this.#speed;
    this.#paused = false;
    // What was wrong before is mended.
    if (this.#said?.error) this.#said = undefined;
    this.requestUpdate();
  }

  // Agents

  #modeChanged(): void {
    void this.#seat.dismiss();
    this.#stick.letGo();
    if (this.mode !== 'learn') void this.#learning.pause();
    if (this.mode === 'model' && this.#machine !== undefined) void this.#seat.seatGiven();
    if (this.mode === 'learn') void this.#learning.fetchModel();
  }

  /** Looks at the training of a checkpoint. @throws MismatchError for one of another game. */
  #admit({ config }: RemoteTraining): string {
    const env = String(config['env']);
    const name = env.replace(/^ALE\//, '').replace(/(-ram)?(Deterministic|NoFrameskip)?-v\d$/, '');
    if (name !== idName(this.game))
      throw new MismatchError(`The checkpoint is of ${env}, allowed is ${titleOf(this.game)}.`);
    return '';
  }

  /** Goes on with the model's game by oneself. */
  #takeOver(): void {
    const { agent } = this.#seat;
    if (agent === undefined || this.#machine === undefined) return;
    this.#machine.take(agent.state());
    this.mode = 'play';
    this.updateComplete.then(() => this.#focusScreen());
  }

  // Playing

  play(): void {
    this.#paused = false;
    this.requestUpdate();
  }
  pause(): void {
    this.#paused = true;
    this.requestUpdate();
  }

  #tick(milliseconds: number): void {
    const machine = this.#machine;
    if (machine === undefined) return;
    this.#caption.write(this.renderRoot, (rate) => this.#captions(machine, rate));
    if (this.#rewinding) {
      this.#owedBack += (milliseconds * machine.framesPerSecond) / 1000;
      if (this.#owedBack < BACK_FRAMES) return;
      this.#owedBack = 0;
      machine.back();
      this.#draw();
      return;
    }
    if (this.#paused) return;
    const due = this.#clock.due(milliseconds, 8);
    if (due > 0) this.#advance(due);
  }

  #advance(frames: number): void {
    if (this.mode !== 'play') {
      void this.#seat.play(frames, (picture) => {
        this.#caption.count(frames);
        this.#screenOf()?.show(picture);
      });
      return;
    }
    const machine = this.#machine;
    if (machine === undefined || machine.over || this.#parts === undefined) return;
    const gamepads = navigator.getGamepads?.() ?? [];
    const action = this.#parts.actionPressing(this.#stick.pressed(gamepads), machine.paddles);
    try {
      for (let i = 0; i < frames; i++) machine.play(action);
    } catch (error) {
      this.#paused = true;
      this.#say((error as Error).message, true);
    }
    this.#caption.count(frames);
    this.#draw();
    if (machine.over) this.requestUpdate();
  }

  #screenOf(): PictureCanvas | undefined {
    const canvas = this.renderRoot.querySelector<HTMLCanvasElement>('.screen canvas');
    if (canvas === null) return undefined;
    if (canvas !== this.#canvas) {
      this.#canvas = canvas;
      this.#screen = new PictureCanvas(canvas);
    }
    return this.#screen;
  }

  #draw(): void {
    if (this.#machine !== undefined) this.#screenOf()?.show(this.#machine.picture());
  }

  #captions(machine: ArcadeMachine, rate: number): Readonly<Record<string, string>> {
    const playing = this.mode === 'play';
    const { agent } = this.#seat;
    return {
      score: `Score ${inDigits(playing ? machine.score : (agent?.score ?? 0), 0)}`,
      frame: playing ? `Frame ${inDigits(machine.frame, 0)}` : (agent?.action ?? ''),
      rate: `${rate} frames/s`,
      back: playing ? `${machine.secondsBack.toFixed(0)} s to rewind` : '',
    };
  }

  #reset(): void {
    this.#machine?.reset();
    this.#paused = false;
    this.#draw();
    this.requestUpdate();
  }

  #oneFrame(): void {
    this.#paused = true;
    this.#advance(1);
    this.requestUpdate();
  }

  #setRewinding(on: boolean): void {
    if (this.mode !== 'play' || this.#rewinding === on) return;
    this.#rewinding = on;
    this.#owedBack = BACK_FRAMES;
    this.requestUpdate();
  }

  readonly #keyed = (event: KeyboardEvent): void => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const down = event.type === 'keydown';
    if (this.#stick.press(event.code, down)) {
      event.preventDefault();
      return;
    }
    if (event.code === 'KeyB') this.#setRewinding(down);
    else if (!down) return;
    else if (event.code === 'KeyP') this.#paused ? this.play() : this.pause();
    else if (event.code === 'KeyN') this.#oneFrame();
    else if (event.code === 'KeyR') this.#reset();
    else return;
    event.preventDefault();
  };
  readonly #letGo = (): void => {
    this.#stick.letGo();
    this.#setRewinding(false);
  };

  #focusScreen(): void {
    this.renderRoot.querySelector<HTMLElement>('.screen')?.focus({ preventScroll: true });
  }

  async #takeFiles(files: readonly { readonly file: File; readonly path: string }[]): Promise<void> {
    if (files.length === 0) this.#say('No cartridge is in it: allowed are .bin, .a26, .rom, .zip and .whl.', true);
    for (const { file, path } of files) {
      const largest = 1 << 29;
      if (file.size > largest) this.#say(`${path}: ${file.size} bytes, allowed are ${largest}.`, true);
      else await this.addFile(new Uint8Array(await file.arrayBuffer()), path);
    }
    // The keys are the stick's at once.
    await this.updateComplete;
    if (this.mode === 'play') this.#focusScreen();
  }

  #choose(accept: string): void {
    const input = this.renderRoot.querySelector<HTMLInputElement>('#file');
    if (input === null) return;
    input.accept = accept;
    input.click();
  }
  readonly #chosen = (event: Event): void => {
    const input = event.target as HTMLInputElement;
    const files = Array.from(input.files ?? [], (file) => ({ file, path: file.name }));
    input.value = '';
    if (files.length > 0) void this.#takeFiles(files);
  };

  async #keep(box: HTMLInputElement): Promise<void> {
    try {
      if (box.checked) {
        await this.#shelf.keep();
        const { kept } = this.#shelf;
        this.#say(`Kept in this browser: ${kept === 1 ? '1 cartridge' : `${kept} cartridges`}.`, false);
      } else {
        await this.#shelf.forget();
        this.#say('This browser keeps no cartridges any more.', false);
      }
    } catch (error) {
      this.#say(`This browser keeps nothing for this page: ${(error as Error).message}`, true);
      box.checked = this.#shelf.kept > 0;
    }
    this.requestUpdate();
  }

  #say(text: string, error: boolean): void {
    this.#said = { text, error };
    this.requestUpdate();
  }

  async #saveState(): Promise<void> {
    const machine = this.#machine;
    if (machine === undefined) return;
    const content = new Uint8Array(await machine.save(VERSION).arrayBuffer());
    saveBytes(`${this.game}-${machine.frame}.state`, content);
  }

  // The page

  override updated(): void {
    if (this.mode === 'play') this.#draw();
    if (this.mode === 'learn') drawLearningCurve(this.renderRoot, this.#learning, this.#panel(), coloursOf(this));
  }

  override render(): TemplateResult {
    const said = this.#said;
    return html`
      ${this.#machine === undefined ? nothing : this.#bar()}
      ${messageList(said === undefined ? [] : [said], () => {
        this.#said = undefined;
        this.requestUpdate();
      })}
      ${this.#machine === undefined ? this.#empty() : this.#console(this.#machine)}
      <input id="file" type="file" multiple hidden aria-label="File" @change=${this.#chosen} />
      <div class="drop" aria-hidden="true">Drop a cartridge, a model or a saved state</div>
    `;
  }

  #empty(): TemplateResult {
    return html`<div class="empty">
      <p><strong>Drop a cartridge of the Atari 2600 here</strong></p>
      <p class="muted">
        A <code>.bin</code> file, a folder or zip of them, or ale-py's wheel, which has those of its games:
        <code>pip download ale-py --no-deps</code>. No game comes with this page, and yours never leave it.
      </p>
      <button class="primary" @click=${() => this.#choose('.bin,.a26,.rom,.zip,.whl')}>Choose a cartridge</button>
    </div>`;
  }

  #bar(): TemplateResult {
    return html`<div class="bar">
      ${segments<ArcadeMode>({
        label: 'Who plays',
        name: 'mode',
        value: this.mode,
        choices: [
          { value: 'play', text: 'You play' },
          { value: 'model', text: 'Model plays' },
          { value: 'learn', text: 'Learn' },
        ],
        onChange: (mode) => (this.mode = mode),
      })}
      <span class="grow"></span>
      <select aria-label="Cartridge" @change=${(event: Event) => this.#plug((event.target as HTMLSelectElement).value)}>
        ${this.#shelf.games.map((game) => html`<option value=${game} ?selected=${game === this.game}>${titleOf(game)}</option>`)}
      </select>
      <button @click=${() => this.#choose('.bin,.a26,.rom,.zip,.whl')}>${icons.open}Add</button>
    </div>`;
  }

  #console(machine: ArcadeMachine): TemplateResult {
    const playing = this.mode === 'play';
    return html`<div class="layout">
      <div class="stage">
        <div
          class="screen"
          role="application"
          tabindex="0"
          aria-label="${machine.title}, the screen"
          aria-roledescription="game"
          aria-describedby="keys"
          @keydown=${this.#keyed}
          @keyup=${this.#keyed}
          @blur=${this.#letGo}
          @pointerdown=${() => this.#focusScreen()}
        >
          <canvas aria-hidden="true"></canvas>
          ${this.#sign(machine)}
        </div>
        <div class="caption">
          <strong data-at="score">Score 0</strong><span data-at="frame"></span><span data-at="back"></span
          ><span data-at="rate"></span>
        </div>
        ${playing ? pads(this.#stick) : nothing}
        <div class="toolbar controls" role="group" aria-label="The game">
          <button @click=${() => (this.#paused ? this.play() : this.pause())}>
            ${this.#paused ? html`${icons.play}Go on` : html`${icons.pause}Pause`}
          </button>
          <button @click=${() => this.#oneFrame()}>${icons.step}One frame</button>
          ${playing ? this.#playButtons() : nothing}
          ${
            this.mode !== 'play' && this.#seat.agent !== undefined
              ? html`<button @click=${() => this.#takeOver()}>Take over</button>`
              : nothing
          }
        </div>
      </div>
      <div class="side">${this.#side(machine)}</div>
    </div>
    ${this.mode === 'learn' ? learningPanel(this.#learning, this.#panel()) : nothing}`;
  }

  #sign(machine: ArcadeMachine): TemplateResult | typeof nothing {
    const text = this.#rewinding
      ? 'Rewinding'
      : this.mode === 'play' && machine.over
        ? 'The game is over. R starts it again, B winds it back.'
        : this.mode === 'model' && this.#seat.givenName === undefined
          ? 'Drop a model of this game here: best.onnx of a run.'
          : this.mode !== 'play' && this.#seat.agent === undefined && !['none', 'failed'].includes(this.#learning.state)
            ? 'The network comes …'
            : this.#paused
              ? 'Paused'
              : '';
    return text === '' ? nothing : html`<p class="sign">${text}</p>`;
  }

  #playButtons(): TemplateResult {
    const hold = (on: boolean) => () => this.#setRewinding(on);
    return html`<button
        @pointerdown=${hold(true)}
        @pointerup=${hold(false)}
        @pointerleave=${hold(false)}
        @keydown=${(event: KeyboardEvent) => event.code === 'Space' && this.#setRewinding(true)}
        @keyup=${hold(false)}
        @blur=${hold(false)}
        title="Hold it"
      >
        ${icons.again}Rewind
      </button>
      <button @click=${() => this.#reset()}>Reset</button>
      <button @click=${() => this.#saveState()}>${icons.save}Save</button>
      <button @click=${() => this.#choose('.state')}>${icons.open}Load</button>`;
  }

  #side({ ale }: ArcadeMachine): TemplateResult {
    return sidePanel({
      mode: this.mode,
      ale,
      speed: this.#speed,
      setSpeed: (speed) => {
        this.#speed = speed;
        this.#clock.rate = (this.#machine?.framesPerSecond ?? 60) * speed;
        this.requestUpdate();
      },
      model: this.#seat.agent?.env ?? this.#seat.givenName,
      openModel: () => this.#choose('.onnx'),
      switched: () => this.requestUpdate(),
      reset: () => this.#reset(),
      kept: this.#shelf.kept > 0,
      keep: (box) => void this.#keep(box),
    });
  }

  #panel(): LearningPanelOptions {
    const { returns } = this.#learning.curve;
    const pong = this.game === 'pong';
    const [low, high] = pong ? [-21, 21] : [Math.min(0, ...returns), Math.max(1, ...returns)];
    const env = `${idName(this.game)}NoFrameskip-v4`;
    const start = async (what: Parameters<Learning['start']>[0]): Promise<void> => {
      if (await this.#learning.start(what)) await this.#learning.run();
    };
    return {
      fileName: `${this.game}-pqn`,
      returns: [low, high],
      solved: pong ? 18 : undefined,
      digits: 1,
      invitation: `A network that knows nothing learns ${titleOf(this.game)} here, by PQN on pictures of 42x42 (recipe pong-fast), in a worker. Pong takes an hour or so; the newest network plays above meanwhile.`,
      onBegin: () => void start({ recipe: 'pong-fast', env, seed: 1 }),
      onResume: (checkpoint) => void start({ checkpoint }),
    };
  }
}

customElements.define('bellman-arcade', BellmanArcadeElement);
