/** <bellman-pole> as a person uses it. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { buildElements, gzippedSize } from '../../scripts/build-elements.ts';
import { resolveRun } from '../../src/node/runs/resolve-run.ts';
import { runTraining } from '../../src/node/runs/run-training.ts';
import { decodeCheckpoint } from '../../src/storage/checkpoint-format.ts';
import { temporaryFolder } from '../cli/run-bellman.ts';
import { openStage, type Stage } from './stage.ts';

const folder = temporaryFolder();
let stage: Stage;
beforeAll(async () => {
  stage = await openStage(['pole']);
  // Where the package has it: next to dist.
  stage.files.set('/models/pole.onnx', readFileSync(new URL('../../models/pole.onnx', import.meta.url)));
});
afterAll(() => stage?.close());

/** A number behind a name in the list of facts. */
async function fact(page: Page, name: string): Promise<number> {
  const text = await page
    .locator('.facts div', { hasText: new RegExp(`^${name}\\s*[\\d–−]`) })
    .locator('dd')
    .textContent();
  return Number(text?.replace(/\s/g, '').replace('−', '-'));
}

it('the trained network balances at once, and is pushed over by the keyboard', async () => {
  const shown = await stage.open({ body: '<bellman-pole></bellman-pole>' });
  const { page } = shown;
  await page.getByText('A trained network').waitFor();
  // By nothing but luck a pole stands for some 20 steps.
  await page.waitForFunction(() => {
    const text = document.querySelector('bellman-pole')?.shadowRoot?.querySelector('.caption')?.textContent ?? '';
    return Number(/Step (\d+)/.exec(text)?.[1]) > 60;
  });
  expect(await page.locator('.value-bars .chosen').count()).toBe(1);
  expect(await shown.axe()).toEqual([]);
  await shown.picture('pole', 'bellman-pole');
  await page.locator('.stage').focus();
  for (let i = 0; i < 4; i++) await page.keyboard.press('ArrowRight');
  await page.waitForFunction(() => {
    const text = document.querySelector('bellman-pole')?.shadowRoot?.querySelector('.caption')?.textContent ?? '';
    return Number(/Step (\d+)/.exec(text)?.[1]) < 30;
  });
  await page.keyboard.press('Space');
  await page.getByRole('button', { name: 'Play' }).waitFor();
  await shown.close();
});

it('learns in its worker: curve, pause, step, save; and goes on from the file', async () => {
  const shown = await stage.open({ body: '<bellman-pole seed="2"></bellman-pole>', scheme: 'dark' });
  const { page } = shown;
  await page.getByRole('button', { name: 'Learn', exact: true }).click();
  await expect.poll(() => page.locator('.facts').count()).toBe(1);
  await expect.poll(() => fact(page, 'Episodes')).toBeGreaterThan(40);
  await page.getByRole('button', { name: 'Pause learning' }).click();
  await page.getByRole('button', { name: 'Go on learning' }).waitFor();
  await page.getByText(/The network after/).waitFor();
  expect(await shown.axe()).toEqual([]);
  await shown.picture('pole-learning-dark', 'bellman-pole');
  const steps = await fact(page, 'Steps');
  await page.getByRole('button', { name: 'Step', exact: true }).click();
  await expect.poll(() => fact(page, 'Steps')).toBeGreaterThan(steps);
  const saved = await fact(page, 'Steps');
  const [file] = await Promise.all([page.waitForEvent('download'), page.getByRole('button', { name: 'Save' }).click()]);
  expect(file.suggestedFilename()).toBe('cartpole-pqn.bck');
  const content = readFileSync(await file.path());
  expect(decodeCheckpoint(content, 'saved').header.step).toBe(saved);
  // A unit a second: what begins anew stays far below what was saved.
  await page.getByLabel('Speed of learning').press('Home');
  await page.getByRole('button', { name: 'Start over' }).click();
  await expect.poll(() => fact(page, 'Steps')).toBeLessThan(saved);
  const [chooser] = await Promise.all([
    page.waitForEvent('filechooser'),
    page.getByRole('button', { name: 'Load' }).click(),
  ]);
  await chooser.setFiles({ name: 'pole.bck', mimeType: 'application/octet-stream', buffer: content });
  await expect.poll(() => fact(page, 'Steps')).toBeGreaterThan(saved);
  await shown.close();
});

