import { type Browser, chromium } from 'playwright-core';
import { chromiumPath } from '../platform/programs.ts';

/** In milliseconds; below the limit of a test (vitest.config.ts), so that the error says what was waited for. */
const LIMIT = 240_000;

/** Chromium for a test. Playwright's own limits of 30 s end what a busy machine is slow at; these end what hangs. */
export async function launchChromium(): Promise<Browser> {
  const browser = await chromium.launch({
    executablePath: chromiumPath(),
    args: ['--no-sandbox', '--disable-dev-shm-usage'],
    timeout: LIMIT,
  });
  browser.on('context', (context) => context.setDefaultTimeout(LIMIT));
  return browser;
}
