import { html, LitElement, type TemplateResult } from 'lit';
import { FrozenLakeEnv } from '../../../envs/toy-text/frozen-lake.ts';
import { valueIteration } from '../../../tabular/planners.ts';
import { fitCanvas } from '../shared/canvas.ts';
import { controls } from '../shared/controls.ts';
import { coloursOf, theme } from '../shared/theme.ts';

/** `<bellman-lake>`: a lake to paint, and how values come to it. */
export interface BellmanLake extends HTMLElement {
  /** Of the element's colours; the system's choice without it. */
  theme: 'light' | 'dark' | '';
}

declare global {
  interface HTMLElementTagNameMap {
    'bellman-lake': BellmanLake;
  }
}

class BellmanLakeElement extends LitElement implements BellmanLake {
  static override properties = { theme: { reflect: true } };
  static override styles = [theme, controls];
  declare theme: 'light' | 'dark' | '';

  constructor() {
    super();
    this.theme = '';
  }

  override render(): TemplateResult {
    return html`<canvas role="img" aria-label="Values of the lake's cells"></canvas>`;
  }

  override updated(): void {
    const env = new FrozenLakeEnv();
    const { values } = valueIteration(env.model, { gamma: 0.99 });
    const canvas = this.renderRoot.querySelector('canvas') as HTMLCanvasElement;
    const context = fitCanvas(canvas, 320, 320);
    canvas.style.width = '320px';
    const { ink } = coloursOf(this);
    for (const [cell, value] of values.entries()) {
      context.fillStyle = `rgb(40 120 200 / ${value})`;
      context.fillRect((cell % 4) * 80, Math.floor(cell / 4) * 80, 79, 79);
      context.fillStyle = ink;
      context.fillText(value.toFixed(3), (cell % 4) * 80 + 20, Math.floor(cell / 4) * 80 + 40);
    }
  }
}

customElements.define('bellman-lake', BellmanLakeElement);
