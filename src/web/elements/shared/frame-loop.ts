import type { ReactiveController, ReactiveControllerHost } from 'lit';

/**
 * Calls back before each picture while it runs and while the element can be seen: one that is scrolled away, or in a tab behind
 * others, rests.
 */
export class FrameLoop implements ReactiveController {
  /** Whether some of the element is on the screen now. */
  visible = false;
  readonly #host: ReactiveControllerHost & Element;
  readonly #tick: (milliseconds: number) => void;
  readonly #onVisible: ((visible: boolean) => void) | undefined;
  #observer: IntersectionObserver | undefined;
  #near = false;
  #running = false;
  #frame = 0;
  #last = 0;

  /** @param tick gets the time since the last call: 0 at first and after a rest, never more than 100.
   * @param onVisible hears of coming and going, to rest what runs elsewhere. */
  constructor(
    host: ReactiveControllerHost & Element,
    tick: (milliseconds: number) => void,
    onVisible?: (visible: boolean) => void,
  ) {
    this.#host = host;
    this.#tick = tick;
    this.#onVisible = onVisible;
    host.addController(this);
  }

  get running(): boolean {
    return this.#running;
  }
  set running(running: boolean) {
    this.#running = running;
    this.#schedule();
  }

  hostConnected(): void {
    this.#observer = new IntersectionObserver((entries) => {
      this.#near = entries[entries.length - 1].isIntersecting;
      this.#judge();
    });
    this.#observer.observe(this.#host);
    document.addEventListener('visibilitychange', this.#judge);
  }

  hostDisconnected(): void {
    this.#observer?.disconnect();
    document.removeEventListener('visibilitychange', this.#judge);
    this.#near = false;
    this.#judge();
  }

  readonly #judge = (): void => {
    const visible = this.#near && !document.hidden;
    if (visible === this.visible) return;
    this.visible = visible;
    this.#onVisible?.(visible);
    this.#schedule();
  };

  #schedule(): void {
    const wanted = this.#running && this.visible;
    if (wanted && this.#frame === 0) {
      this.#last = 0;
      this.#frame = requestAnimationFrame(this.#call);
    } else if (!wanted && this.#frame !== 0) {
      cancelAnimationFrame(this.#frame);
      this.#frame = 0;
    }
  }

  readonly #call = (now: number): void => {
    const passed = this.#last === 0 ? 0 : Math.min(100, now - this.#last);
    this.#last = now;
    this.#frame = requestAnimationFrame(this.#call);
    this.#tick(passed);
  };
}
