/** <bellman-arcade> as a person uses it. */
import { zipSync } from 'fflate';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { buildElements, gzippedSize } from '../../scripts/build-elements.ts';
import { createTraining } from '../../src/node/runs/create-training.ts';
import { resolveRun } from '../../src/node/runs/resolve-run.ts';
import { aleCartridge, useAleCartridges } from '../support/ale-cartridges.ts';
import { dropFile } from './drop-file.ts';
import { openStage, type Scene, type ShownPage, type Stage } from './stage.ts';

let stage: Stage;
beforeAll(async () => {
  stage = await openStage(['arcade']);
  stage.files.set('/pong.bin', aleCartridge('pong'));
  stage.files.set('/breakout.bin', aleCartridge('breakout'));
});
afterAll(() => stage?.close());

const frames = ({ page }: ShownPage) => page.evaluate(() => document.querySelector('bellman-arcade')?.frame ?? 0);
const show = async (game: string, scene: Partial<Scene> = {}): Promise<ShownPage> => {
  const shown = await stage.open({ body: `<bellman-arcade cartridge="/${game}.bin"></bellman-arcade>`, ...scene });
  await expect.poll(() => frames(shown)).toBeGreaterThan(20);
  return shown;
};
const button = ({ page }: ShownPage, name: string) => page.getByRole('button', { name, exact: true });

it.each([
  ['light', 1280, 'arcade'],
  ['dark', 1280, 'arcade-dark'],
  ['light', 320, 'arcade-320'],
] as const)('plays a cartridge, %s, %i wide, and axe finds nothing', async (scheme, width, name) => {
  const shown = await show('breakout', { scheme, width });
  expect(await shown.axe()).toEqual([]);
  expect(await shown.page.evaluate(() => document.documentElement.scrollWidth > innerWidth)).toBe(false);
  await shown.picture(name, 'bellman-arcade');
  await shown.close();
});

it('is played by keyboard: the paddle moves, time stops, goes on a frame, and back', async () => {
  const shown = await show('pong');
  const { page } = shown;
  await page.getByRole('application').focus();
  await page.keyboard.press('p');
  await page.getByText('Paused').waitFor();
  const at = await frames(shown);
  const screen = () => page.locator('.screen canvas').screenshot();
  const before = await screen();
  await page.keyboard.down('ArrowUp');
  for (let i = 0; i < 12; i++) await page.keyboard.press('n');
  await page.keyboard.up('ArrowUp');
  await expect.poll(() => frames(shown)).toBe(at + 12);
  expect((await screen()).equals(before)).toBe(false);
  await page.keyboard.down('b');
  await expect.poll(() => frames(shown)).toBeLessThan(at);
  await page.keyboard.up('b');
  await page.keyboard.press('r');
  await expect.poll(() => frames(shown)).toBeGreaterThan(0);
  await shown.close();
});

it('has a pad for fingers on a touch screen', async () => {
  const shown = await show('pong', { touch: true, width: 390, height: 844 });
  const pad = shown.page.getByRole('img', { name: /^Stick/ });
  await shown.picture('arcade-touch');
  // A thumb leans up, and a game that rests goes on frame by frame: the paddle, whose column the ball seldom crosses, moves.
  await button(shown, 'Pause').tap();
  await shown.page.getByText('Paused').waitFor();
  const box = await pad.boundingBox();
  if (box === null) throw new Error('no pad');
  expect(Math.min(box.width, box.height)).toBeGreaterThan(100);
  const paddle = () =>
    shown.page.locator('.screen canvas').evaluate((canvas: HTMLCanvasElement) => {
      const column = Math.round((142 / 160) * canvas.width);
      return canvas.getContext('2d')?.getImageData(column, 0, 1, canvas.height).data.join();
    });
  const before = await paddle();
  expect(before).toBeDefined();
  const session = await shown.page.context().newCDPSession(shown.page);
  const touchPoints = [{ x: box.x + box.width / 2, y: box.y + 12 }];
  // The browser says that it has the touch, not that the page has: frames before that would move nothing.
  await pad.evaluate((element) => {
    element.addEventListener('pointerdown', () => element.setAttribute('data-touched', ''), { once: true });
  });
  await session.send('Input.dispatchTouchEvent', { type: 'touchStart', touchPoints });
  await expect.poll(() => pad.getAttribute('data-touched')).toBe('');
  const step = button(shown, 'One frame');
  for (let i = 0; i < 12; i++) await step.evaluate((one) => (one as HTMLElement).click());
  await expect.poll(paddle).not.toBe(before);
  await session.send('Input.dispatchTouchEvent', { type: 'touchEnd', touchPoints: [] });
  await shown.close();
});

