import { html, type TemplateResult } from 'lit';
import type { Joystick } from './joystick.ts';

/** Stick and fire button for fingers. */
export function pads(stick: Joystick): TemplateResult {
  const lean = (event: PointerEvent): void => {
    const pad = event.currentTarget as HTMLElement;
    if (event.type === 'pointerdown' && event.isTrusted) pad.setPointerCapture(event.pointerId);
    else if (event.type === 'pointermove' && event.buttons === 0) return;
    const { left, top, width, height } = pad.getBoundingClientRect();
    stick.lean((event.clientX - left) / width, (event.clientY - top) / height);
  };
  const fire = (on: boolean) => () => {
    stick.fire = on;
  };
  return html`<div class="pads">
    <div
      class="pad"
      role="img"
      aria-label="Stick: put a finger on it and lean it"
      @pointerdown=${lean}
      @pointermove=${lean}
      @pointerup=${() => stick.release()}
      @pointercancel=${() => stick.release()}
    >
      <svg viewBox="0 0 100 100" aria-hidden="true">
        <path d="M50 8l9 12H41zM50 92l9-12H41zM8 50l12-9v18zM92 50l-12-9v18z" />
      </svg>
    </div>
    <button class="fire" @pointerdown=${fire(true)} @pointerup=${fire(false)} @pointercancel=${fire(false)} @pointerleave=${fire(false)}>
      Fire
    </button>
  </div>`;
}
