import { type CSSResult, css } from 'lit';

/** Rooms of an element in which a network plays: a bar of buttons, the stage, and what the network thinks at its side. */
export const networkStyle: CSSResult = css`
  .bar {
    display: flex;
    flex-wrap: wrap;
    gap: 8px;
    padding: 12px;
    border-block-end: 1px solid var(--line);
  }
  .bar .end {
    display: flex;
    flex-wrap: wrap;
    gap: 8px;
    margin-inline-start: auto;
  }
  .layout {
    display: grid;
    gap: 16px;
    padding: 12px;
  }
  .side {
    display: grid;
    gap: 16px;
    align-content: start;
    min-width: 0;
  }
  .stage {
    position: relative;
    border-radius: var(--radius-small);
    overflow: clip;
    user-select: none;
    -webkit-user-select: none;
  }
  .stage canvas {
    display: block;
    width: 100%;
  }
  h2 {
    margin: 0 0 6px;
    font-size: 14px;
    font-weight: 650;
  }
  h2 .muted {
    font-weight: 400;
  }
  .settings .segments {
    justify-self: start;
  }
  @container (min-width: 760px) {
    .bar,
    .layout {
      padding: 16px;
    }
    .layout.with-side {
      grid-template-columns: minmax(0, 1fr) minmax(280px, 34%);
      gap: 24px;
    }
  }
`;
