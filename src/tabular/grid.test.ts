import { describe, expect, it } from 'vitest';
import { OptionError, ShapeError } from '../core/errors.ts';
import { CartPoleEnv, encodeTaxiState, lakeActions, make, taxiActions } from '../envs/index.ts';
import { cliffActions } from '../envs/toy-text/cliff-walking.ts';
import { frozenLakeGrid } from '../envs/toy-text/frozen-lake.grid.ts';
import { taxiGrids } from '../envs/toy-text/taxi.grid.ts';
import { checkGrid, formatValue, type GridDescription, layOut, valueRange } from './grid.ts';
import { renderPolicies, renderPolicyArrows, renderValueTable, sideBySide } from './grid-text.ts';
import { cellColours, heatColour, inkOn, toHex } from './heat-colours.ts';
import { drawValueTable } from './value-picture.ts';

const { left, down, right, up } = lakeActions;
const [lake] = layOut(
  [frozenLakeGrid(['SFH', 'FFG'])],
  Float64Array.of(0.25, 0.5, 0, 0.125, 1, 0),
  Int32Array.of(down, left, 0, right, up, 0),
);

describe('layouts', () => {
  it('know the actions of the environments', () => {
    const arrowsOf = (id: 'FrozenLake-v1' | 'Taxi-v4' | 'CliffWalking-v1') =>
      make(id).unwrapped.stateGrids()[0].actionArrows;
    const lakeArrows = arrowsOf('FrozenLake-v1');
    expect([left, down, right, up].map((action) => lakeArrows[action])).toEqual(['←', '↓', '→', '↑']);
    const { south, north, east, west, pickup, dropoff } = taxiActions;
    const taxiArrows = arrowsOf('Taxi-v4');
    expect([south, north, east, west, pickup, dropoff].map((a) => taxiArrows[a]).join('')).toBe('↓↑→←PD');
    const cliffArrows = arrowsOf('CliffWalking-v1');
    const cliff = [cliffActions.up, cliffActions.right, cliffActions.down, cliffActions.left];
    expect(cliff.map((action) => cliffArrows[action])).toEqual(['↑', '→', '↓', '←']);
  });
  it("follow a lake's own map", () => {
    const [grid] = make('FrozenLake-v1', { desc: ['SFF', 'FHG'] }).unwrapped.stateGrids();
    expect(grid).toMatchObject({ rows: 2, cols: 3, nStates: 6, states: [0, 1, 2, 3, 4, 5] });
    expect(grid.cellKinds).toEqual(['start', 'floor', 'floor', 'floor', 'hole', 'goal']);
  });
  it("know Taxi's map, places and numbering", () => {
    const values = new Float64Array(500);
    const policy = new Int32Array(500);
    const state = encodeTaxiState({ row: 3, column: 2, passenger: 4, destination: 1 });
    values[state] = 7;
    policy[state] = taxiActions.pickup;
    const grids = layOut(taxiGrids(), values, policy);
    expect(grids).toHaveLength(16);
    expect(new Set(grids.map((grid) => grid.title)).size).toBe(16);
    const grid = grids.find(({ title }) => title === 'in taxi to G')!;
    expect(grid.values[17]).toBe(7);
    expect(grid.policy[17]).toBe(taxiActions.pickup);
    expect(grids.flatMap((g) => [...g.values]).filter((value) => value !== 0)).toEqual([7]);
    // Gymnasium's map: R and G in the upper corners, Y lower left, B one from the lower right corner.
    expect(grid.labels!.join('')).toBe('RGYB');
    expect(['R', 'G', 'Y', 'B'].map((letter) => grid.labels!.indexOf(letter))).toEqual([0, 4, 20, 23]);
    expect(grid.cellKinds.map((kind, cell) => (kind === 'floor' ? -1 : cell)).filter((cell) => cell >= 0)).toEqual([4]);
    // Its walls: between columns 1 and 2 in the two upper rows, 0 and 1 and 2 and 3 in the two lower ones.
    const walls = grid.wallOnRight!.flatMap((wall, cell) => (wall ? [cell] : []));
    expect(walls).toEqual([1, 6, 15, 17, 20, 22]);
    const waiting = taxiGrids().find(({ title }) => title === 'Y to R')!;
    expect([waiting.cellKinds[20], waiting.cellKinds[0]]).toEqual(['passenger', 'destination']);
  });
  it('of CartPole number its cells with the last number fastest', () => {
    const cells = { low: [-2, -1, -0.2, -3], high: [2, 1, 0.2, 3], bins: [2, 1, 4, 3] };
    const grids = new CartPoleEnv().stateGrids(cells);
    expect(grids.flatMap(({ states }) => states)).toEqual(Array.from({ length: 24 }, (_, state) => state));
    expect(grids.map(({ title }) => title)).toEqual(['cart at -1.0 m, 0.0 m/s', 'cart at 1.0 m, 0.0 m/s']);
    // Middles of the cells: -0.15 to 0.15 rad and -2 to 2 rad/s, in degrees.
    expect(grids[0].rowLabels).toEqual(['-9', '-3', '3', '9']);
    expect(grids[0].colLabels).toEqual(['-115', '0', '115']);
    expect(new CartPoleEnv().stateGrids(null)).toEqual([]);
    expect(new CartPoleEnv().stateGrids({ low: [0], high: [1], bins: [2] })).toEqual([]);
  });
  it.each([
    [
      'a table of another size',
      () => layOut([frozenLakeGrid(['SG'])], new Float64Array(3), new Int32Array(2)),
      ShapeError,
    ],
    [
      'an action without an arrow',
      () => layOut([frozenLakeGrid(['SG'])], new Float64Array(2), Int32Array.of(4, 0)),
      OptionError,
    ],
    ['a table that is not a taxi', () => layOut(taxiGrids(), new Float64Array(16), new Int32Array(16)), ShapeError],
    ['too few actions', () => layOut([frozenLakeGrid(['SG'])], new Float64Array(2), new Int32Array(1)), ShapeError],
    ['a negative action', () => checkGrid({ ...lake, policy: Int32Array.of(0, 0, 0, -1, 0, 0) }), OptionError],
    ['walls of another size', () => checkGrid({ ...lake, wallOnRight: [true] }), ShapeError],
    ['too few labels of rows', () => checkGrid({ ...lake, rowLabels: ['a'] }), ShapeError],
    ['too many labels of columns', () => checkGrid({ ...lake, colLabels: ['a', 'b', 'c', 'd'] }), ShapeError],
  ])('refuse %s', (_name, call, type) => {
    expect(call).toThrow(type);
  });
  it('ignore holes and goals in the range', () => {
    expect(valueRange([lake])).toEqual([0.125, 1]);
    expect(valueRange([lake, { ...lake, values: Float64Array.of(3, 1, 9, 2, 1, -9) }])).toEqual([0.125, 3]);
    expect(valueRange([])).toEqual([0, 0]);
  });
});

