import { type CSSResult, css, html, type TemplateResult } from 'lit';

/** Something that an element has to say, until its reader dismisses it. */
export interface Message {
  readonly text: string;
  readonly error: boolean;
}

/** Messages below one another, told to screen readers as they come. @param dismiss takes one away. */
export function messageList(messages: readonly Message[], dismiss: (message: Message) => void): TemplateResult {
  return html`<div class="messages" role="status">
    ${messages.map(
      (message) => html`<div class="message ${message.error ? 'wrong' : ''}">
        <span>${message.text}</span>
        <button class="quiet" aria-label="Dismiss" @click=${() => dismiss(message)}>✕</button>
      </div>`,
    )}
  </div>`;
}

/** Space around them is the element's own. */
export const messagesStyle: CSSResult = css`
  .messages {
    display: grid;
    gap: 6px;
  }
  .message {
    display: flex;
    align-items: center;
    justify-content: space-between;
    gap: 10px;
    padding: 4px 4px 4px 12px;
    border-inline-start: 3px solid var(--accent);
    border-radius: var(--radius-small);
    background: var(--raised);
    font-size: 14px;
    overflow-wrap: anywhere;
  }
  .message.wrong {
    border-color: var(--bad);
  }
`;
