/** <bellman-curves> as a person uses it. */
import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { buildElements, gzippedSize } from '../../scripts/build-elements.ts';
import { dropFile } from './drop-file.ts';
import { openStage, type Scene, type ShownPage, type Stage } from './stage.ts';

let stage: Stage;
beforeAll(async () => {
  stage = await openStage(['curves']);
  // Like a script of the page: two methods, five seeds and three, that learn to balance a pole.
  stage.files.set(
    '/learn.js',
    `const curves = document.querySelector('bellman-curves');
     let state = 7;
     const random = () => (state = (state * 48271) % 2147483647) / 2147483647;
     const run = (name, speed, points) => {
       const step = Float64Array.from({ length: points }, (_, i) => (i + 1) * 120);
       const reward = step.map((at) => Math.max(9, Math.min(500, 500 * (1 - Math.exp(-at * speed)) + 90 * (random() - 0.5))));
       return { name, columns: { step, time: step.map((at) => 1.7e9 + at / 50), reward, loss: reward.map((value) => 10 / value) } };
     };
     curves.groups = [
       { name: 'pqn', runs: [0, 1, 2, 3, 4].map((seed) => run('seed' + seed, 1e-4 * (1 + 0.3 * random()), 400)) },
       { name: 'dqn <b>', runs: [0, 1, 2].map((seed) => run('seed' + seed, 3e-5 * (1 + random()), 300)) },
     ];
     curves.levels = [{ value: 475, label: 'solved at 475' }];`,
  );
});
afterAll(() => stage?.close());

const learn = '<script type="module" src="/learn.js"></script>';
const show = async (scene: Partial<Scene> = {}): Promise<ShownPage> => {
  const body = `<bellman-curves heading="Balancing a pole" smoothing="0.6"></bellman-curves>${learn}`;
  const shown = await stage.open({ body, ...scene });
  await painted(shown);
  return shown;
};
/** Waits until curves are in the legend and a picture is painted after that. */
const painted = async ({ page }: ShownPage): Promise<void> => {
  await page.locator('bellman-curves .legend > li').first().waitFor();
  await page.waitForFunction(() => document.querySelector('bellman-curves')?.dataset['paintMs'] !== undefined);
};
const plot = ({ page }: ShownPage) => page.getByRole('application');
const values = ({ page }: ShownPage) => page.locator('bellman-curves .legend .value').allInnerTexts();

it.each([
  ['light', 1280, 'curves'],
  ['dark', 1280, 'curves-dark'],
  ['light', 320, 'curves-320'],
] as const)('draws groups of seeds, %s, %i wide, and axe finds nothing', async (scheme, width, name) => {
  const shown = await show({ scheme, width });
  expect(await shown.axe()).toEqual([]);
  const scrolls = await shown.page.evaluate(() => document.documentElement.scrollWidth > innerWidth);
  expect(scrolls).toBe(false);
  await shown.picture(name, 'bellman-curves');
  await shown.close();
});

it('reads values by keyboard and says them; zooms, moves and shows all again', async () => {
  const shown = await show();
  await plot(shown).focus();
  await shown.page.keyboard.press('End');
  const said = shown.page.locator('bellman-curves [aria-live]');
  await said.filter({ hasText: /^48000|^48k environment steps: pqn 4\d\d/ }).waitFor();
  expect((await values(shown))[1]).toBe('–');
  for (const key of ['+', '+', 'Shift+ArrowLeft', 'ArrowLeft']) await shown.page.keyboard.press(key);
  const all = shown.page.getByRole('button', { name: 'Show all' });
  await all.waitFor();
  await shown.page.keyboard.press('0');
  await all.waitFor({ state: 'detached' });
  await shown.close();
});

it('zooms into a box that the mouse draws, and back by a double click', async () => {
  const shown = await show();
  const box = await plot(shown).boundingBox();
  if (box === null) throw new Error('no plot');
  await shown.page.mouse.move(box.x + 300, box.y + 200);
  await shown.page.mouse.down();
  await shown.page.mouse.move(box.x + 500, box.y + 205, { steps: 4 });
  await shown.picture('curves-box', 'bellman-curves');
  await shown.page.mouse.up();
  const all = shown.page.getByRole('button', { name: 'Show all' });
  await all.waitFor();
  const csv = await shown.page.evaluate(() => document.querySelector('bellman-curves')?.toCsv() ?? '');
  const steps = csv
    .trim()
    .split('\r\n')
    .slice(1)
    .map((line) => Number(line.split(',')[1]));
  // From 300 to 500 of about 860 pixels of 48,000 steps.
  expect(Math.min(...steps)).toBeGreaterThan(11_000);
  expect(Math.max(...steps)).toBeLessThan(26_000);
  await plot(shown).dblclick({ position: { x: 200, y: 100 } });
  await all.waitFor({ state: 'detached' });
  await shown.close();
});

