import { type CSSResult, css } from 'lit';

/** Of `<bellman-lake>` alone. */
export const lakeStyles: CSSResult = css`
  .top {
    padding: 12px;
    border-bottom: 1px solid var(--line);
    background: var(--raised);
    border-radius: var(--radius) var(--radius) 0 0;
  }
  .top .speed {
    flex: 1 1 170px;
    max-width: 260px;
    min-width: 150px;
  }
  .main {
    display: grid;
    grid-template-columns: minmax(0, 1fr);
  }
  .panels {
    display: grid;
    grid-template-columns: repeat(auto-fit, minmax(min(100%, 250px), 1fr));
    gap: 20px 24px;
    padding: 16px;
    align-content: start;
  }
  .panels.four {
    grid-template-columns: repeat(auto-fit, minmax(min(100%, 330px), 1fr));
  }
  .panel {
    display: grid;
    gap: 8px;
    align-content: start;
    min-width: 0;
    max-width: 560px;
  }
  .head {
    display: flex;
    align-items: center;
    gap: 8px;
  }
  .head select {
    flex: 1;
    min-width: 0;
    font-weight: 600;
    padding: 0 8px;
  }
  .swatch {
    flex: none;
    width: 26px;
    height: 12px;
  }
  .swatch line {
    stroke-width: 3;
  }
  .head button {
    padding: 0;
  }
  .board {
    position: relative;
    width: 100%;
  }
  .board canvas {
    display: block;
    position: absolute;
    inset: 0;
    width: 100%;
    height: 100%;
  }
  .grid {
    position: absolute;
    inset: 0;
    display: grid;
    touch-action: manipulation;
    user-select: none;
    -webkit-user-select: none;
  }
  .grid.painting {
    touch-action: none;
    cursor: crosshair;
  }
  .row {
    display: flex;
  }
  .cell {
    flex: 1;
    outline-offset: -3px;
    border-radius: 6px;
  }
  .cell:focus-visible {
    outline: 3px solid var(--ink);
    box-shadow: inset 0 0 0 5px var(--surface);
  }
  .facts {
    margin: 0;
    font-size: 13px;
  }
  .facts > div {
    display: flex;
    flex-wrap: wrap;
    justify-content: space-between;
    gap: 0 12px;
  }
  .facts dt {
    color: var(--muted);
  }
  .facts dd {
    margin: 0 0 0 auto;
    font-variant-numeric: tabular-nums;
    text-align: end;
  }
  .facts .good {
    color: var(--good);
    font-weight: 600;
  }
  .formula {
    margin: 0;
    padding: 8px 10px;
    background: var(--raised);
    border-radius: var(--radius-small);
    font: 12.5px / 1.55 var(--font-mono);
    overflow-x: auto;
    min-height: 36px;
  }
  .formula div {
    white-space: pre-wrap;
    overflow-wrap: anywhere;
    color: var(--muted);
  }
  .formula .best {
    color: var(--ink);
    font-weight: 600;
  }
  aside {
    display: grid;
    gap: 18px;
    align-content: start;
    padding: 16px;
    border-top: 1px solid var(--line);
  }
  .title {
    font-size: 14px;
    font-weight: 600;
    letter-spacing: 0.02em;
  }
  .group {
    display: grid;
    gap: 8px;
    min-width: 0;
  }
  .pair {
    display: grid;
    grid-template-columns: 1fr 1fr;
    gap: 8px 12px;
  }
  .triple {
    display: grid;
    grid-template-columns: repeat(3, 1fr);
    gap: 8px;
  }
  .pair :is(select, input),
  .triple input {
    width: 100%;
    padding: 0 8px;
  }
  .tile {
    width: 16px;
    height: 16px;
    flex: none;
    border-radius: 4px;
    border: 1px solid color-mix(in srgb, var(--ink) 35%, transparent);
  }
  .tile.F {
    background: #bed9ec;
  }
  .tile.H {
    background: radial-gradient(circle, #161b26 0 5px, #dfe7ee 6px);
  }
  .tile.G {
    background: #f4be42;
  }
  .tile.S {
    background: #bed9ec;
    color: #122333;
    font: 700 11px / 14px var(--font);
    text-align: center;
  }
  .palette label {
    padding: 0 9px;
  }
  .below {
    padding: 4px 16px 16px;
    display: grid;
    gap: 10px;
    min-width: 0;
  }
  .curve {
    width: 100%;
    height: 180px;
    display: block;
  }
  .note {
    font-size: 13px;
  }
  .notice {
    margin: 0;
    padding: 9px 14px;
    border-bottom: 1px solid var(--line);
    background: color-mix(in srgb, var(--mark) 14%, var(--surface));
  }
  .notice:empty {
    display: none;
  }
  details {
    border-top: 1px solid var(--line);
  }
  summary {
    min-height: 44px;
    display: flex;
    align-items: center;
    gap: 8px;
    cursor: pointer;
  }
  summary::before {
    content: '▸';
    color: var(--muted);
  }
  details[open] > summary::before {
    content: '▾';
  }
  .scroll {
    overflow: auto;
    max-height: 420px;
  }
  table {
    border-collapse: collapse;
    font-size: 13px;
    font-variant-numeric: tabular-nums;
  }
  caption {
    text-align: start;
    font-weight: 600;
    padding: 6px 0;
  }
  th,
  td {
    padding: 3px 10px;
    text-align: end;
    border-bottom: 1px solid var(--line);
    white-space: nowrap;
  }
  thead th {
    color: var(--muted);
    font-weight: 400;
  }
  .map {
    margin: 0;
    padding: 10px 14px;
    background: var(--raised);
    border-radius: var(--radius-small);
    font: 15px / 1.3 var(--font-mono);
    letter-spacing: 0.2em;
    width: max-content;
  }
  @container (min-width: 860px) {
    .main {
      grid-template-columns: minmax(0, 1fr) 300px;
    }
    aside {
      border-top: 0;
      border-left: 1px solid var(--line);
      grid-row: span 2;
    }
  }
  @container (max-width: 520px) {
    .panels,
    aside {
      padding: 12px;
    }
    .below {
      padding: 4px 12px 12px;
    }
    .top .toolbar {
      gap: 6px;
    }
    .top button {
      padding: 0 10px;
    }
    .formula {
      font-size: 12px;
    }
    .below .segments label {
      padding: 0 8px;
      font-size: 14px;
    }
  }
`;