describe('in the terminal', () => {
  it('shows values', () => {
    expect(renderValueTable(lake)).toBe(' 0.250   0.500     H\n 0.125   1.000     G');
  });
  it('shows arrows', () => {
    expect(renderPolicyArrows(lake)).toBe(' ↓   ←   H\n →   ↑   G');
  });
  it('shows walls', () => {
    const walled = { ...lake, wallOnRight: [true, false, false, false, false, true] };
    expect(renderPolicyArrows(walled)).toBe(' ↓ | ←   H\n →   ↑   G');
  });
  it('colours by value, and says the same', () => {
    const coloured = renderPolicyArrows(lake, { colour: true });
    const [r, g, b] = heatColour(1, 0, 1);
    expect(coloured).toContain(`48;2;${r};${g};${b};38;2;255;255;255m ↑ `);
    // biome-ignore lint/suspicious/noControlCharactersInRegex: ANSI escapes
    const plain = coloured.replace(/\u001b\[[\d;]*m/g, '').replace(/ +$/gm, '');
    expect(plain).toBe(renderPolicyArrows(lake));
    expect(coloured.split('\n').every((line) => line.endsWith('\u001b[0m'))).toBe(true);
  });
  it('colours holes and goals by their kind, and prints what stands out in bold', () => {
    const escapes = (grid: GridDescription, range?: readonly [number, number]) =>
      [...renderValueTable(grid, { colour: true, ...(range && { range }) }).matchAll(/\[(1;)?48;2;([\d;]*);38;/g)].map(
        ([, bold, background]) => `${bold === undefined ? 'plain' : 'bold'} ${background}`,
      );
    const colour = (value: number, low: number, high: number) => heatColour(value, low, high).join(';');
    const on = (low: number, high: number) => [
      `bold ${colour(0.25, low, high)}`,
      `plain ${colour(0.5, low, high)}`,
      `plain ${cellColours.hole.join(';')}`,
      `plain ${colour(0.125, low, high)}`,
      `plain ${colour(1, low, high)}`,
      `bold ${cellColours.goal.join(';')}`,
    ];
    expect(escapes(lake)).toEqual(on(0.125, 1));
    expect(escapes(lake, [-1, 2])).toEqual(on(-1, 2));
  });
  it('puts coloured blocks side by side by what is seen, on the scale of all or the one it is told', () => {
    // biome-ignore lint/suspicious/noControlCharactersInRegex: ANSI escapes
    const plain = (text: string) => text.replace(/\u001b\[[\d;]*m/g, '').replace(/ +$/gm, '');
    const other = { ...lake, values: Float64Array.from(lake.values, (value) => value * 10) };
    const grids = [lake, other, lake];
    const coloured = renderPolicies(grids, 2, { colour: true });
    expect(plain(coloured).replace(/ +/g, ' ')).toBe(renderPolicies(grids, 2).replace(/ +/g, ' '));
    const widths = plain(sideBySide([renderPolicyArrows(lake, { colour: true }), '|\n|'])).split('\n');
    expect(widths.map((line) => line.indexOf('|'))).toEqual([15, 15]);
    expect(coloured).toContain(`48;2;${heatColour(10, 0.125, 10).join(';')}`);
    expect(coloured).toContain(`48;2;${heatColour(1, 0.125, 10).join(';')}`);
    const told = renderPolicies(grids, 2, { colour: true, range: [0, 20] });
    expect(told).toContain(`48;2;${heatColour(10, 0, 20).join(';')}`);
  });
  it('puts labels of rows at the right of their margin', () => {
    const labelled = { ...lake, rowLabels: ['a', 'long'], colLabels: ['x', 'y', 'z'] };
    expect(renderPolicyArrows(labelled)).toBe('   a  ↓   ←   H\nlong  →   ↑   G\n      x   y   z');
    const first = { ...lake, rowLabels: ['long', 'a'] };
    expect(renderPolicyArrows(first)).toBe('long  ↓   ←   H\n   a  →   ↑   G');
  });
  it('puts blocks side by side', () => {
    expect(sideBySide(['a\nbcd', 'x\ny\nz'], 2)).toBe('a    x\nbcd  y\n     z');
    const rows = renderPolicies(
      [1, 2, 3].map((i) => ({ ...lake, title: `map ${i}` })),
      2,
    ).split('\n');
    expect(rows).toEqual([
      'map 1        map 2',
      ' ↓   ←   H    ↓   ←   H',
      ' →   ↑   G    →   ↑   G',
      '',
      'map 3',
      ' ↓   ←   H',
      ' →   ↑   G',
    ]);
  });
  it.each([
    [0.0684, '0.068'],
    [-0.0001, '0.000'],
    [9.9996, '10.00'],
    [-12.345, '-12.35'],
    [-999.96, '-1000'],
    [123.456, '123.5'],
    [9.9994, '9.999'],
    [99.996, '100.0'],
    [99.994, '99.99'],
    [999.94, '999.9'],
  ])('writes %f as %s', (value, text) => {
    expect(formatValue(value)).toBe(text);
  });
});

describe('as a picture', () => {
  it('has a tile for each cell, a value and an arrow for each that can be played', () => {
    const svg = drawValueTable(lake, { title: 'Lake & <co>' });
    expect(svg).toContain('Lake &amp; &lt;co&gt;');
    expect(svg.match(/width="84" height="84"/g)).toHaveLength(6);
    expect(svg.match(/>(0\.250|0\.500|0\.125|1\.000)<\/text>/g)).toHaveLength(6); // and the two ends of the scale
    expect(svg.match(/rotate\((0|90|180|270)\)/g)!.sort()).toEqual([
      'rotate(0)',
      'rotate(180)',
      'rotate(270)',
      'rotate(90)',
    ]);
    expect(svg).toContain(`fill="${toHex(heatColour(0.5, 0.125, 1))}"`);
    expect(svg.match(/<ellipse /g)).toHaveLength(1);
  });
  it('draws many grids on one scale, with walls and letters', () => {
    const policy = new Int32Array(500).fill(taxiActions.dropoff);
    const svg = drawValueTable(
      layOut(
        taxiGrids(),
        Float64Array.from({ length: 500 }, (_, s) => s),
        policy,
      ),
      { perRow: 4 },
    );
    expect(svg.match(/ to [RGYB]<\/text>/g)).toHaveLength(16);
    expect(svg.match(/>D<\/text>/g)).toHaveLength(16 * 25);
    expect(svg.match(/v40"/g)).toHaveLength(16 * 6);
  });
  it('has colours that fall in lightness, with ink that can be read', () => {
    const lightness = Array.from({ length: 101 }, (_, i) =>
      heatColour(i, 0, 100).reduce((sum, channel) => sum + channel),
    );
    for (let i = 1; i < lightness.length; i++) expect(lightness[i]).toBeLessThan(lightness[i - 1]!);
    expect(heatColour(-5, 0, 1)).toEqual(heatColour(0, 0, 1));
    expect(heatColour(3, 1, 1)).toEqual(heatColour(0, 0, 1));
    expect(inkOn([255, 255, 255])).not.toEqual([255, 255, 255]);
    expect(inkOn([0, 0, 0])).toEqual([255, 255, 255]);
    // Relative luminance by WCAG 2.2: 0.2126 of full red, 0.7152 of green, 0.0722 of blue; ink turns dark above 0.21.
    const dark = [16, 32, 52];
    expect(inkOn([255, 0, 0])).toEqual(dark);
    expect(inkOn([252, 0, 0])).toEqual([255, 255, 255]);
    expect(inkOn([0, 0, 255])).toEqual([255, 255, 255]);
    expect(inkOn([0, 150, 0])).toEqual(dark);
    expect(inkOn([0, 145, 0])).toEqual([255, 255, 255]);
    // 0.2126 * 0.8714 = 0.185 without blue, 0.257 with it.
    expect([inkOn([240, 0, 0]), inkOn([240, 0, 255])]).toEqual([[255, 255, 255], dark]);
    expect([heatColour(3, 2, 6), heatColour(0.25, 0, 1)]).toEqual(Array(2).fill([172, 211, 236]));
    expect(toHex([255, 10, 0])).toBe('#ff0a00');
  });
});

describe('the cliff and the card table', () => {
  it('show the way along the cliff', () => {
    const grids = make('CliffWalking-v1').unwrapped.stateGrids();
    const [field] = layOut(grids, new Float64Array(48), new Int32Array(48).fill(cliffActions.right));
    const lines = renderPolicyArrows(field).split('\n');
    expect(lines).toHaveLength(4);
    expect(lines[3].split(/\s+/).filter(Boolean)).toEqual(['→', ...'HHHHHHHHHH', 'G']);
  });
  it('lay Blackjack out as in Figure 5.2', () => {
    const policy = new Int32Array(704);
    policy[(13 * 11 + 1) * 2 + 1] = 1;
    const grids = make('Blackjack-v1').unwrapped.stateGrids();
    const [hard, soft] = layOut(grids, new Float64Array(704), policy);
    expect(renderPolicyArrows(hard)).not.toContain('H');
    const lines = renderPolicyArrows(soft).split('\n');
    expect(lines[21 - 13]).toMatch(/^13 {2}H {3}S {3}S/);
    expect(lines[10]).toMatch(/^ {4}A {3}2 .* 10$/);
    expect(drawValueTable([hard, soft])).toContain('usable ace');
    expect(() => layOut(grids, new Float64Array(3), policy)).toThrow(ShapeError);
  });
  it('make room for long labels', () => {
    const cells = { low: [-1, -1, -1, -3], high: [1, 1, 1, 3], bins: [1, 1, 1, 3] };
    const [grid] = layOut(new CartPoleEnv().stateGrids(cells), new Float64Array(3), Int32Array.of(0, 1, 1));
    expect(renderPolicyArrows(grid)).toBe('0  ←    →    →\n  -115  0   115');
  });
});

it('cells where nothing was learned have no arrow, in texts and pictures', () => {
  const values = Float64Array.of(0.5, 0, 0);
  const grids = layOut([frozenLakeGrid(['SFG'])], values, Int32Array.of(2, 0, 0), [true, false, false]);
  expect(renderPolicyArrows(grids[0])).toMatch(/^\s*→\s+·\s+G\s*$/);
  const svg = drawValueTable(grids, { title: 'lake' });
  expect(svg.match(/rotate\(/g)).toHaveLength(1);
  expect(svg).toContain('striped: nothing learned');
  const known = layOut([frozenLakeGrid(['SFG'])], values, Int32Array.of(2, 0, 0));
  expect(drawValueTable(known, { title: 'lake' })).not.toContain('striped');
});
