import type { Page } from 'playwright-core';

/** Holds a file over an element, and lets it go. @returns whether the element showed that it takes it. */
export function dropFile(page: Page, selector: string, name: string, content: Uint8Array | string): Promise<boolean> {
  const bytes = [...(typeof content === 'string' ? Buffer.from(content) : content)];
  return page.evaluate(
    ([selector, name, bytes]) => {
      const element = document.querySelector(selector)!;
      const data = new DataTransfer();
      data.items.add(new File([Uint8Array.from(bytes)], name));
      const send = (type: string): boolean =>
        element.dispatchEvent(new DragEvent(type, { dataTransfer: data, bubbles: true, cancelable: true }));
      send('dragover');
      const shown = element.hasAttribute('data-over');
      send('drop');
      return shown && !element.hasAttribute('data-over');
    },
    [selector, name, bytes] as const,
  );
}