it('hides groups, shows one alone, highlights a seed; names with markup stay names', async () => {
  const shown = await show();
  const dqn = shown.page.getByRole('button', { name: /^dqn <b>/ });
  await dqn.click();
  expect(await dqn.getAttribute('aria-pressed')).toBe('false');
  await expect
    .poll(() => shown.page.evaluate(() => document.querySelector('bellman-curves')?.toCsv()?.includes('dqn')))
    .toBe(false);
  await dqn.click({ modifiers: ['Shift'] });
  expect(await shown.page.getByRole('button', { name: /^pqn/ }).getAttribute('aria-pressed')).toBe('false');
  await shown.page.getByRole('button', { name: 'Show all' }).click();
  const chosen = shown.page.evaluate(
    () =>
      new Promise((resolve) =>
        addEventListener('bellman-run', (event) => resolve((event as CustomEvent).detail), { once: true }),
      ),
  );
  await shown.page.getByRole('button', { name: 'Seeds of pqn' }).press('Enter');
  await shown.page.getByRole('button', { name: 'seed3' }).click();
  expect(await chosen).toEqual({ group: 'pqn', run: 'seed3' });
  await shown.picture('curves-seed', 'bellman-curves');
  expect(await shown.page.locator('bellman-curves b').count()).toBe(0);
  await shown.close();
});

it('is pinched on a touch screen, and a tap reads values', async () => {
  const shown = await show({ touch: true, width: 390, height: 800 });
  const box = await plot(shown).boundingBox();
  if (box === null) throw new Error('no plot');
  await shown.page.touchscreen.tap(box.x + 150, box.y + 100);
  await shown.page.locator('bellman-curves .legend-head .number', { hasText: /^at / }).waitFor();
  const session = await shown.page.context().newCDPSession(shown.page);
  const fingers = (type: 'touchStart' | 'touchMove' | 'touchEnd', ...xs: number[]) =>
    session.send('Input.dispatchTouchEvent', {
      type,
      touchPoints: xs.map((x, id) => ({ x: box.x + x, y: box.y + 120, id })),
    });
  await fingers('touchStart', 150, 200);
  for (const apart of [10, 25, 40]) await fingers('touchMove', 150 - apart, 200 + apart);
  await fingers('touchEnd');
  await shown.page.getByRole('button', { name: 'Show all' }).waitFor();
  await shown.close();
});

it('zooms 200 runs by the wheel, and paints them anew once it rests', async () => {
  stage.files.set(
    '/many.js',
    `const curves = document.querySelector('bellman-curves');
     const wave = (g, k) => {
       const step = Float64Array.from({ length: 1000 }, (_, i) => i * 10 + k);
       return { name: 'seed' + k, columns: { step, reward: step.map((at) => g + Math.sin(at / 300 + k) * 3) } };
     };
     curves.groups = Array.from({ length: 20 }, (_, g) => ({ name: 'group ' + g, runs: Array.from({ length: 10 }, (_, k) => wave(g, k)) }));`,
  );
  const script = '<script type="module" src="/many.js"></script>';
  const shown = await stage.open({ body: `<bellman-curves></bellman-curves>${script}` });
  await painted(shown);
  const { page } = shown;
  await plot(shown).click({ position: { x: 600, y: 300 } });
  // The wheel is the page's where the plot has no focus; here it has.
  for (let i = 0; i < 5; i++) await page.mouse.wheel(0, -200);
  await page.getByRole('button', { name: 'Show all' }).waitFor();
  const csv = () => page.evaluate(() => document.querySelector('bellman-curves')?.toCsv() ?? '');
  const steps = (text: string): number[] =>
    text
      .trim()
      .split('\r\n')
      .slice(1)
      .map((line) => Number(line.split(',')[1]));
  await expect.poll(async () => steps(await csv()).length).toBeLessThan(20 * 10_000 * 0.4);
  const picture = () =>
    page.evaluate(() => {
      const canvas = document
        .querySelector('bellman-curves')
        ?.shadowRoot?.querySelector<HTMLCanvasElement>('canvas.curves');
      return canvas?.toDataURL() ?? '';
    });
  // At rest the stretched picture gives way to a sharp one, which stays.
  let before = '';
  await expect
    .poll(
      async () => {
        const now = await picture();
        const same = now === before;
        before = now;
        return same;
      },
      { interval: 400 },
    )
    .toBe(true);
  const change = (raw: boolean) =>
    page.evaluate((on) => {
      const curves = document.querySelector('bellman-curves');
      if (curves !== null) curves.raw = on;
    }, raw);
  await change(true);
  await expect.poll(picture).not.toBe(before);
  await change(false);
  await expect.poll(picture).toBe(before);
  await shown.close();
});

