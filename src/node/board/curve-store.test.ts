import * as fs from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { temporaryFolder } from '../../../test/cli/run-bellman.ts';
import { CurveStore } from './curve-store.ts';

const folder = temporaryFolder();
let files = 0;
const write = (text: string): string => {
  const path = join(folder, `metrics-${files++}.jsonl`);
  fs.writeFileSync(path, text);
  return path;
};
const line = (step: number, values: object): string => `${JSON.stringify({ step, time: step * 10, ...values })}\n`;
const lines = (count: number, values: (step: number) => object): string =>
  Array.from({ length: count }, (_, i) => line(i + 1, values(i + 1))).join('');

/** Reads to the end. */
async function readAll(store: CurveStore): Promise<CurveStore> {
  for (let before = -1; store.read !== before; ) {
    before = store.read;
    await store.update();
  }
  return store;
}

it('has a column for each name, NaN where a line has no such value', async () => {
  const path = write(line(1, { a: 1 }) + line(2, { b: 5 }) + line(3, { a: 3, b: 'NaN' }));
  const store = await readAll(new CurveStore(path));
  expect(store.names).toEqual(['a', 'b']);
  expect([...store.column('step')]).toEqual([1, 2, 3]);
  expect([...store.column('time', 1)]).toEqual([20, 30]);
  expect([...store.column('a')]).toEqual([1, Number.NaN, 3]);
  expect([...store.column('b')]).toEqual([Number.NaN, 5, Number.NaN]);
  expect([...store.column('none')]).toEqual([Number.NaN, Number.NaN, Number.NaN]);
  expect(store).toMatchObject({ generation: 0, damaged: 0, open: false, linesPerRow: 1 });
});

it('waits for the rest of a line, and reads only what was added', async () => {
  const path = write(`${line(1, { a: 1 })}{"step":2,"ti`);
  const store = await readAll(new CurveStore(path));
  expect(store.rows).toBe(1);
  fs.appendFileSync(path, 'me":20,"a":2}\n');
  await readAll(store);
  expect([...store.column('a')]).toEqual([1, 2]);
  expect(store).toMatchObject({ generation: 0, damaged: 0, read: fs.statSync(path).size });
});

it('counts damaged lines and goes on behind them; texts are none', async () => {
  const path = write(`{"step":1\n[]\nnull\n\n${line(2, { a: 1 })}{"step":3,"time":1,"text":{"a":"b"}}\n`);
  expect(await readAll(new CurveStore(path))).toMatchObject({ rows: 1, damaged: 3 });
});

it('passes over a line without an end, of any length', async () => {
  const path = write(`${line(1, { a: 1 })}${'x'.repeat(3 << 18)}`);
  const store = await readAll(new CurveStore(path));
  expect(store).toMatchObject({ rows: 1, damaged: 1 });
  fs.appendFileSync(path, `x\n${line(2, { a: 2 })}`);
  await readAll(store);
  expect([...store.column('a')]).toEqual([1, 2]);
});

it('begins anew when the log was cut back, even where it has grown longer than before', async () => {
  const path = write(lines(50, (step) => ({ a: step })));
  const store = await readAll(new CurveStore(path));
  const text = fs.readFileSync(path, 'utf8').split('\n').slice(0, 20).join('\n');
  fs.writeFileSync(path, `${text}\n${lines(90, (step) => ({ a: -step }))}`);
  await readAll(store);
  expect(store).toMatchObject({ rows: 110, generation: 1 });
  expect([...store.column('a', 18)].slice(0, 4)).toEqual([19, 20, -1, -2]);
  fs.rmSync(path);
  await store.update();
  expect(store).toMatchObject({ rows: 0, generation: 2, size: 0 });
});

it('holds at most so many rows: past them each is the mean of twice as many lines', async () => {
  const path = write(lines(40_001, (step) => ({ a: step, seldom: step % 4 === 1 ? step : 'NaN' })));
  const store = await readAll(new CurveStore(path));
  expect(store).toMatchObject({ linesPerRow: 4, rows: 10_001, open: true });
  const [step, a, seldom] = [store.column('step'), store.column('a'), store.column('seldom')];
  expect([...step.subarray(0, 3)]).toEqual([4, 8, 12]);
  expect([...a.subarray(0, 3)]).toEqual([2.5, 6.5, 10.5]);
  expect([...seldom.subarray(0, 3)]).toEqual([1, 5, 9]);
  // The last row is of one line so far.
  expect([step.at(-1), a.at(-1)]).toEqual([40_001, 40_001]);
  fs.appendFileSync(path, line(40_002, { a: 0 }));
  await readAll(store);
  expect([store.rows, store.column('a').at(-1)]).toEqual([10_001, 40_001 / 2]);
});

it('has a limit to names', async () => {
  const path = write(lines(200, (step) => ({ [`name-${step}`]: 1 })));
  const store = await readAll(new CurveStore(path));
  expect(store.rows).toBe(200);
  expect(store.names.length).toBeLessThanOrEqual(64);
});

it('reads in slices: it stops when its time is over, and goes on', async () => {
  const path = write(lines(20_000, (step) => ({ a: step })));
  const store = new CurveStore(path);
  let time = 0;
  await store.update(1, () => time++);
  expect(store.read).toBeGreaterThan(0);
  expect(store.read).toBeLessThan(store.size);
  await readAll(store);
  expect(store.read).toBe(store.size);
});

it('reads no folder, and no pipe that never ends', async () => {
  const store = new CurveStore(folder);
  await store.update();
  expect(store.rows).toBe(0);
});
