/** Calls back when an element has left the page, not when a script only moves it to another place in it. */
export function onceGone(element: Element, act: () => void): void {
  queueMicrotask(() => {
    if (!element.isConnected) act();
  });
}
