import { type CSSResult, css, unsafeCSS } from 'lit';

/**
 * The colours of the elements, light and dark. One accent; neutrals that lean to its blue. A page replaces any of them:
 * `bellman-lake { --bellman-accent: #a33 }`, and fonts by `--bellman-font` and `--bellman-font-mono`. The element's
 * `theme` attribute, `light` or `dark`, wins over what the system prefers.
 *
 * Styles write `var(--accent)`; what draws on a canvas asks `coloursOf(host)`.
 */
const light = {
  /** Behind everything. */
  surface: '#ffffff',
  /** Behind toolbars, wells and tables. */
  raised: '#f4f7fa',
  line: '#d5dde5',
  /** Text, and the lesser text; both at 4.5:1 or more on surface and raised. */
  ink: '#122333',
  muted: '#55677a',
  accent: '#1463b8',
  /** Text on the accent. */
  onAccent: '#ffffff',
  /** A faint accent, behind what is chosen. */
  accentSoft: '#e2eefb',
  good: '#17734a',
  bad: '#b3261e',
  /** Marks that must stand out from any heat: the cell that is being worked on. */
  mark: '#d9480f',
} as const;

type Palette = { readonly [K in keyof typeof light]: string };

const dark: Palette = {
  surface: '#10171f',
  raised: '#182330',
  line: '#2d3b4a',
  ink: '#e6edf4',
  muted: '#9fb0c1',
  accent: '#63aef5',
  onAccent: '#08182a',
  accentSoft: '#1a344f',
  good: '#58c48f',
  bad: '#ff8a80',
  mark: '#ff9a4d',
};

/**
 * Colours of several curves or bars that people who see few colours tell apart (Okabe and Ito, Color Universal Design, 2008;
 * the yellow left out and black replaced by a grey, for both themes).
 */
export const seriesColours: { readonly light: readonly string[]; readonly dark: readonly string[] } = {
  light: ['#0072b2', '#d55e00', '#009e73', '#b8578c', '#9a7200', '#3a8fc4', '#5c6670'],
  dark: ['#5fb3ec', '#f08a3c', '#2fc49a', '#e29bc4', '#e6b84a', '#9fd3f5', '#a3afba'],
};

const kebab = (name: string): string => name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);

const variables = (Object.keys(light) as (keyof Palette)[])
  .map((name) => `--${kebab(name)}: var(--bellman-${kebab(name)}, light-dark(${light[name]}, ${dark[name]}));`)
  .join('\n');

/** Every element's first style: its colours, type and box. */
export const theme: CSSResult = css`
  :host {
    color-scheme: light dark;
    ${unsafeCSS(variables)}
    --radius: 10px;
    --radius-small: 6px;
    --font: var(--bellman-font, system-ui, -apple-system, 'Segoe UI', Roboto, 'Helvetica Neue', 'DejaVu Sans', sans-serif);
    --font-mono: var(--bellman-font-mono, ui-monospace, 'SF Mono', Menlo, Consolas, 'DejaVu Sans Mono', monospace);
    display: block;
    container-type: inline-size;
    min-width: 0;
    box-sizing: border-box;
    background: var(--surface);
    color: var(--ink);
    border: 1px solid var(--line);
    border-radius: var(--radius);
    font: 400 15px / 1.45 var(--font);
    text-align: start;
  }
  :host([theme='light']) {
    color-scheme: light;
  }
  :host([theme='dark']) {
    color-scheme: dark;
  }
  :host([hidden]) {
    display: none;
  }
  *,
  *::before,
  *::after {
    box-sizing: border-box;
  }
  :focus-visible {
    outline: 3px solid var(--accent);
    outline-offset: 2px;
  }
  .number {
    font-variant-numeric: tabular-nums;
  }
  .muted {
    color: var(--muted);
  }
  .visually-hidden {
    position: absolute;
    width: 1px;
    height: 1px;
    margin: -1px;
    overflow: hidden;
    clip-path: inset(50%);
    white-space: nowrap;
  }
  @media (prefers-reduced-motion: reduce) {
    *,
    *::before,
    *::after {
      transition-duration: 0s !important;
      animation-duration: 0s !important;
    }
  }
`;

const prefersDark = '(prefers-color-scheme: dark)';

/** Whether an element is dark now, by its attribute or the system. */
export function isDark(host: Element): boolean {
  const wished = host.getAttribute('theme');
  return wished === 'dark' || (wished !== 'light' && matchMedia(prefersDark).matches);
}

/** The colours of an element now, for drawing on a canvas. */
export function coloursOf(host: Element): Palette & { readonly series: readonly string[] } {
  const style = getComputedStyle(host);
  const dim = isDark(host);
  const own = (name: string): string => style.getPropertyValue(`--bellman-${kebab(name)}`).trim();
  const palette = Object.fromEntries(
    Object.entries(dim ? dark : light).map(([name, value]) => [name, own(name) || value]),
  );
  return { ...(palette as Palette), series: dim ? seriesColours.dark : seriesColours.light };
}

/** Calls back when the system's choice between light and dark changes.
 * @returns what ends it. */
export function onThemeChange(listener: () => void): () => void {
  const query = matchMedia(prefersDark);
  query.addEventListener('change', listener);
  return () => query.removeEventListener('change', listener);
}

/** Whether the reader asked for less motion: show ends, not ways. */
export function prefersReducedMotion(): boolean {
  return matchMedia('(prefers-reduced-motion: reduce)').matches;
}
