import { describe, expect, it } from 'vitest';
import { aggregate } from '../../../plot/curves.ts';
import { curvesToCsv } from './csv.ts';
import { axesOf, type CurveGroup, type CurveRun, metricsOf, seriesOf } from './curve-data.ts';
import { CurveModel, type CurveSettings, type GroupCurve, readCurve, refine } from './curve-model.ts';
import { placeOfFile } from './group-files.ts';
import { type CurveFile, loadCurve } from './load-curves.ts';
import { panBy, within, zoomAbout } from './view.ts';

const run = (name: string, columns: CurveRun['columns']): CurveRun => ({ name, columns });
const settings: CurveSettings = { metric: 'reward', axis: 'step', smoothing: 0, spread: 'std' };

function build(groups: readonly CurveGroup[], asked: Partial<CurveSettings> = {}, model = new CurveModel()) {
  const work = model.build(groups, { ...settings, ...asked });
  for (let parts = 0; ; parts++) {
    const { done, value } = work.next();
    if (done) return { curves: value, parts };
  }
}
const only = ({ curves }: { readonly curves: readonly GroupCurve[] }): GroupCurve => curves[0];

describe('seriesOf', () => {
  const columns = {
    step: [10, 20, 30, 40],
    time: [100, 160, 190, 220],
    reward: [1, Number.NaN, 3, 1e305],
    episodes: [2, 4, 6, 8],
  };
  it.each([
    ['step', [10, 30]],
    ['minutes', [0, 1.5]],
    ['episodes', [2, 6]],
  ] as const)('has the points over %s that can be drawn', (axis, x) => {
    const series = seriesOf(run('a', columns), 'reward', axis);
    expect([Array.from(series?.x ?? []), Array.from(series?.y ?? [])]).toEqual([x, [1, 3]]);
  });
  it('counts steps of the environment where a table counts iterations', () => {
    const table = run('a', { step: [1, 2], env_steps: [100, Number.NaN], reward: [0, 1] });
    expect(Array.from(seriesOf(table, 'reward', 'step')?.x ?? [])).toEqual([2, 100]);
  });
  it('sorts a run whose steps fall, and has nothing of a metric or an axis that a run lacks', () => {
    const back = run('a', { step: [3, 1, 2], reward: [30, 10, 20] });
    expect(Array.from(seriesOf(back, 'reward', 'step')?.y ?? [])).toEqual([10, 20, 30]);
    expect(seriesOf(back, 'loss', 'step')).toBeUndefined();
    expect(seriesOf(back, 'constructor', 'step')).toBeUndefined();
    expect(seriesOf(back, 'reward', 'updates')).toBeUndefined();
    expect(seriesOf(run('a', { step: [1], reward: [Number.NaN] }), 'reward', 'step')).toBeUndefined();
  });
});

it('metricsOf names what is asked for most often first, and no axis', () => {
  const groups = [{ name: 'a', runs: [run('1', { step: [1], time: [1], loss: [1], speed: [1], reward: [1] })] }];
  expect(metricsOf(groups)).toEqual(['reward', 'loss', 'speed']);
  expect(axesOf(groups)).toEqual(['step', 'minutes']);
});

describe('CurveModel', () => {
  const seeds = [run('0', { step: [0, 10, 20], reward: [0, 10, 40] }), run('1', { step: [0, 10], reward: [2, 12] })];
  const group = { name: 'both', runs: seeds };
  it.each(['std', 'ci', 'range', 'none'] as const)('gives the band of pictures: %s', (spread) => {
    const { x, middle, low, high, solidTo } = only(build([group], { spread }));
    const band = aggregate(
      [
        { x: [0, 10, 20], y: [0, 10, 40] },
        { x: [0, 10], y: [2, 12] },
      ],
      spread,
      3,
    );
    expect({ x: [...x], mean: [...middle], low: [...low], high: [...high], solidTo }).toEqual(band);
  });
  it('smooths each seed, then takes the mean', () => {
    const { middle } = only(build([group], { smoothing: 2 }));
    expect(Array.from(middle)).toEqual([1, (5 + 7) / 2, (25 + 7) / 2]);
  });
  it('leaves out groups and seeds without the metric', () => {
    const other = { name: 'other', runs: [run('2', { step: [1], loss: [1] })] };
    const mixed = { name: 'mixed', runs: [...seeds, ...other.runs] };
    const { curves } = build([other, mixed]);
    expect(curves.map((curve) => [curve.group.name, curve.seeds.length])).toEqual([['mixed', 2]]);
  });
  it('computes again only what has changed', () => {
    const model = new CurveModel();
    const other = { name: 'other', runs: [run('2', { step: [1], reward: [1] })] };
    const first = build([group, other], {}, model);
    const again = build([group, { ...other }], {}, model);
    expect(again.curves[0]).toBe(first.curves[0]);
    expect(again.curves[1]).not.toBe(first.curves[1]);
    expect(again.curves[1].seeds[0]).toBe(first.curves[1].seeds[0]);
    expect(build([group], { smoothing: 0.5 }, model).curves[0]).not.toBe(first.curves[0]);
  });
  it('goes step by step: one for each run and each group', () => {
    expect(build([group]).parts).toBe(3);
  });
});

