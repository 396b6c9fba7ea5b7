import { svg, type TemplateResult } from 'lit';

const icon = (path: string): TemplateResult =>
  svg`<svg viewBox="0 0 20 20" aria-hidden="true" focusable="false"><path d=${path}></path></svg>`;

/** Pictures of buttons, next to their words. */
export const icons = {
  run: icon('M5 3.2v13.6L16.5 10z'),
  pause: icon('M5 3h3.6v14H5zM11.4 3H15v14h-3.6z'),
  step: icon('M4 3.5v13L12.5 10zM13.5 3.5H16v13h-2.5z'),
  round: icon('M2 4v12l6.5-6zM8.5 4v12L15 10zM15.5 4H18v12h-2.5z'),
  reset: icon('M10 3a7 7 0 1 1-6.7 5h2.3A4.9 4.9 0 1 0 10 5.1v2.9L5.3 4 10 0z'),
  walk: icon('M10 2.2a2.7 2.7 0 1 1 0 5.4 2.7 2.7 0 0 1 0-5.4zM4 17.5c0-5.2 2.4-8.5 6-8.5s6 3.3 6 8.5z'),
  close: icon('M4.6 3.2 10 8.6l5.4-5.4 1.4 1.4-5.4 5.4 5.4 5.4-1.4 1.4-5.4-5.4-5.4 5.4-1.4-1.4L8.6 10 3.2 4.6z'),
  add: icon('M9 3h2v6h6v2h-6v6H9v-6H3V9h6z'),
} as const;
