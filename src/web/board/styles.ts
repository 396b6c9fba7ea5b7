import { css } from 'lit';

export const styles = css`
  :host {
    border: 0;
    border-radius: 0;
    background: transparent;
    font-size: 14px;
  }
  h1,
  h2,
  h3,
  p,
  dl,
  dd,
  ul {
    margin: 0;
    padding: 0;
  }
  h2 {
    font-size: 18px;
    font-weight: 650;
    overflow-wrap: anywhere;
  }
  h3 {
    font-size: 13px;
    font-weight: 600;
    color: var(--muted);
  }
  .top {
    display: flex;
    flex-wrap: wrap;
    align-items: center;
    gap: 8px 20px;
    padding: 8px 20px;
    border-bottom: 1px solid var(--line);
    background: var(--surface);
    position: sticky;
    top: 0;
    z-index: 5;
  }
  .brand {
    display: flex;
    align-items: center;
    gap: 10px;
    font-weight: 650;
    font-size: 16px;
  }
  .brand svg {
    width: 26px;
    height: 26px;
  }
  .folder {
    color: var(--muted);
    font-family: var(--font-mono);
    font-size: 13px;
    overflow-wrap: anywhere;
  }
  .grow {
    flex: 1;
  }
  .meters {
    display: flex;
    flex-wrap: wrap;
    gap: 4px 18px;
    color: var(--muted);
    font-size: 13px;
  }
  .meter {
    display: inline-flex;
    align-items: center;
    gap: 7px;
    font-variant-numeric: tabular-nums;
  }
  .meter meter {
    width: 54px;
  }
  meter,
  progress {
    appearance: none;
    height: 6px;
    border: 0;
    border-radius: 3px;
    background: var(--line);
    overflow: hidden;
  }
  meter::-webkit-meter-bar,
  progress::-webkit-progress-bar {
    background: var(--line);
    border: 0;
    border-radius: 3px;
    block-size: 6px;
  }
  meter::-webkit-meter-optimum-value,
  progress::-webkit-progress-value {
    background: var(--accent);
    border-radius: 3px;
  }
  meter::-moz-meter-bar,
  progress::-moz-progress-bar {
    background: var(--accent);
    border-radius: 3px;
  }
  .lost {
    padding: 8px 20px;
    background: color-mix(in srgb, var(--bad) 12%, var(--surface));
    border-bottom: 1px solid var(--line);
    color: var(--bad);
  }
  .frame {
    display: grid;
    grid-template-columns: minmax(300px, 360px) minmax(0, 1fr);
    align-items: start;
  }
  .list {
    position: sticky;
    top: 61px;
    height: calc(100vh - 61px);
    display: flex;
    flex-direction: column;
    border-inline-end: 1px solid var(--line);
    background: var(--raised);
  }
  .list .head {
    display: grid;
    gap: 8px;
    padding: 12px 16px;
    border-bottom: 1px solid var(--line);
  }
  .list .head input {
    width: 100%;
  }
  .list .scroll {
    overflow: auto;
    flex: 1;
    overscroll-behavior: contain;
  }
  .listline {
    display: flex;
    align-items: center;
    gap: 4px;
    color: var(--muted);
    font-size: 13px;
  }
  .listline button {
    min-height: 32px;
    padding: 0 8px;
  }
  ul.groups,
  ul.runs {
    list-style: none;
  }
  .group {
    border-bottom: 1px solid var(--line);
    content-visibility: auto;
    contain-intrinsic-size: auto 62px;
  }
  .row {
    display: grid;
    grid-template-columns: 44px minmax(0, 1fr) 44px;
    align-items: stretch;
  }
  .row.chosen {
    background: var(--accent-soft);
  }
  .row > label {
    display: grid;
    place-items: center;
    cursor: pointer;
  }
  .row input[type='checkbox'] {
    width: 18px;
    height: 18px;
    margin: 0;
    accent-color: var(--series, var(--accent));
    cursor: pointer;
  }
  .row > button {
    display: grid;
    gap: 2px;
    justify-content: stretch;
    align-content: center;
    text-align: start;
    padding: 8px 14px 8px 0;
    min-height: 56px;
    border: 0;
    border-radius: 0;
    background: transparent;
    white-space: normal;
    min-width: 0;
    grid-column: 2 / -1;
  }
  .row > button.split {
    grid-column: 2;
  }
  .row > button.unfold {
    grid-column: 3;
    padding: 0;
    justify-content: center;
    justify-items: center;
    color: var(--muted);
  }
  .row .name {
    display: flex;
    gap: 8px;
    align-items: baseline;
    justify-content: space-between;
    min-width: 0;
  }
  .row .name b {
    font-weight: 600;
    overflow: hidden;
    text-overflow: ellipsis;
    white-space: nowrap;
  }
  .row .facts {
    display: flex;
    gap: 8px;
    justify-content: space-between;
    color: var(--muted);
    font-size: 13px;
    font-variant-numeric: tabular-nums;
  }
  .row .facts span {
    overflow: hidden;
    text-overflow: ellipsis;
    white-space: nowrap;
  }
  .row .score {
    font-variant-numeric: tabular-nums;
    font-weight: 600;
  }
  ul.runs .row > button {
    min-height: 44px;
  }
  ul.runs {
    border-top: 1px solid var(--line);
    background: var(--surface);
  }
  progress {
    width: 100%;
    height: 4px;
  }
  .tiles + progress {
    margin-bottom: 16px;
  }
  .row progress {
    margin-top: 3px;
  }
  .state {
    display: inline-flex;
    align-items: center;
    gap: 6px;
    white-space: nowrap;
  }
  .state::before {
    content: '';
    width: 8px;
    height: 8px;
    border-radius: 50%;
    background: var(--muted);
    flex: none;
  }
  .state.running::before {
    background: var(--accent);
    animation: pulse 1.6s ease-in-out infinite;
  }
  .state.solved::before {
    background: var(--good);
  }
  .state.failed::before,
  .state.damaged::before,
  .state.killed::before {
    background: var(--bad);
    border-radius: 1px;
  }
  .state.stopped::before {
    border-radius: 1px;
  }
  @keyframes pulse {
    50% {
      opacity: 0.35;
    }
  }
  main {
    display: grid;
    gap: 20px;
    padding: 20px;
    min-width: 0;
  }
  .card {
    border: 1px solid var(--line);
    border-radius: var(--radius);
    background: var(--surface);
    min-width: 0;
  }
  .empty {
    display: grid;
    justify-items: start;
    gap: 12px;
    padding: 32px 24px;
  }
  .empty code,
  code {
    font-family: var(--font-mono);
    font-size: 13px;
    background: var(--raised);
    padding: 2px 6px;
    border-radius: 4px;
    overflow-wrap: anywhere;
  }
  .tabs {
    display: flex;
    flex-wrap: wrap;
    gap: 2px;
    padding: 0 12px;
    border-bottom: 1px solid var(--line);
  }
  .tabs button {
    border: 0;
    border-radius: 0;
    background: transparent;
    border-bottom: 2px solid transparent;
    color: var(--muted);
  }
  .tabs button[aria-selected='true'] {
    color: var(--accent);
    border-bottom-color: var(--accent);
    font-weight: 600;
  }
  .tabs button:focus-visible {
    outline-offset: -3px;
  }
  bellman-curves {
    border: 0;
  }
  .reading {
    padding: 8px 20px 12px;
    color: var(--muted);
    font-size: 13px;
  }
  .title {
    display: flex;
    flex-wrap: wrap;
    align-items: center;
    gap: 10px 16px;
    padding: 16px 20px 12px;
  }
  .title .grow {
    min-width: 0;
    flex: 1 1 220px;
  }
  .title p {
    color: var(--muted);
  }
  .message {
    padding: 0 20px 12px;
    overflow-wrap: anywhere;
  }
  .message.bad,
  .bad {
    color: var(--bad);
  }
  .panel {
    padding: 18px 20px 20px;
    min-width: 0;
  }
  .tiles {
    display: grid;
    grid-template-columns: repeat(auto-fit, minmax(130px, 1fr));
    gap: 12px;
    padding-bottom: 18px;
  }
  .tile {
    background: var(--raised);
    border-radius: var(--radius-small);
    padding: 10px 14px;
    min-width: 0;
  }
  .tile dt {
    color: var(--muted);
    font-size: 13px;
  }
  .tile dd {
    font-size: 19px;
    font-weight: 600;
    font-variant-numeric: tabular-nums;
    overflow-wrap: anywhere;
  }
  .tile dd small {
    display: block;
    font-size: 13px;
    font-weight: 400;
    color: var(--muted);
  }
  button[aria-disabled='true'] {
    opacity: 0.5;
    cursor: default;
  }
  p.none {
    margin: 0;
    padding: 16px;
    font-size: 13.5px;
  }
  .wide {
    /* Of what is hidden in it as well. */
    position: relative;
    overflow-x: auto;
  }
  table {
    border-collapse: collapse;
    width: 100%;
    font-size: 13.5px;
  }
  th,
  td {
    text-align: start;
    vertical-align: top;
    padding: 7px 14px 7px 0;
    border-bottom: 1px solid var(--line);
    overflow-wrap: anywhere;
  }
  th {
    color: var(--muted);
    font-weight: 500;
  }
  thead th {
    font-size: 13px;
  }
  tbody th {
    color: var(--ink);
    font-family: var(--font-mono);
    font-size: 13px;
    font-weight: 400;
    white-space: nowrap;
  }
  td.value {
    font-family: var(--font-mono);
    font-size: 13px;
    font-variant-numeric: tabular-nums;
  }
  td.source {
    color: var(--muted);
  }
  tr:has(button) > * {
    vertical-align: middle;
    padding-block: 2px;
  }
  td:last-child:has(button) {
    padding-inline-end: 0;
    text-align: end;
  }
  td.differs {
    background: var(--accent-soft);
    padding-inline-start: 8px;
  }
  pre.log {
    margin: 0;
    padding: 12px 14px;
    max-height: 420px;
    overflow: auto;
    background: var(--raised);
    border-radius: var(--radius-small);
    font-family: var(--font-mono);
    font-size: 12.5px;
    line-height: 1.55;
    white-space: pre-wrap;
    overflow-wrap: anywhere;
  }
  pre.log time {
    color: var(--muted);
  }
  .pictures {
    display: grid;
    grid-template-columns: repeat(auto-fit, minmax(min(100%, 320px), 1fr));
    gap: 18px;
  }
  figure {
    margin: 0;
    display: grid;
    gap: 8px;
    justify-items: start;
  }
  figure img,
  figure video {
    max-width: 100%;
    height: auto;
    border-radius: var(--radius-small);
    border: 1px solid var(--line);
  }
  .player {
    display: grid;
    grid-template-columns: minmax(0, 480px) minmax(160px, 1fr);
    gap: 20px;
    align-items: start;
  }
  .side {
    display: grid;
    grid-template-columns: minmax(0, 1fr);
    gap: 14px;
  }
  .side select {
    width: 100%;
  }
  .screen {
    border-radius: var(--radius-small);
    overflow: hidden;
    background: #000;
    display: grid;
    place-items: center;
    min-height: 220px;
    color: #c7d2dc;
  }
  .screen canvas {
    max-width: 100%;
    max-height: 60vh;
    image-rendering: pixelated;
    display: block;
  }
  .screen pre {
    font-family: var(--font-mono);
    padding: 16px;
    margin: 0;
    overflow: auto;
    max-width: 100%;
  }
  dl.facts {
    display: grid;
    grid-template-columns: auto 1fr;
    gap: 6px 16px;
  }
  dl.facts dt {
    color: var(--muted);
  }
  dl.facts dd {
    font-variant-numeric: tabular-nums;
    overflow-wrap: anywhere;
  }
  dialog {
    color: var(--ink);
    background: var(--surface);
    border: 1px solid var(--line);
    border-radius: var(--radius);
    padding: 0;
    width: min(640px, calc(100vw - 24px));
    max-height: calc(100vh - 40px);
    box-shadow: 0 20px 60px rgb(0 0 0 / 30%);
  }
  dialog::backdrop {
    background: rgb(8 16 26 / 45%);
  }
  dialog form {
    display: grid;
    gap: 16px;
    padding: 22px 24px;
  }
  dialog .pair {
    display: grid;
    grid-template-columns: repeat(auto-fit, minmax(min(100%, 240px), 1fr));
    gap: 14px;
  }
  dialog select,
  dialog input {
    width: 100%;
  }
  dialog .hint {
    color: var(--muted);
    font-size: 13px;
  }
  dialog .setting {
    display: grid;
    grid-template-columns: minmax(0, 1fr) minmax(0, 1fr) 44px;
    gap: 8px;
  }
  .actions {
    display: flex;
    gap: 10px;
    justify-content: flex-end;
    flex-wrap: wrap;
  }
  .back {
    display: none;
  }
  @media (pointer: coarse) {
    .listline button {
      min-height: 44px;
    }
    .row > button.unfold {
      min-width: 44px;
    }
  }
  @container (max-width: 820px) {
    .frame {
      grid-template-columns: minmax(0, 1fr);
    }
    .list {
      position: static;
      height: auto;
      border-inline-end: 0;
      border-bottom: 1px solid var(--line);
    }
    .list .scroll {
      max-height: 46vh;
    }
    .top {
      position: static;
      padding: 8px 14px;
    }
    main {
      padding: 14px 12px;
    }
    .title,
    .panel,
    .message {
      padding-inline: 14px;
    }
  }
  @container (max-width: 560px) {
    .player {
      grid-template-columns: minmax(0, 1fr);
    }
  }
`;
