/**
 * The guide's pictures of <bellman-lake>, from the sources as they are.
 *
 *   npx tsx scripts/element-pictures.ts [FOLDER]     default docs/pictures
 */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { decode, encode } from 'fast-png';
import gifenc from 'gifenc';
import type { Page } from 'playwright-core';
import { openStage, type Scene } from '../test/elements/stage.ts';

const folder = process.argv[2] ?? fileURLToPath(new URL('../docs/pictures', import.meta.url));
mkdirSync(folder, { recursive: true });
const shots = mkdtempSync(join(tmpdir(), 'bellman-shots-'));
process.env['BELLMAN_PICTURES'] = shots;

const button = (page: Page, name: string) => page.getByRole('button', { name });

interface Picture {
  readonly name: string;
  readonly scene: Scene;
  /** What is shown: from the element's top down to this part's bottom. */
  readonly last: string;
  readonly act: (page: Page) => Promise<void>;
}

const pictures: readonly Picture[] = [
  {
    name: 'bellman-lake',
    scene: { width: 884, body: '<bellman-lake methods="q-learning" alpha="0.05"></bellman-lake>' },
    last: '.panels',
    async act(page) {
      await page.getByLabel('Speed').fill('9');
      await button(page, 'Run').click();
      await page.getByText('optimal since').waitFor();
      await button(page, 'Pause').click();
      // The first method that is not there yet is value iteration.
      await button(page, 'Method').click();
      for (let sweep = 0; sweep < 12; sweep++) await button(page, 'Sweep').click();
      for (let i = 0; i < 15; i++) await button(page, 'Step').click();
    },
  },
  {
    name: 'bellman-lake-cliff',
    scene: {
      ...{ width: 884, scheme: 'dark' },
      body: '<bellman-lake methods="sarsa q-learning" env="CliffWalking" gamma="1" alpha="0.1" epsilon="0.1"></bellman-lake>',
    },
    last: '.panels',
    async act(page) {
      await page.getByLabel('Speed').fill('9');
      await button(page, 'Run').click();
      await page.waitForFunction(() =>
        /−13.00 of/.test(document.querySelector('bellman-lake')?.shadowRoot?.textContent ?? ''),
      );
      await page.waitForTimeout(3000);
      await button(page, 'Pause').click();
    },
  },
];

/** The same picture in 256 colours, a third of the size. */
function withPalette(png: Uint8Array): Uint8Array {
  const { width, height, data, channels } = decode(png);
  const rgba = new Uint8Array(4 * width * height).fill(255);
  for (let i = 0; i < width * height; i++) for (let c = 0; c < channels; c++) rgba[4 * i + c] = data[channels * i + c];
  const palette = gifenc.quantize(rgba, 256);
  const indexed = gifenc.applyPalette(rgba, palette);
  return encode({
    width,
    height,
    data: indexed,
    channels: 1,
    depth: 8,
    palette: palette as [number, number, number][],
  });
}

const stage = await openStage(['lake']);
try {
  for (const { name, scene, last, act } of pictures) {
    const shown = await stage.open(scene);
    await shown.page.getByText('largest error').first().waitFor();
    await act(shown.page);
    const element = (await shown.page.locator('bellman-lake').boundingBox())!;
    const end = (await shown.page.locator(last).boundingBox())!;
    const clip = { ...element, height: end.y + end.height - element.y };
    const png = await shown.page.screenshot({ clip, fullPage: true });
    const small = withPalette(png);
    writeFileSync(join(folder, `${name}.png`), small);
    console.log(
      `${(small.length / 1000).toFixed(1)} kB (${(png.length / 1000).toFixed(1)} kB in all colours)  ${name}.png`,
    );
    await shown.close();
  }
} finally {
  await stage.close();
  rmSync(shots, { recursive: true, force: true });
}
