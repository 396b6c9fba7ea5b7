/** <bellman-lake> as a person uses it: by mouse, finger and keys, wide and narrow, light and dark. */
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { buildElements, gzippedSize } from '../../scripts/build-elements.ts';
import { openStage, type Scene, type ShownPage, type Stage } from './stage.ts';

let stage: Stage;
beforeAll(async () => {
  stage = await openStage(['lake']);
});
afterAll(() => stage?.close());

/** Opens a scene, and waits for the laboratory's first answer. */
async function open(scene: Scene): Promise<ShownPage> {
  const shown = await stage.open(scene);
  await shown.page.getByText('largest error').first().waitFor();
  return shown;
}

const button = (page: Page, name: string) => page.getByRole('button', { name });
const cell = (page: Page, number: number) => page.locator(`[data-cell="${number}"]`).first();
const state = (page: Page): Promise<string> => page.evaluate(() => document.querySelector('bellman-lake')?.state ?? '');
const mapOf = async (page: Page): Promise<string | null> => new URLSearchParams(await state(page)).get('map');
/** The colour of a canvas's point, from 0 to 1 across and down. */
const pixel = (page: Page, x: number, y: number): Promise<number[]> =>
  page
    .locator('.board canvas')
    .first()
    .evaluate(
      (canvas: HTMLCanvasElement, [px, py]) => {
        const { data } = (canvas.getContext('2d') as CanvasRenderingContext2D).getImageData(
          ...([Math.floor(px * canvas.width), Math.floor(py * canvas.height), 1, 1] as const),
        );
        return [...data].slice(0, 3);
      },
      [x, y],
    );

it('is small', () => {
  expect(gzippedSize(buildElements(['lake']), 'bellman-lake.js')).toBeLessThan(60_000);
});

it('plans by the mouse: a step, a sweep, to the end', async () => {
  const shown = await open({ body: '<bellman-lake methods="value-iteration q-learning"></bellman-lake>' });
  const { page } = shown;
  await button(page, 'Step').click();
  await page.getByText('V(s0) ← max over a of r + γ Σ p V = 0, was 0').first().waitFor();
  expect(await page.getByRole('status').textContent()).toContain('Value iteration: V(s0) ←');
  await button(page, 'Sweep').click();
  await cell(page, 14).and(page.getByLabel('value 0.333')).waitFor();
  await page.getByLabel('Speed').fill('9');
  await button(page, 'Run').click();
  await page.getByText('converged').waitFor();
  await button(page, 'Pause').click();
  expect(await page.getByText('0.542 of 0.542').first().isVisible()).toBe(true);
  expect(await page.getByText(/optimal since sweep \d+/).isVisible()).toBe(true);
  // Dark blue where V is largest, next to the goal, black in the middle of the hole above.
  const [red, , blue] = await pixel(page, 0.53, 0.78);
  expect(blue - red).toBeGreaterThan(60);
  expect(Math.max(...(await pixel(page, 0.375, 0.375)))).toBeLessThan(60);
  expect(await page.getByRole('status').textContent()).toContain('Value iteration');
  await page.getByText('Q', { exact: true }).click();
  await page.getByText('Values as a table').click();
  await page
    .getByRole('row', { name: /^Row 4, column 3, ice 0\.863/ })
    .first()
    .waitFor();
  expect(await shown.axe()).toEqual([]);
  await shown.picture('lake-light', 'bellman-lake');
  await shown.close();
});

it('is painted by keys, and learns without a pointer', async () => {
  const shown = await open({ body: '<bellman-lake methods="value-iteration"></bellman-lake>', scheme: 'dark' });
  const { page } = shown;
  await cell(page, 0).focus();
  for (const key of ['ArrowRight', 'h', 'ArrowLeft', 'ArrowDown', 'h']) await page.keyboard.press(key);
  expect(await mapOf(page)).toBe('SHFF/HHFH/FFFH/HFFG');
  expect(await page.getByText('No way leads to the goal').first().isVisible()).toBe(true);
  expect(await page.getByRole('status').textContent()).toBe('Row 2, column 1: hole. No way leads to the goal.');
  await page.keyboard.press('End');
  await page.keyboard.press('s');
  expect(await mapOf(page)).toBe('FHFF/HHFS/FFFH/HFFG');
  // The start moves; it is not painted over.
  await page.keyboard.press('f');
  await page.getByText('The lake needs its start').first().waitFor();
  await button(page, 'Sweep').focus();
  await page.keyboard.press('Enter');
  await cell(page, 14).and(page.getByLabel('value 0.333')).waitFor();
  expect(await shown.axe()).toEqual([]);
  await shown.picture('lake-dark', 'bellman-lake');
  await shown.close();
});

