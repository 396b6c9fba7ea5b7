import { type CSSResult, css } from 'lit';

export const arcadeStyle: CSSResult = css`
  :host {
    position: relative;
    overflow: clip;
  }
  .bar {
    display: flex;
    flex-wrap: wrap;
    align-items: center;
    gap: 8px;
    padding: 12px;
    border-bottom: 1px solid var(--line);
  }
  .bar .grow {
    flex: 1;
  }
  .bar select {
    max-width: 100%;
  }
  .layout {
    display: grid;
    gap: 16px;
    padding: 12px;
  }
  .stage {
    min-width: 0;
  }
  .screen {
    position: relative;
    width: 100%;
    max-width: min(760px, calc(74vh * 4 / 3));
    margin-inline: auto;
    aspect-ratio: 4 / 3;
    border-radius: var(--radius-small);
    overflow: clip;
    background: #000;
  }
  .screen:focus-visible {
    outline-offset: 3px;
    overflow: visible;
  }
  .screen canvas {
    display: block;
    width: 100%;
    height: 100%;
    border-radius: inherit;
    image-rendering: pixelated;
  }
  .sign {
    position: absolute;
    inset: auto 0 0;
    margin: 0;
    padding: 8px 12px;
    background: rgb(0 0 0 / 0.72);
    color: #fff;
    text-align: center;
    pointer-events: none;
  }
  .caption {
    display: flex;
    flex-wrap: wrap;
    justify-content: space-between;
    gap: 2px 18px;
    max-width: min(760px, calc(74vh * 4 / 3));
    margin: 6px auto 10px;
    color: var(--muted);
    font-size: 13.5px;
    font-variant-numeric: tabular-nums;
  }
  .caption strong {
    color: var(--ink);
  }
  .controls {
    justify-content: center;
  }
  .side {
    display: grid;
    align-content: start;
    gap: 16px;
    min-width: 0;
  }
  .side h2 {
    margin: 0 0 6px;
    font-size: 14px;
    font-weight: 600;
  }
  .keys {
    display: grid;
    grid-template-columns: auto 1fr;
    gap: 5px 12px;
    margin: 0;
    font-size: 14px;
  }
  .keys dt {
    white-space: nowrap;
  }
  .keys dd {
    margin: 0;
    color: var(--muted);
  }
  kbd {
    display: inline-block;
    min-width: 24px;
    padding: 1px 6px;
    border: 1px solid var(--line);
    border-bottom-width: 2px;
    border-radius: 5px;
    background: var(--raised);
    font: 12.5px var(--font);
    text-align: center;
  }
  .pads {
    display: none;
    justify-content: space-between;
    align-items: center;
    gap: 20px;
    padding: 2px 4px 16px;
    touch-action: none;
    user-select: none;
    -webkit-user-select: none;
  }
  .pad {
    width: 148px;
    height: 148px;
    border: 1px solid var(--line);
    border-radius: 50%;
    background:
      radial-gradient(circle at center, var(--surface) 22%, transparent 23%),
      var(--raised);
    touch-action: none;
  }
  .pad svg {
    width: 100%;
    height: 100%;
    fill: var(--muted);
    pointer-events: none;
  }
  .pads .fire {
    width: 104px;
    height: 104px;
    border-radius: 50%;
    background: var(--accent);
    border-color: var(--accent);
    color: var(--on-accent);
    font-weight: 600;
    touch-action: none;
  }
  @media (pointer: coarse) {
    .pads {
      display: flex;
    }
    .keys-box {
      display: none;
    }
  }
  .empty {
    display: grid;
    justify-items: center;
    align-content: center;
    gap: 14px;
    min-height: 340px;
    margin: 14px;
    padding: 24px;
    border: 2px dashed var(--line);
    border-radius: var(--radius);
    text-align: center;
  }
  .empty p {
    margin: 0;
    max-width: 54ch;
  }
  .empty .muted {
    font-size: 14px;
  }
  code {
    font-family: var(--font-mono);
    font-size: 0.92em;
    overflow-wrap: anywhere;
  }
  .messages:has(.message) {
    margin: 12px 12px 0;
  }
  @container (min-width: 860px) {
    .layout {
      grid-template-columns: minmax(0, 1fr) 290px;
      gap: 24px;
      padding: 16px;
    }
  }
`;
