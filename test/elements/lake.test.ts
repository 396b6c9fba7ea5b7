/** <bellman-lake> as a person uses it. */
import { afterAll, beforeAll, expect, it } from 'vitest';
import { openStage, type Stage } from './stage.ts';

let stage: Stage;
beforeAll(async () => {
  stage = await openStage(['lake']);
});
afterAll(() => stage?.close());

it('draws the lake, without a violation of axe', async () => {
  const shown = await stage.open({ body: '<bellman-lake></bellman-lake>' });
  await shown.page.locator('bellman-lake canvas').waitFor();
  expect(await shown.axe()).toEqual([]);
  await shown.picture('lake', 'bellman-lake');
  await shown.close();
});