it('takes a cartridge that is dropped on it', async () => {
  const shown = await stage.open({ body: '<bellman-arcade></bellman-arcade>' });
  await shown.page.getByText('Drop a cartridge of the Atari 2600 here').waitFor();
  expect(await dropFile(shown.page, 'bellman-arcade', 'pong.bin', aleCartridge('pong'))).toBe(true);
  await shown.page.getByRole('application', { name: 'Pong, the screen' }).waitFor();
  await shown.close();
});

it('explains what it wants; takes archives; says what is no cartridge, with its checksum; keeps them only when asked', async () => {
  const shown = await stage.open({ body: '<bellman-arcade></bellman-arcade>' });
  const { page } = shown;
  await page.getByText('Drop a cartridge of the Atari 2600 here').waitFor();
  expect(await shown.axe()).toEqual([]);
  await shown.picture('arcade-empty', 'bellman-arcade');
  const give = (name: string, bytes: Uint8Array) =>
    page.setInputFiles('bellman-arcade #file', {
      name,
      mimeType: 'application/octet-stream',
      buffer: Buffer.from(bytes),
    });
  const pong = aleCartridge('pong');
  await give('mine.bin', pong.with(7, pong[7] ^ 1));
  await page.getByText(/mine\.bin: 2048 bytes, MD5 [0-9a-f]{32}, is none of/).waitFor();
  await give(
    'games.zip',
    zipSync({ 'a/pong.bin': pong, 'a/tennis.bin': aleCartridge('tennis'), 'a/<b>.bin': pong.with(7, 0) }),
  );
  await page.getByText(/2 cartridges are on the shelf\. 1 more were left out: a\/<b>\.bin/).waitFor();
  await expect.poll(() => frames(shown)).toBeGreaterThan(0);
  await page.getByLabel('Cartridge', { exact: true }).selectOption('Tennis');
  await page.getByRole('application', { name: 'Tennis, the screen' }).waitFor();
  const kept = () =>
    page.evaluate(async () => (await indexedDB.databases()).filter(({ name }) => name === 'bellman-arcade').length);
  await give('no.state', Uint8Array.of(1, 2, 3));
  await page.getByText(/^no\.state/).waitFor();
  await give('no.onnx', Uint8Array.of(1, 2, 3));
  await page.getByText(/no\.onnx: not an ONNX model/).waitFor();
  // The game goes on in the reader's hands.
  const at = await frames(shown);
  await expect.poll(() => frames(shown)).toBeGreaterThan(at);
  expect(await page.getByRole('radio', { name: 'You play' }).isChecked()).toBe(true);
  expect(await page.evaluate(() => document.querySelector('bellman-arcade')?.mode)).toBe('play');
  const box = page.getByLabel('Keep the cartridges in this browser');
  await box.check();
  await page.getByText('Kept in this browser: 2 cartridges.').waitFor();
  expect(await kept()).toBe(1);
  await page.reload();
  await page.getByRole('application').waitFor();
  await expect.poll(() => box.isChecked()).toBe(true);
  await box.uncheck();
  await page.getByText('This browser keeps no cartridges any more.').waitFor();
  await page.reload();
  await page.getByText('Drop a cartridge of the Atari 2600 here').waitFor();
  await shown.close();
});

