import { type CSSResult, css } from 'lit';

/** What the pole has besides `networkStyle`. */
export const poleStyle: CSSResult = css`
  .bar select {
    font-weight: 600;
  }
  .stage {
    border: 1px solid var(--line);
    background: var(--raised);
    touch-action: pan-y;
    cursor: pointer;
  }
  .stage canvas {
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
  .settings {
    display: grid;
    grid-template-columns: repeat(auto-fit, minmax(min(100%, 210px), 1fr));
    gap: 8px 24px;
    align-items: end;
  }
  .settings input[type='number'] {
    width: 100%;
  }
`;
