import { type CSSResult, css } from 'lit';

export const poleStyle: CSSResult = css`
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
  .bar select {
    font-weight: 600;
  }
  .layout {
    display: grid;
    gap: 16px;
    padding: 12px;
  }
  .stage {
    position: relative;
    border-radius: var(--radius-small);
    border: 1px solid var(--line);
    background: var(--raised);
    overflow: clip;
    user-select: none;
    -webkit-user-select: none;
    touch-action: pan-y;
    cursor: pointer;
  }
  .stage canvas {
    display: block;
    width: 100%;
    aspect-ratio: 2.1;
    min-height: 150px;
  }
  .caption {
    display: flex;
    flex-wrap: wrap;
    justify-content: space-between;
    gap: 2px 16px;
    margin: 6px 0 0;
    font-size: 14px;
  }
  .side {
    display: grid;
    gap: 16px;
    align-content: start;
    min-width: 0;
  }
  h2 {
    margin: 0 0 6px;
    font-size: 14px;
    font-weight: 650;
  }
  h2 .muted {
    font-weight: 400;
  }
  .settings {
    display: grid;
    grid-template-columns: repeat(auto-fit, minmax(min(100%, 210px), 1fr));
    gap: 8px 24px;
    align-items: end;
  }
  .settings .segments {
    justify-self: start;
  }
  .settings input[type='number'] {
    width: 100%;
  }
  @container (min-width: 760px) {
    .bar,
    .layout {
      padding: 16px;
    }
    .layout {
      grid-template-columns: minmax(0, 1fr) minmax(280px, 34%);
      gap: 24px;
    }
  }
`;
