import { type CSSResult, css } from 'lit';

export const styles: CSSResult = css`
  :host {
    position: relative;
    padding: 14px;
  }
  .head {
    display: flex;
    flex-wrap: wrap;
    align-items: end;
    gap: 10px 14px;
    margin-bottom: 8px;
  }
  h2 {
    margin: 0 0 10px;
    font-size: 17px;
    font-weight: 600;
    overflow-wrap: anywhere;
  }
  .field select {
    min-width: 120px;
    max-width: 220px;
    padding: 0 10px;
  }
  .smoothing {
    width: 150px;
    margin-bottom: -5px;
  }
  .grow {
    flex: 1;
  }
  .menu {
    position: relative;
  }
  .menu summary {
    display: inline-flex;
    align-items: center;
    min-height: 44px;
    padding: 0 14px;
    border: 1px solid var(--line);
    border-radius: var(--radius-small);
    cursor: pointer;
    list-style: none;
    user-select: none;
  }
  .menu summary::-webkit-details-marker {
    display: none;
  }
  .menu summary::after {
    content: '';
    margin-left: 8px;
    border: 4px solid transparent;
    border-top-color: currentColor;
    border-bottom: 0;
  }
  .menu[open] summary {
    background: var(--accent-soft);
    border-color: var(--accent);
    color: var(--accent);
  }
  .panel {
    position: absolute;
    z-index: 2;
    right: 0;
    top: calc(100% + 6px);
    display: grid;
    gap: 4px;
    width: max-content;
    min-width: 230px;
    padding: 12px 14px;
    background: var(--surface);
    border: 1px solid var(--line);
    border-radius: var(--radius);
    box-shadow: 0 8px 28px rgb(0 0 0 / 0.16);
  }
  .panel select {
    max-width: none;
  }
  .panel .check input {
    flex: none;
  }
  .panel button {
    justify-content: start;
    border-color: transparent;
  }
  .body {
    display: grid;
    grid-template-columns: minmax(0, 1fr);
    gap: 10px;
  }
  .chart {
    position: relative;
    height: var(--bellman-curves-height, 420px);
    min-height: 220px;
    border-radius: var(--radius-small);
  }
  .chart canvas {
    position: absolute;
    inset: 0;
    width: 100%;
    height: 100%;
    pointer-events: none;
  }
  .chart:focus-visible {
    outline-offset: 0;
  }
  .plot {
    cursor: crosshair;
    touch-action: pan-y;
    user-select: none;
    -webkit-user-select: none;
  }
  .reset {
    position: absolute;
    z-index: 1;
    top: 4px;
    right: 18px;
    background: var(--surface);
  }
  .legend-head {
    display: flex;
    justify-content: space-between;
    align-items: center;
    gap: 8px;
    min-height: 32px;
    padding: 0 4px;
    color: var(--muted);
    font-size: 13px;
  }
  .legend-head button {
    padding: 0 8px;
  }
  ul {
    margin: 0;
    padding: 0;
    list-style: none;
  }
  .legend {
    max-height: var(--bellman-curves-height, 420px);
    overflow: auto;
    min-width: 0;
  }
  .legend > li + li {
    border-top: 1px solid var(--line);
  }
  .row {
    display: grid;
    grid-template-columns: minmax(0, 1fr) auto 36px;
    align-items: center;
  }
  .row.seed {
    grid-template-columns: minmax(0, 1fr) auto 8px;
    padding-left: 34px;
  }
  .row button {
    min-height: 44px;
    padding: 4px 6px;
    border: 0;
    background: transparent;
    justify-content: start;
    text-align: start;
    white-space: normal;
    color: inherit;
  }
  .row button[aria-pressed='true'] {
    color: inherit;
  }
  .row.seed button[aria-pressed='true'] {
    color: var(--accent);
    font-weight: 600;
  }
  .row button:hover:not(:disabled) {
    background: var(--accent-soft);
  }
  .row.hidden .name,
  .row.hidden .value {
    opacity: 0.55;
  }
  .row.hidden .name {
    text-decoration: line-through;
  }
  .row .name {
    overflow-wrap: anywhere;
    line-height: 1.25;
  }
  .row .name small {
    color: var(--muted);
    font-size: 12.5px;
    white-space: nowrap;
  }
  .row svg {
    flex: none;
    width: 24px;
    height: 12px;
  }
  .row.hidden svg {
    opacity: 0.3;
  }
  .value {
    padding-left: 8px;
    text-align: end;
    font-variant-numeric: tabular-nums;
    white-space: nowrap;
    line-height: 1.2;
  }
  .value small {
    display: block;
    color: var(--muted);
    font-size: 12px;
  }
  .row .more {
    justify-content: center;
    min-width: 36px;
    padding: 0;
    color: var(--muted);
  }
  .more svg {
    width: 12px;
    transition: transform 120ms;
  }
  .more[aria-expanded='true'] svg {
    transform: rotate(90deg);
  }
  .empty {
    display: grid;
    justify-items: center;
    align-content: center;
    gap: 12px;
    min-height: 260px;
    padding: 24px;
    border: 2px dashed var(--line);
    border-radius: var(--radius);
    text-align: center;
  }
  .empty p {
    margin: 0;
    max-width: 46ch;
  }
  .empty .muted {
    font-size: 13.5px;
  }
  .empty code {
    font-family: var(--font-mono);
    font-size: 0.93em;
  }
  .empty .toolbar {
    justify-content: center;
  }
  .messages:has(.message) {
    margin-bottom: 8px;
  }
  .loading {
    display: flex;
    align-items: center;
    gap: 12px;
    margin-bottom: 8px;
    font-size: 14px;
  }
  .loading progress {
    flex: 1;
    height: 8px;
    accent-color: var(--accent);
  }
  :host(:fullscreen) {
    overflow: auto;
    border-radius: 0;
    --bellman-curves-height: calc(100vh - 130px);
  }
  @container (min-width: 820px) {
    .body {
      grid-template-columns: minmax(0, 1fr) 288px;
    }
  }
  @container (max-width: 460px) {
    .chart {
      height: min(var(--bellman-curves-height, 300px), 300px);
    }
    .head > .field,
    .head > .smoothing {
      flex: 1 1 40%;
      width: auto;
    }
    .field select {
      width: 100%;
      min-width: 0;
      max-width: none;
    }
    .legend {
      max-height: none;
    }
    .grow {
      display: none;
    }
    .panel {
      right: auto;
      left: 0;
    }
    .menu.last .panel {
      left: auto;
      right: 0;
    }
  }
  @media (pointer: fine) {
    .legend-head button {
      min-height: 32px;
    }
    .row button {
      min-height: 36px;
    }
  }
`;