it('saves the game as a file and goes on from it', async () => {
  const shown = await show('pong');
  await button(shown, 'Pause').click();
  const at = await frames(shown);
  const download = shown.page.waitForEvent('download');
  await button(shown, 'Save').click();
  const file = await (await download).path();
  await button(shown, 'Reset').click();
  const { readFileSync } = await import('node:fs');
  await shown.page.setInputFiles('bellman-arcade #file', {
    name: 'pong.state',
    mimeType: 'application/octet-stream',
    buffer: readFileSync(file),
  });
  await shown.page.getByText('Going on from pong.state.').waitFor();
  expect(await frames(shown)).toBeGreaterThanOrEqual(at);
  await shown.close();
});

it('lets a model play its game, frame by frame, and gives the game back', async () => {
  useAleCartridges();
  const run = await resolveRun({
    recipe: 'dqn-pong-fast',
    env: 'PongNoFrameskip-v4',
    seed: 1,
    set: {},
    device: 'cpu',
    threads: 1,
  });
  const training = await createTraining(run);
  const model = Buffer.from(training.exportModel().content as Uint8Array);
  await training.close();
  const shown = await show('breakout');
  const { page } = shown;
  const give = () =>
    page.setInputFiles('bellman-arcade #file', {
      name: 'best.onnx',
      mimeType: 'application/octet-stream',
      buffer: model,
    });
  await give();
  await page.getByText('best.onnx plays Pong: add the cartridge of that game first.').waitFor();
  const before = await frames(shown);
  await expect.poll(() => frames(shown)).toBeGreaterThan(before);
  expect(await page.evaluate(() => document.querySelector('bellman-arcade')?.mode)).toBe('play');
  await shown.picture('arcade-refused', 'bellman-arcade');
  await page.setInputFiles('bellman-arcade #file', {
    name: 'pong.bin',
    mimeType: 'application/octet-stream',
    buffer: Buffer.from(aleCartridge('pong')),
  });
  await page.getByRole('application', { name: 'Pong, the screen' }).waitFor();
  // A model of another game on the shelf brings its game along.
  await page.getByLabel('Cartridge', { exact: true }).selectOption('Breakout');
  await give();
  await page.getByRole('application', { name: 'Pong, the screen' }).waitFor();
  await page.getByRole('button', { name: 'Take over' }).waitFor();
  await page.locator('[data-at=frame]', { hasText: /^(NOOP|FIRE|RIGHT|LEFT|RIGHTFIRE|LEFTFIRE)$/ }).waitFor();
  expect(await shown.axe()).toEqual([]);
  await shown.picture('arcade-model', 'bellman-arcade');
  await page.getByRole('button', { name: 'Take over' }).click();
  await expect.poll(() => page.evaluate(() => document.querySelector('bellman-arcade')?.mode)).toBe('play');
  const at = await frames(shown);
  await expect.poll(() => frames(shown)).toBeGreaterThan(at);
  await shown.close();
});

it('lets a network learn the game, which plays it meanwhile', async () => {
  const shown = await show('pong');
  const { page } = shown;
  await page.getByText('Learn', { exact: true }).first().click();
  await button(shown, 'Learn').click();
  // Its worker has the cartridge: it steps.
  await page.locator('.facts dd').nth(2).filter({ hasText: /[1-9]/ }).waitFor();
  await button(shown, 'Pause learning').click();
  await page.getByRole('button', { name: 'Take over' }).waitFor();
  expect(await shown.axe()).toEqual([]);
  await shown.picture('arcade-learn', 'bellman-arcade');
  await shown.close();
});

it('is less than 60 kB to load at first', () => {
  expect(gzippedSize(buildElements(['arcade']), 'bellman-arcade.js')).toBeLessThan(60_000);
});
