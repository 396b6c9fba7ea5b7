/** <bellman-curves> as a person uses it. */
import { afterAll, beforeAll, expect, it } from 'vitest';
import { openStage, type ShownPage, type Stage } from './stage.ts';

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

const body =
  '<bellman-curves heading="Balancing a pole"></bellman-curves><script type="module" src="/learn.js"></script>';
const legend = (shown: ShownPage) => shown.page.getByRole('list').first();

it('draws groups of seeds, says their values, and has nothing that axe finds', async () => {
  const shown = await stage.open({ body });
  await legend(shown).waitFor();
  await shown.page.waitForFunction(() => document.querySelector('bellman-curves')?.dataset['paintMs'] !== undefined);
  expect(await shown.axe()).toEqual([]);
  await shown.picture('curves', 'bellman-curves');
  await shown.close();
});