it('is painted by a drag, and by a finger on a narrow screen', async () => {
  const mouse = await open({ body: '<bellman-lake methods="value-iteration"></bellman-lake>' });
  await mouse.page.getByText('Hole', { exact: true }).first().click();
  const middle = async (page: Page, number: number): Promise<[number, number]> => {
    const { x, y, width, height } = (await cell(page, number).boundingBox())!;
    return [x + width / 2, y + height / 2];
  };
  await mouse.page.mouse.move(...(await middle(mouse.page, 1)));
  await mouse.page.mouse.down();
  await mouse.page.mouse.move(...(await middle(mouse.page, 2)));
  await mouse.page.mouse.move(...(await middle(mouse.page, 3)));
  await mouse.page.mouse.up();
  expect(await mapOf(mouse.page)).toBe('SHHH/FHFH/FFFH/HFFG');
  await mouse.close();

  const phone = await open({
    ...{ width: 320, height: 640, touch: true, reducedMotion: true },
    body: '<bellman-lake methods="q-learning" slippery="false" epsilon="1"></bellman-lake>',
  });
  const { page } = phone;
  await page.getByText('Ice', { exact: true }).tap();
  await cell(page, 5).tap();
  expect(await state(page)).toContain('map=SFFF/FFFH/FFFH/HFFG');
  expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(320);
  const small = await page
    .locator('bellman-lake button, bellman-lake select')
    .evaluateAll((controls) =>
      controls
        .map((control) => control.getBoundingClientRect())
        .filter(({ width, height }) => width < 44 || height < 44),
    );
  expect(small).toEqual([]);
  await page.getByLabel('Speed').fill('9');
  await button(page, 'Run').tap();
  // Until the largest error is below 0.0001: from then on the policy does not change.
  await page.getByText(/·10⁻/).waitFor();
  await button(page, 'Pause').tap();
  expect(await page.getByText(/optimal since step/).isVisible()).toBe(true);
  await button(page, 'Watch policy').tap();
  await page.getByText(/[1-9]\d* episodes?, [1-9]\d* reached the goal/).waitFor();
  expect(await phone.axe()).toEqual([]);
  await phone.picture('lake-phone', 'bellman-lake');
  await phone.close();
});

it('keeps what it learned when a script moves it, and draws itself in its new width', async () => {
  const shown = await open({ body: '<bellman-lake></bellman-lake><div id="narrow"></div>' });
  const { page } = shown;
  await button(page, 'Sweep').click();
  await page.getByText('1, 16').first().waitFor();
  await page.evaluate(() => {
    const narrow = document.querySelector('#narrow') as HTMLElement;
    narrow.style.width = '400px';
    narrow.append(document.querySelector('bellman-lake') as Element);
  });
  await page.waitForFunction(() => {
    const canvas = document
      .querySelector('bellman-lake')
      ?.shadowRoot?.querySelector<HTMLCanvasElement>('.board canvas');
    return canvas?.width === canvas?.clientWidth && (canvas?.clientWidth ?? 999) < 400;
  });
  await button(page, 'Sweep').click();
  await page.getByText('2, 32').first().waitFor();
  await shown.close();
});

it('learns in the page where there can be no worker', async () => {
  stage.files.set('/elements/lake-worker.js', 'throw new Error("no workers today");');
  const shown = await open({
    body: '<bellman-lake methods="value-iteration"></bellman-lake>',
    fragment: 'lake:%E0%A4%A',
  });
  const { page } = shown;
  expect(await page.getByText('The address holds no lake: "%E0%A4%A"').isVisible()).toBe(true);
  await page.getByLabel('Speed').fill('9');
  await button(page, 'Run').click();
  await page.getByText('516, 8,256, converged').waitFor();
  await button(page, 'Run').waitFor();
  await shown.close();
  stage.files.delete('/elements/lake-worker.js');
});

it('opens what an address holds, says what is wrong in it, and gives addresses away', async () => {
  const shown = await open({
    body: '<bellman-lake seed="x"></bellman-lake>',
    fragment: 'lake:env=CliffWalking&methods=sarsa+q-learning&gamma=1&epsilon=0.1&alpha=2',
  });
  const { page } = shown;
  expect(await state(page)).toBe('env=CliffWalking&methods=sarsa+q-learning&gamma=1&epsilon=0.1');
  expect(await page.getByText('alpha: "2" is not a number above 0, up to 1.').isVisible()).toBe(true);
  await page.getByLabel('ε random actions').fill('0.25');
  await button(page, 'Copy link').click();
  await button(page, 'Link copied').waitFor();
  const address = await page.evaluate(() => navigator.clipboard.readText());
  expect(address).toMatch(/#lake:env=CliffWalking&methods=sarsa\+q-learning&gamma=1&epsilon=0\.25$/);
  await page.getByLabel('Environment').selectOption('Taxi');
  await page.getByLabel('Passenger, destination').selectOption('in taxi to G');
  await button(page, 'Episode').click();
  await page
    .getByText(/^1, [1-9]/)
    .first()
    .waitFor();
  await page.getByRole('combobox', { name: 'Method of picture 2' }).selectOption('Policy iteration');
  await button(page, 'Remove SARSA').click();
  expect(await state(page)).toContain('env=Taxi&methods=policy-iteration');
  await shown.close();
});
