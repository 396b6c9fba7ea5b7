import { svg, type TemplateResult } from 'lit';

const icon = (path: string): TemplateResult =>
  svg`<svg viewBox="0 0 24 24" aria-hidden="true"><path d=${path}></path></svg>`;

/** Icons of buttons, which the buttons' text or label names. */
export const icons = {
  play: icon('M8 5v14l11-7z'),
  pause: icon('M6 5h4v14H6zM14 5h4v14h-4z'),
  step: icon('M6 5v14l9-7zM16 5h3v14h-3z'),
  again: icon('M12 5V1L7 6l5 5V7a5 5 0 1 1-5 5H5a7 7 0 1 0 7-7z'),
  save: icon('M5 20h14v-2H5zM19 9h-4V3H9v6H5l7 7z'),
  open: icon('M5 20h14v-2H5zM5 10h4v6h6v-6h4l-7-7z'),
} as const;
