import { once } from 'node:events';
import { pathToFileURL } from 'node:url';

/** Opens a page of this machine in the user's browser. @param page a file, or an address that begins with `http:`.
 * @returns false where there is none, as on a machine without a screen. */
export async function openInBrowser(page: string): Promise<boolean> {
  const { BROWSER, DISPLAY, WAYLAND_DISPLAY, WSL_DISTRO_NAME } = process.env;
  // Without a screen Linux' xdg-open would take a browser of text, in this very terminal.
  const hasScreen = [BROWSER, DISPLAY, WAYLAND_DISPLAY, WSL_DISTRO_NAME].some(Boolean);
  if (process.platform === 'linux' && !hasScreen) return false;
  const { default: open } = await import('open');
  try {
    const opener = await open(page.startsWith('http:') ? page : pathToFileURL(page).href, { wait: false });
    if (opener.exitCode === null) await Promise.race([once(opener, 'exit'), once(opener, 'spawn')]);
    return (opener.exitCode ?? 0) === 0;
  } catch {
    return false;
  }
}