describe('files', () => {
  const lines = (scale: number) =>
    Array.from({ length: 50 }, (_, i) => `{"step":${i * 10},"time":${1000 + i},"reward":${i * scale}}`).join('\n');

  it('are read by address, live rows are added, and pictures and numbers saved', async () => {
    stage.files.set('/runs/lake/seed0/metrics.jsonl', lines(1));
    stage.files.set('/runs/lake/seed1/metrics.jsonl', `${lines(2)}\n{"step":5`);
    const src = '/runs/lake/seed0/metrics.jsonl /runs/lake/seed1/metrics.jsonl /missing.csv';
    const shown = await stage.open({
      body: `<bellman-curves src="${src}"></bellman-curves>`,
      expectedErrors: /404|missing/,
    });
    await painted(shown);
    await shown.page.getByText('the server answered 404').waitFor();
    await shown.page.getByText('1 line is no row of numbers').waitFor();
    await expect.poll(() => values(shown)).toEqual([expect.stringMatching(/^73\.5/)]);
    await shown.page.evaluate(() => {
      const curves = document.querySelector('bellman-curves');
      curves?.appendRows('lake', 'seed1', { step: [500], reward: [151] });
      curves?.appendRows('new', 'seed0', { step: [1, 2], reward: [3, 4] });
    });
    await expect.poll(() => values(shown)).toEqual([expect.stringMatching(/^100\n/), '4']);
    for (const [button, start] of [
      ['Save as SVG', '<svg '],
      ['Save as PNG', '\x89PNG'],
      ['Save as CSV', 'group,environment steps,reward,low,high,seeds\r\nlake,0,0,'],
    ] as const) {
      await shown.page.getByText('Files', { exact: true }).click();
      const download = shown.page.waitForEvent('download');
      await shown.page.getByRole('button', { name: button }).click();
      const file = await (await download).path();
      expect(readFileSync(file, 'latin1').slice(0, start.length)).toBe(start);
    }
    await shown.close();
  });

  it('are chosen or dropped; one that is none is said, in one line', async () => {
    const shown = await stage.open({ body: '<bellman-curves></bellman-curves>' });
    await shown.page.getByText('Drop learning curves here').waitFor();
    expect(await shown.axe()).toEqual([]);
    await shown.picture('curves-empty', 'bellman-curves');
    const file = (name: string, content: string) => ({ name, mimeType: 'text/plain', buffer: Buffer.from(content) });
    await shown.page.setInputFiles('bellman-curves #files', [
      file('a.csv', 'step,x\n1,2\n2,3\n'),
      file('b.png', '<p>no</p>'),
    ]);
    await shown.page.getByText('b.png: its first line is no row of names').waitFor();
    expect(await dropFile(shown.page, 'bellman-curves', '<img src=x>.csv', 'step,x\n1,5\n2,6\n')).toBe(true);
    await expect.poll(() => values(shown)).toEqual(['3', '6']);
    expect(await shown.page.locator('bellman-curves .legend').innerText()).toContain('<img src=x>');
    await shown.close();
  });

  it('are read one after the other: those that are dropped meanwhile wait', async () => {
    const shown = await stage.open({ body: '<bellman-curves></bellman-curves>' });
    const { page } = shown;
    // Its content comes when the test lets it.
    await page.evaluate(() => {
      const slow = new File([], 'slow.csv');
      const content = new TextEncoder().encode('step,x\n1,2\n2,3\n');
      const stream = new ReadableStream({
        start: (controller) => {
          addEventListener('release', () => {
            controller.enqueue(content);
            controller.close();
          });
        },
      });
      slow.stream = () => stream;
      void document.querySelector('bellman-curves')!.addFiles([slow]);
    });
    await page.getByText('Reading slow.csv', { exact: true }).waitFor();
    await dropFile(page, 'bellman-curves', 'next.csv', 'step,x\n1,5\n2,6\n');
    await page.getByText('Reading slow.csv (1 of 2)', { exact: true }).waitFor();
    await shown.picture('curves-waiting', 'bellman-curves');
    await page.evaluate(() => dispatchEvent(new Event('release')));
    await expect.poll(() => values(shown)).toEqual(['3', '6']);
    expect(await page.getByText(/^Reading/).count()).toBe(0);
    await shown.close();
  });
});

it('is less than 60 kB to load at first', () => {
  expect(gzippedSize(buildElements(['curves']), 'bellman-curves.js')).toBeLessThan(60_000);
});