describe('refine', () => {
  const long = (name: string, from: number) => {
    const step = Float64Array.from({ length: 20_000 }, (_, i) => from + 2 * i);
    return run(name, { step, reward: step.map((at, i) => at + (from === 0 && i === 10_001 ? 1000 : 0)) });
  };
  const curve = only(build([{ name: 'long', runs: [long('0', 0), long('1', 1)] }]));
  it('finds a peak of one seed that the whole has no place for', () => {
    expect(curve.coarse).toBe(true);
    const part = refine(curve, 19_900, 20_100, 'none');
    expect(part.x.length).toBeGreaterThan(195);
    expect(part.middle[part.x.indexOf(20_002)]).toBe(20_002 + 500);
    expect(part.middle[part.x.indexOf(19_950)]).toBe(19_950);
  });
  it('goes on beyond a run that has ended', () => {
    const ended = run('2', { step: [5], reward: [7] });
    const group = { name: 'ended', runs: [long('0', 0), ended, long('1', 1)] };
    const part = refine(only(build([group])), 30_000, 30_010, 'none');
    const at = part.x.indexOf(30_004);
    expect(part.middle[at]).toBeCloseTo((30_004 + 7 + 30_004) / 3, 9);
  });
});

it('readCurve reads between points, and nothing outside', () => {
  const curve = only(build([{ name: 'a', runs: [run('0', { step: [10, 20], reward: [1, 3] })] }]));
  expect(readCurve(curve, 15)?.middle).toBe(2);
  expect([readCurve(curve, 10)?.middle, readCurve(curve, 20)?.middle]).toEqual([1, 3]);
  expect([readCurve(curve, 9.9), readCurve(curve, 20.1), readCurve(curve, Number.NaN)]).toEqual([
    undefined,
    undefined,
    undefined,
  ]);
});

describe('a view', () => {
  it('keeps the place under the pointer', () => {
    expect(zoomAbout([0, 100], 25, 0.5, [0, 100])).toEqual([12.5, 62.5]);
    const [from, to] = zoomAbout([1, 10_000], 100, 0.5, [1, 10_000], true) ?? [];
    expect([from, to].map((end) => Math.log10(end as number))).toEqual([expect.closeTo(1, 9), expect.closeTo(3, 9)]);
  });
  it('is all when it would be wider, and never without width', () => {
    expect(zoomAbout([40, 60], 50, 100, [0, 100])).toBeUndefined();
    const [from, to] = zoomAbout([50, 50.0001], 50, 1e-9, [0, 100]) ?? [0, 0];
    expect(to - from).toBeCloseTo(1e-4, 9);
  });
  it('stays within the whole', () => {
    expect(panBy([10, 30], -1, [0, 100])).toEqual([0, 20]);
    expect(panBy([10, 30], 10, [0, 100])).toEqual([80, 100]);
    expect(within([-50, 20], [0, 100])).toEqual([0, 70]);
  });
});

it.each([
  ['runs/lake/seed0/metrics.jsonl', 'lake', 'seed0'],
  ['dqn-pong-seed12-1/metrics.jsonl', 'dqn-pong', 'dqn-pong-seed12-1'],
  ['runs/pole/metrics.jsonl', 'pole', 'pole'],
  ['runs/pole/events.out.tfevents.1700000000.host.0', 'pole', 'pole'],
  ['metrics.jsonl', 'metrics', 'metrics'],
  ['a/b/sarsa-seed-3.csv', 'sarsa', 'sarsa-seed-3'],
  ['../../progress.csv', 'progress', 'progress'],
])('the file %s is of group %s, run %s', (path, group, name) => {
  expect(placeOfFile(path)).toEqual({ group, run: name });
});

it('CSV has a line for each point that is seen, and quotes names', () => {
  const runs = [run('0', { step: [1, 2, 3], reward: [5, 6, 7] })];
  const { curves } = build([{ name: 'a, "b"', runs }]);
  expect(curvesToCsv(curves, { axis: 'environment steps', metric: 'reward', from: 2, to: 3 })).toBe(
    'group,environment steps,reward,low,high,seeds\r\n"a, ""b""",2,6,6,6,1\r\n"a, ""b""",3,7,7,7,1\r\n',
  );
});

describe('loadCurve', () => {
  const file = (text: string, piece: number): CurveFile => ({
    path: 'f',
    size: text.length,
    open: async () =>
      new ReadableStream({
        start(controller) {
          const bytes = new TextEncoder().encode(text);
          for (let at = 0; at < bytes.length; at += piece) controller.enqueue(bytes.subarray(at, at + piece));
          controller.close();
        },
      }),
  });
  it.each([1, 5, 100])('reads pieces of %i bytes, and tells how far it is', async (piece) => {
    const told: number[] = [];
    const text = 'step,reward\n1,2\n3,4\n';
    const { columns } = await loadCurve(file(text, piece), (bytes) => told.push(bytes), new AbortController().signal);
    expect(columns['reward']).toEqual(Float64Array.of(2, 4));
    expect(told.at(-1)).toBe(text.length);
  });
  it('refuses what is no curve, and ends when it is told to', async () => {
    const { signal } = new AbortController();
    await expect(loadCurve(file('', 1), () => {}, signal)).rejects.toThrow('f: the file is empty.');
    await expect(loadCurve(file('\0'.repeat(40), 7), () => {}, signal)).rejects.toThrow('no');
    const stop = new AbortController();
    const work = loadCurve(
      file('step,reward\n1,2\n'.repeat(99), 4),
      () => stop.abort(new Error('enough')),
      stop.signal,
    );
    await expect(work).rejects.toThrow('enough');
  });
});
