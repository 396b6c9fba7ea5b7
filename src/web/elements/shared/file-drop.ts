import { type CSSResult, css, type ReactiveController, type ReactiveControllerHost } from 'lit';

/** Lets files be dropped on an element, which has a `<div class="drop">` that says so while they are held over it. */
export class FileDrop implements ReactiveController {
  readonly #host: ReactiveControllerHost & HTMLElement;
  readonly #take: (data: DataTransfer) => void;
  readonly #accepts: () => boolean;

  /**
   * @param take what was dropped; its entries are there only until the call is over.
   * @param accepts whether files may be dropped now.
   */
  constructor(
    host: ReactiveControllerHost & HTMLElement,
    take: (data: DataTransfer) => void,
    accepts: () => boolean = () => true,
  ) {
    this.#host = host;
    this.#take = take;
    this.#accepts = accepts;
    host.addController(this);
  }

  hostConnected(): void {
    this.#host.addEventListener('dragover', this.#over);
    this.#host.addEventListener('dragleave', this.#left);
    this.#host.addEventListener('drop', this.#dropped);
  }

  hostDisconnected(): void {
    this.#host.removeEventListener('dragover', this.#over);
    this.#host.removeEventListener('dragleave', this.#left);
    this.#host.removeEventListener('drop', this.#dropped);
  }

  readonly #over = (event: DragEvent): void => {
    if (!this.#accepts() || event.dataTransfer?.types.includes('Files') !== true) return;
    event.preventDefault();
    this.#host.toggleAttribute('data-over', true);
  };

  readonly #left = (event: DragEvent): void => {
    const inside = event.relatedTarget !== null && this.#host.contains(event.relatedTarget as Node);
    if (!inside) this.#host.removeAttribute('data-over');
  };

  readonly #dropped = (event: DragEvent): void => {
    this.#host.removeAttribute('data-over');
    if (!this.#accepts() || event.dataTransfer === null || event.dataTransfer.files.length === 0) return;
    event.preventDefault();
    this.#take(event.dataTransfer);
  };
}

export const fileDropStyle: CSSResult = css`
  .drop {
    display: none;
    position: absolute;
    inset: 0;
    z-index: 3;
    place-items: center;
    border-radius: inherit;
    background: color-mix(in srgb, var(--accent-soft) 88%, transparent);
    outline: 3px dashed var(--accent);
    outline-offset: -10px;
    color: var(--accent);
    font-size: 18px;
    font-weight: 600;
    pointer-events: none;
  }
  :host([data-over]) .drop {
    display: grid;
  }
`;
