/** The board as a person uses it: a real Chromium, a folder of runs of which one is training. */
import * as fs from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { buildElements } from '../../scripts/build-elements.ts';
import { type RunningBoard, startBoard } from '../../src/node/board/start-board.ts';
import { resolveRun } from '../../src/node/runs/resolve-run.ts';
import { createRun, type RunDirectory } from '../../src/node/runs/run-directory.ts';
import { runTraining } from '../../src/node/runs/run-training.ts';
import { temporaryFolder } from '../cli/run-bellman.ts';
import { launchChromium } from '../support/launch-chromium.ts';

const folder = temporaryFolder();
const pictures = process.env['BELLMAN_PICTURES'];
const MARKUP = '<img src=x onerror=alert(1)>';

async function train(name: string, recipe: string, seed: number): Promise<void> {
  const run = await resolveRun({ recipe, seed, device: 'cpu', threads: 1, set: {} });
  const output = { line() {}, progress() {}, close() {} };
  const options = { start: { run, path: join(folder, name) }, version: '0', command: 'test', output };
  const { training } = await runTraining({ ...options, checkpointEveryMs: 1e9 });
  await training.close();
  // A training lets go of the channel to the process that started it, which here is that of the tests.
  process.channel?.ref();
}

/** A run that this process trains, in name. */
function beginRun(name: string, recipe = 'dqn-cart-pole'): RunDirectory {
  const facts = {
    bellman: '0',
    format: 2,
    command: 'test',
    recipe,
    algorithm: 'dqn',
    env: 'CartPole-v1',
    envKwargs: {},
  };
  const config = {
    ...facts,
    seed: 5,
    device: 'cpu',
    threads: 1,
    config: { gamma: 0.99 },
    sources: { gamma: { cite: 'a paper' } },
  };
  // Its clock runs ahead, so that a refresh shows what was logged.
  let time = Date.now();
  const now = () => {
    time += 400;
    return time;
  };
  const run = createRun({ config, version: '0', path: join(folder, name), now });
  for (let step = 1; step <= 40; step++)
    run.log.scalars(step * 25, { reward: step, reward_mean: step / 2, loss: 1 / step });
  run.line(`said ${MARKUP}`);
  run.saveStatus({
    ...{ state: 'running', message: null, step: 1000, saved: 0, maxSteps: 4000, pid: process.pid },
    ...{ started: new Date().toISOString(), updated: new Date().toISOString() },
    progress: {
      ...{ unit: 'frames', speed: 1234.5, secondsLeft: 95, atMost: false, reward: 20, bound: 475, usualSteps: null },
      note: '',
    },
  });
  run.refresh();
  return run;
}

let board: RunningBoard;
let browser: Browser;
let running: RunDirectory;
const troubles: string[] = [];
const files = buildElements(['board']);
const axe = fs.readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'));
const serve = () =>
  startBoard({
    ...{ folder, version: '0', program: 'bellman', command: ['-e', 'process.exit(1)'] },
    pageFile: (path) => (path === 'axe.js' ? axe : files.get(path)),
  });

beforeAll(async () => {
  await Promise.all([
    train('lake/seed0', 'q-learning-frozen-lake-dry', 0),
    train('lake/seed1', 'q-learning-frozen-lake-dry', 1),
  ]);
  running = beginRun('pole');
  beginRun(MARKUP.replaceAll('/', ''), MARKUP).close();
  board = await serve();
  browser = await launchChromium();
});
afterAll(async () => {
  await browser?.close();
  await board?.close();
  running?.close();
});

async function open(width: number, height: number, colorScheme: 'light' | 'dark'): Promise<Page> {
  const context = await browser.newContext({ viewport: { width, height }, colorScheme });
  const page = await context.newPage();
  page.on('pageerror', (error) => troubles.push(`error: ${error.message}`));
  page.on('console', (message) => {
    if (message.type() === 'error') troubles.push(`console: ${message.text()}`);
  });
  page.on('dialog', (dialog) => troubles.push(`markup ran: ${dialog.message()}`));
  // Whatever would leave the machine, or the board, is blocked and listed.
  await page.route('**/*', (route) => {
    const { origin } = new URL(board.url);
    const url = route.request().url();
    if (url.startsWith(`${origin}/`) || /^(blob|data):/.test(url)) return route.continue();
    troubles.push(`left the board: ${url}`);
    return route.abort();
  });
  // The address that is printed, and the one that a browser is started with.
  await page.goto(colorScheme === 'dark' ? board.url : board.oneTimeUrl());
  await page.getByText('4 runs, 1 running').waitFor();
  return page;
}