/** A checkpoint after some steps, as Node writes it. */
async function checkpointOf(recipe: string): Promise<Buffer> {
  const path = join(folder, recipe);
  const run = await resolveRun({ recipe, seed: 0, device: 'cpu', threads: 1, set: {} });
  const output = { line() {}, progress() {}, close() {} };
  const options = { start: { run, path }, version: '0', command: 'test', output };
  const { training } = await runTraining({ ...options, checkpointEveryMs: 1e9, stopAfter: 60 });
  await training.close();
  // A training lets go of the channel to the process that started it, which here is that of the tests.
  process.channel?.ref();
  const [name] = readdirSync(join(path, 'checkpoints'));
  return readFileSync(join(path, 'checkpoints', name));
}

it('goes to the task of a checkpoint and says so; one of something else leaves all as it is', async () => {
  const [blackjack, car] = [await checkpointOf('q-learning-blackjack'), await checkpointOf('dqn-mountain-car')];
  const shown = await stage.open({ body: '<bellman-pole learn="DQN" seed="5"></bellman-pole>' });
  const { page } = shown;
  const load = async (name: string, buffer: Buffer) => {
    const choosing = page.waitForEvent('filechooser');
    await page.getByRole('button', { name: 'Load' }).click();
    await (await choosing).setFiles({ name, mimeType: 'application/octet-stream', buffer });
  };
  await expect.poll(() => page.locator('.facts').count()).toBe(1);
  await load('pong.bck', Buffer.from('no checkpoint'));
  await page.getByRole('alert').filter({ hasText: 'not a checkpoint' }).waitFor();
  await load('blackjack.bck', blackjack);
  await page.getByRole('alert').filter({ hasText: 'allowed are CartPole-v1, MountainCar-v0' }).waitFor();
  const steps = await fact(page, 'Steps');
  await expect.poll(() => fact(page, 'Steps')).toBeGreaterThan(steps);
  await load('car.bck', car);
  await page
    .getByRole('status')
    .filter({ hasText: 'The checkpoint is of MountainCar-v0, which is shown now.' })
    .waitFor();
  expect(await page.locator('bellman-pole').getAttribute('env')).toBe('MountainCar');
  expect(await page.getByLabel('Task').inputValue()).toBe('MountainCar');
  await page.getByText('drive left').waitFor();
  await expect.poll(() => fact(page, 'Steps')).toBeGreaterThan(60);
  await shown.close();
});

it('learns on when a script moves it; ends when it is taken out; says which attributes are wrong', async () => {
  const shown = await stage.open({
    body: '<bellman-pole learn="PQN" env="CartPole"></bellman-pole><div id="other"></div>',
  });
  const { page } = shown;
  const pole = (act: (element: HTMLElement) => void) => page.locator('bellman-pole').evaluate(act);
  await expect.poll(() => page.locator('.facts').count()).toBe(1);
  await pole((element) => document.querySelector('#other')?.append(element));
  const steps = await fact(page, 'Steps');
  await expect.poll(() => fact(page, 'Steps')).toBeGreaterThan(steps);
  await pole((element) => {
    element.removeAttribute('learn');
    element.remove();
    setTimeout(() => document.body.append(element), 50);
  });
  await page.getByRole('button', { name: 'Learn', exact: true }).waitFor();
  await pole((element) => {
    for (const [name, value] of [
      ['seed', '-1'],
      ['env', 'Pole'],
    ])
      element.setAttribute(name, value);
  });
  await page.getByRole('alert').filter({ hasText: 'seed: got -1, allowed is an integer from 0 up' }).waitFor();
  await page.getByRole('alert').filter({ hasText: 'env: got "Pole", allowed are CartPole, MountainCar' }).waitFor();
  await pole((element) => {
    for (const name of ['seed', 'env', 'model', 'theme']) element.removeAttribute(name);
  });
  await page.getByRole('alert').first().waitFor({ state: 'detached' });
  await page.getByText('A trained network').waitFor();
  await shown.close();
});

it('shows the other tasks on a small screen, and is pushed by touch', async () => {
  const shown = await stage.open({
    body: '<bellman-pole env="Acrobot"></bellman-pole>',
    width: 320,
    height: 640,
    touch: true,
  });
  const { page } = shown;
  await page.getByText('At random').waitFor();
  await page.locator('.stage').tap({ position: { x: 20, y: 60 } });
  for (const name of ['MountainCar', 'Pendulum', 'Acrobot']) {
    await page.getByLabel('Task').selectOption(name);
    await page.waitForFunction((env) => document.querySelector('bellman-pole')?.getAttribute('env') === env, name);
    await shown.picture(`pole-320-${name}`, 'bellman-pole');
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(320);
  }
  expect(await shown.axe()).toEqual([]);
  await shown.close();
});

it.each(['pole', 'pong'])('bellman-%s is at most 60 kB of script until a network is wanted', (name) => {
  expect(gzippedSize(buildElements([name]), `bellman-${name}.js`)).toBeLessThan(60_000);
});
