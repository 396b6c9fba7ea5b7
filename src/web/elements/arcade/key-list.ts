import { html, type TemplateResult } from 'lit';

const key = (text: string): TemplateResult => html`<kbd>${text}</kbd>`;

/** What the keys do while the screen has the focus. */
export const keyList: TemplateResult = html`
  <dl class="keys" id="keys">
    <dt>${key('←')} ${key('↑')} ${key('↓')} ${key('→')}</dt>
    <dd>stick, or W A S D</dd>
    <dt>${key('Space')}</dt>
    <dd>fire, or Enter</dd>
    <dt>${key('P')} ${key('N')}</dt>
    <dd>pause, one frame</dd>
    <dt>${key('B')}</dt>
    <dd>back in time, held</dd>
    <dt>${key('R')}</dt>
    <dd>reset</dd>
  </dl>
`;