async function violations(page: Page): Promise<string[]> {
  await page.addScriptTag({ url: '/elements/axe.js' });
  return page.evaluate(async () => {
    const { axe } = globalThis as unknown as {
      axe: { run(context: object): Promise<{ violations: { id: string; nodes: { html: string }[] }[] }> };
    };
    const { violations } = await axe.run(document);
    return violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(' | ')}`);
  });
}

const picture = async (page: Page, name: string): Promise<void> => {
  if (pictures !== undefined) await page.screenshot({ path: join(pictures, `board-${name}.png`) });
};

it('shows runs, curves and one run, live', async () => {
  const page = await open(1280, 1000, 'light');
  const list = page.getByRole('navigation', { name: 'Runs' });
  expect(await list.getByRole('button', { name: /^lake/ }).innerText()).toMatch(/lake\s+1\s+solved\s+2 seeds/);
  expect(await list.getByRole('button', { name: /^pole/ }).innerText()).toMatch(
    /running\s+1,235\/s · about 1 min left|about 2 min left/,
  );
  // The token is out of sight, and a reload has it still.
  expect(page.url()).not.toContain('token');
  await page.reload();
  const run = page.getByRole('region', { name: 'Run pole' });
  await run.getByText('solved above 475').waitFor();

  // A line of the log arrives in the picture's legend.
  const legend = page.locator('bellman-curves').getByRole('group', { name: 'Curves' });
  await legend.getByText('20', { exact: true }).first().waitFor();
  running.log.scalars(1025, { reward: 99, reward_mean: 98.5, loss: 0 });
  running.refresh();
  await legend.getByText('98.5').waitFor();
  expect(await violations(page)).toEqual([]);
  await picture(page, 'light');

  // By the keyboard along the tabs.
  await run.getByRole('tab', { name: 'Overview' }).focus();
  await page.keyboard.press('End');
  await run.getByRole('row', { name: /metrics\.jsonl/ }).waitFor();
  await page.keyboard.press('ArrowLeft');
  await run.getByText(`said ${MARKUP}`).waitFor();
  await page.keyboard.press('ArrowLeft');
  await run.getByRole('row', { name: 'gamma 0.99 a paper' }).waitFor();

  // Settings next to each other.
  await list.getByRole('checkbox', { name: 'Draw lake' }).check();
  await page.getByRole('tab', { name: 'Settings compared' }).click();
  await page.getByRole('row', { name: 'environment CartPole-v1' }).waitFor();
  await page.getByRole('tab', { name: 'Curves' }).click();

  // A training that is killed, and a run that is deleted, while they are watched.
  const lock = JSON.parse(fs.readFileSync(join(folder, 'pole/.lock'), 'utf8'));
  running.close();
  fs.writeFileSync(join(folder, 'pole/.lock'), JSON.stringify({ ...lock, started: 'another boot' }));
  await run.getByText('killed').waitFor();
  await run.getByRole('button', { name: 'Resume' }).waitFor();
  fs.rmSync(join(folder, 'pole'), { recursive: true });
  await page.getByText('3 runs').waitFor();
  await page.getByText('pole is not in the folder any more.').waitFor();
  running = beginRun('pole');
  await page.getByText('4 runs, 1 running').waitFor();
  await page.context().close();
});

it('plays a model, draws its tables, on a phone in the dark', async () => {
  const page = await open(320, 700, 'dark');
  await page.getByRole('button', { name: /^lake/ }).click();
  const run = page.getByRole('region', { name: 'Run lake/seed0' });
  await run.getByRole('tab', { name: 'Values' }).click();
  await run.getByRole('img', { name: 'Values and policy of the best table' }).waitFor();
  await run.getByRole('tab', { name: 'Watch' }).click();
  await run.locator('.screen').scrollIntoViewIfNeeded();
  await run.getByRole('img', { name: /The model plays episode/ }).waitFor();
  await expect
    .poll(() =>
      page.evaluate(() => {
        const find = (root: ParentNode, name: string) => root.querySelector<HTMLElement>(name)!.shadowRoot!;
        const player = find(find(find(document, 'bellman-board'), 'board-run'), 'board-player');
        return player.querySelector('canvas')!.width;
      }),
    )
    .toBeGreaterThan(100);
  expect(await violations(page)).toEqual([]);
  await picture(page, 'dark-320');
  for (const tab of ['Watch', 'Values', 'Settings', 'Log', 'Files']) {
    await run.getByRole('tab', { name: tab }).click();
    expect([tab, await page.evaluate(() => document.documentElement.scrollWidth)]).toEqual([tab, 320]);
  }
  await page.context().close();
});

it('says that the connection is lost, and whose token is of no use; two boards stand on one folder', async () => {
  const page = await open(1000, 800, 'light');
  const other = await serve();
  expect(other.port).not.toBe(board.port);
  await page.getByRole('button', { name: 'Start a training' }).click();
  await page.getByRole('dialog').getByText('DQN on CartPole-v1').waitFor();
  expect(await violations(page)).toEqual([]);
  await page.keyboard.press('Escape');
  await other.close();
  const { port } = board;
  await board.close();
  await page.getByText('The connection to the board is lost').waitFor();
  troubles.length = 0; // what the browser says of a server that is gone
  board = await startBoard({
    ...{ folder, port, version: '0', program: 'bellman', command: [] },
    pageFile: (path) => files.get(path),
  });
  await page.getByText('The token is missing or of another board').waitFor();
  troubles.length = 0; // 401 is an error to the console
  await page.context().close();
});

it('has no errors, runs no markup and asks nobody else', () => {
  expect(troubles).toEqual([]);
});
