import { type CSSResult, css } from 'lit';

/** What Pong has besides `networkStyle`. */
export const pongStyle: CSSResult = css`
  .side {
    grid-template-columns: repeat(auto-fit, minmax(min(100%, 250px), 1fr));
    gap: 16px 24px;
  }
  /* Two columns: bars above the curve, the pictures next to them. */
  @container (min-width: 560px) and (max-width: 759.9px) {
    .side [role='group']:last-child {
      grid-area: 1 / 2 / span 2;
    }
  }
  .stage {
    background: #904811;
    aspect-ratio: 320 / 210;
    max-height: 80vh;
    margin-inline: auto;
    width: 100%;
  }
  .stage.playing {
    touch-action: none;
    cursor: none;
  }
  .stage canvas {
    height: 100%;
    image-rendering: pixelated;
  }
  .veil {
    position: absolute;
    inset: 0;
    display: grid;
    place-content: center;
    justify-items: center;
    gap: 12px;
    padding: 12px;
    text-align: center;
    color: #fff;
    background: rgb(20 10 2 / 0.62);
  }
  .veil p {
    margin: 0;
    max-width: 38ch;
    text-wrap: balance;
  }
  @container (max-width: 430px) {
    .veil {
      gap: 7px;
      padding: 8px;
      font-size: 13px;
      line-height: 1.3;
    }
  }
  .veil .big {
    font-size: clamp(17px, 5cqi, 30px);
    font-weight: 650;
  }
  .players {
    display: grid;
    grid-template-columns: 1fr auto 1fr;
    align-items: center;
    gap: 10px;
    margin-block-start: 8px;
  }
  .players .who {
    display: inline-flex;
    align-items: center;
    gap: 7px;
    min-width: 0;
  }
  .players .who:last-child {
    justify-content: end;
  }
  .players .score {
    font-size: 20px;
    font-weight: 650;
  }
  .paddle {
    width: 6px;
    height: 18px;
    border-radius: 1px;
    flex: none;
  }
  .paddle.left {
    background: #d5824a;
  }
  .paddle.right {
    background: #5cba5c;
  }
  .value-curve {
    height: 72px;
  }
  .sight {
    display: grid;
    grid-template-columns: minmax(0, 3fr) minmax(0, 1fr);
    gap: 6px;
    max-width: 300px;
  }
  .sight canvas {
    display: block;
    width: 100%;
    aspect-ratio: 1;
    border-radius: 3px;
    image-rendering: pixelated;
    background: #000;
  }
  .sight .older {
    display: grid;
    gap: 6px;
    align-content: space-between;
  }
  .settings {
    display: grid;
    grid-template-columns: repeat(auto-fit, minmax(min(100%, 220px), 1fr));
    gap: 4px 24px;
    align-items: end;
    padding: 12px;
    border-block-start: 1px solid var(--line);
  }
  @container (min-width: 760px) {
    .settings {
      padding: 16px;
    }
  }
  @media (prefers-reduced-motion: no-preference) {
    .veil {
      transition: opacity 150ms;
    }
  }
`;
