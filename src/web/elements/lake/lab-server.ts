import { Lab, type LabReport } from './lab.ts';
import type { LakeState, LiveSettings, MethodName } from './lake-state.ts';

/** What the page asks of the laboratory, which may live in a worker. */
export type LabCommand =
  /** From the beginning, at rest. */
  | { readonly type: 'open'; readonly state: LakeState }
  /** Another world of as many states. */
  | { readonly type: 'move'; readonly state: LakeState }
  | {
      readonly type: 'change';
      readonly settings: Partial<LiveSettings> & { readonly methods?: readonly MethodName[] };
    }
  | { readonly type: 'step' }
  | { readonly type: 'round' }
  /** Units a second of every method; 0 rests, Infinity is as fast as it goes. */
  | { readonly type: 'speed'; readonly perSecond: number };

export interface LabMessage extends LabReport {
  /** Commands that were carried out before it. */
  readonly commands: number;
  /** Units a second of all methods together, lately. */
  readonly rate: number;
  readonly running: boolean;
}

export interface LabServerOptions {
  readonly post: (message: LabMessage) => void;
  readonly now: () => number;
  /** Calls back after so many milliseconds, with 0 as soon as other messages had their turn. */
  readonly later: (next: () => void, milliseconds: number) => void;
  /** Milliseconds of work without a pause. */
  readonly slice: number;
}

/** Milliseconds between two messages while it runs. */
const REPORT_INTERVAL = 33;
/** Units of a turn at most: clocks of careful browsers stand still for 100 ms. */
const LONGEST_TURN = 16_384;
/** Milliseconds between two turns at a limited speed. */
const PAY_INTERVAL = 12;
/** Units a second up to which each is done as a single step, with its numbers. */
const TELLING_SPEED = 8;

/** Carries out commands and reports, never longer than a slice at a time. */
export class LabServer {
  readonly #options: LabServerOptions;
  #lab: Lab | undefined;
  #commands = 0;
  #perSecond = 0;
  #looping = false;
  /** Units that are due at a limited speed. */
  #owed = 0;
  #last = 0;
  #reported = Number.NEGATIVE_INFINITY;
  /** Units of a turn at full speed: what fits into a slice. */
  #turn = 64;
  #rate = 0;
  #counted = 0;
  #countedSince = 0;

  constructor(options: LabServerOptions) {
    this.#options = options;
  }

  receive(command: LabCommand): void {
    this.#commands++;
    if (command.type === 'open') {
      this.#lab = new Lab(command.state);
      this.#perSecond = 0;
    } else if (command.type === 'speed') this.#setSpeed(command.perSecond);
    else if (command.type === 'move') this.#lab?.moveTo(command.state);
    else if (command.type === 'change') this.#lab?.change(command.settings);
    else if (command.type === 'step') this.#lab?.step();
    else this.#lab?.finishRounds();
    this.#report();
  }

  #setSpeed(perSecond: number): void {
    this.#perSecond = perSecond;
    this.#owed = 0;
    this.#last = this.#options.now();
    this.#countedSince = this.#last;
    this.#counted = 0;
    this.#rate = 0;
    if (this.#looping || perSecond === 0) return;
    this.#goOn();
  }

  #goOn(): void {
    this.#looping = true;
    this.#options.later(this.#work, this.#perSecond === Number.POSITIVE_INFINITY ? 0 : PAY_INTERVAL);
  }

  readonly #work = (): void => {
    const lab = this.#lab;
    this.#looping = false;
    if (lab === undefined || this.#perSecond === 0) return;
    const start = this.#options.now();
    let done = false;
    if (this.#perSecond === Number.POSITIVE_INFINITY) done = this.#hurry(lab, start);
    else {
      this.#owed = Math.min(this.#owed + ((start - this.#last) * this.#perSecond) / 1000, this.#perSecond);
      this.#last = start;
      done = this.#pay(lab, start);
    }
    const now = this.#options.now();
    if (now - this.#countedSince > 500) {
      this.#rate = (this.#counted * 1000) / (now - this.#countedSince);
      this.#counted = 0;
      this.#countedSince = now;
    }
    if (done) this.#perSecond = 0;
    if (done || now - this.#reported >= REPORT_INTERVAL) this.#report();
    if (done) return;
    this.#goOn();
  };

  /** Works for a slice. @returns whether nothing is left to do. */
  #hurry(lab: Lab, start: number): boolean {
    for (;;) {
      const before = this.#options.now();
      const units = lab.advance(this.#turn);
      this.#counted += units;
      const now = this.#options.now();
      // A turn takes about a fifth of a slice, so that the clock is asked seldom and a slice ends in time.
      const wished = (this.#turn * this.#options.slice) / 5 / Math.max(0.01, now - before);
      this.#turn = Math.max(1, Math.min(2 * this.#turn, LONGEST_TURN, Math.round(wished)));
      if (units === 0) return true;
      if (now - start >= this.#options.slice) return false;
    }
  }

  /** Does what is due. @returns whether nothing is left to do. */
  #pay(lab: Lab, start: number): boolean {
    while (this.#owed >= 1) {
      if (this.#perSecond <= TELLING_SPEED) {
        if (lab.done) return true;
        lab.step();
        this.#owed--;
        this.#reported = Number.NEGATIVE_INFINITY;
        continue;
      }
      const turn = Math.min(Math.floor(this.#owed), Math.max(1, Math.round(this.#perSecond / 200)));
      const units = lab.advance(turn);
      this.#counted += units;
      this.#owed -= turn;
      if (units === 0) return true;
      if (this.#options.now() - start >= this.#options.slice) {
        // Slower than asked for: what is missed is not made up for.
        this.#owed = Math.min(this.#owed, 1);
        return false;
      }
    }
    return false;
  }

  #report(): void {
    if (this.#lab === undefined) return;
    this.#reported = this.#options.now();
    const report = this.#lab.report(this.#perSecond <= 200);
    this.#options.post({
      ...report,
      commands: this.#commands,
      rate: this.#rate,
      running: this.#perSecond !== 0 && !report.done,
    });
  }
}
