import { describe, expect, it } from 'vitest';
import { FileFormatError } from '../core/errors.ts';
import { decodeTable, encodeTable, greedyAction, type TableModel } from './table-model.ts';

const table: Omit<TableModel, 'format'> = {
  env: 'Taxi-v3',
  envOptions: {},
  cells: null,
  actionBins: null,
  nStates: 2,
  nActions: 3,
  q: [9, 1, 2, /**/ -3, -1, -1],
  actionMasks: [0, 1, 1, /**/ 1, 1, 1],
};
const text = (change: object = {}) => encodeTable({ ...table, ...change });

describe('a table as a file', () => {
  it('is read as it was written', () => {
    expect(decodeTable(text(), 'a.json')).toEqual({ format: 'bellman-table', ...table });
  });
  it('of an earlier version has no cells and no masks', () => {
    const { cells, actionMasks } = decodeTable(text({ cells: undefined, actionMasks: undefined }), 'a.json');
    expect({ cells, actionMasks }).toEqual({ cells: null, actionMasks: null });
  });
  it.each([
    ['too few', [1, 1, 1]],
    ['a state without an action', [1, 1, 1, 0, 0, 0]],
    ['a first state without an action', [0, 0, 0, 1, 1, 1]],
    ['an entry of 2', [2, 1, 1, 1, 1, 1]],
    ['no list', 'all'],
  ])('refuses masks with %s', (_what, actionMasks) => {
    expect(() => decodeTable(text({ actionMasks }), 'a.json')).toThrow(FileFormatError);
    expect(() => decodeTable(text({ actionMasks }), 'a.json')).toThrow(
      /^a\.json: its action masks do not fit the table/,
    );
  });
});

describe('a table of anyone', () => {
  const cells = { low: [0, -1], high: [1, 1], bins: [2, 3] };
  it.each([
    ['cells that are true', { cells: true }, 'its cells are none'],
    ['cells that are {}', { cells: {} }, 'its cells are none'],
    ['cells that are []', { cells: [] }, 'its cells are none'],
    ['cells of lengths that differ', { cells: { ...cells, low: [0] } }, 'its cells are none'],
    ['cells of no width', { cells: { ...cells, high: [1, -1] } }, 'its cells are none'],
    ['half a bin', { cells: { ...cells, bins: [2, 0.5] } }, 'its cells are none'],
    ['a text of bins', { actionBins: 'five' }, 'its actionBins are none'],
    ['bins that are none', { actionBins: [] }, 'its actionBins are none'],
    ['a million and one bins', { actionBins: 1_000_001 }, 'its actionBins are none'],
    ['options that are a list', { envOptions: [] }, 'the table is incomplete'],
    ['options that are a number', { envOptions: 5 }, 'the table is incomplete'],
    ['a number for its environment', { env: 5 }, 'the table is incomplete'],
    ['a state and a half', { nStates: 1.5, nActions: 2, q: [1, 2, 3] }, 'the table is incomplete'],
    ['an action and a half', { nStates: 2, nActions: 1.5, q: [1, 2, 3] }, 'the table is incomplete'],
    ['no actions', { nActions: 0, q: [], actionMasks: null }, 'the table is incomplete'],
    ['less than no actions', { nStates: -2, nActions: -3, actionMasks: null }, 'the table is incomplete'],
    ['a value too few', { q: [1, 2, 3, 4, 5] }, 'the table is incomplete'],
    ['a value of text', { q: [1, 2, 3, 4, 5, '6'] }, 'the table is incomplete'],
    ['values that are no list', { q: 'abcdef' }, 'the table is incomplete'],
    ['another format', { format: 'table' }, 'not a table of action values'],
    ['cells of one low too many', { cells: { ...cells, low: [0, -1, 0] } }, 'its cells are none'],
    ['cells of one high too few', { cells: { ...cells, high: [1] } }, 'its cells are none'],
    ['cells of one high too many', { cells: { ...cells, high: [1, 1, 1] } }, 'its cells are none'],
    ['cells whose low is a number', { cells: { ...cells, low: 0 } }, 'its cells are none'],
    ['cells without a low end', { cells: { ...cells, low: [null, -1] } }, 'its cells are none'],
    ['cells without a high end', { cells: { ...cells, high: [1, null] } }, 'its cells are none'],
    ['cells of no bins', { cells: { ...cells, bins: [2, 0] } }, 'its cells are none'],
    ['no bins', { actionBins: 0 }, 'its actionBins are none'],
    ['half a bin of actions', { actionBins: 2.5 }, 'its actionBins are none'],
  ])('with %s is refused by its name', (_what, change, problem) => {
    expect(() => decodeTable(text(change), 'a.json')).toThrow(FileFormatError);
    expect(() => decodeTable(text(change), 'a.json')).toThrow(`a.json: ${problem}`);
  });
  it.each([
    ['null', 'not a table of action values'],
    ['[]', 'not a table of action values'],
    ['{', 'not valid JSON'],
  ])('that is %s is refused', (content, problem) => {
    expect(() => decodeTable(content, 'a.json')).toThrow(`a.json: ${problem}`);
  });
  it('tells what the parser said', () => {
    expect(() => decodeTable('{', 'a.json')).toThrow(expect.objectContaining({ cause: expect.any(SyntaxError) }));
  });
  it('has one action at least, and options as they stand there', () => {
    const one = { nActions: 1, q: [1, 2], actionMasks: null, envOptions: { isRainy: true } };
    expect(decodeTable(text(one), 'a.json')).toMatchObject(one);
    expect(decodeTable(text({ envOptions: undefined }), 'a.json').envOptions).toEqual({});
  });
  it.each([1, 1_000_000])('may have %i bins', (actionBins) => {
    expect(decodeTable(text({ actionBins }), 'a.json').actionBins).toBe(actionBins);
  });
  it('with cells and bins that are some is read', () => {
    expect(decodeTable(text({ cells, actionBins: [5, 3] }), 'a.json')).toMatchObject({ cells, actionBins: [5, 3] });
  });
});

describe('greedyAction', () => {
  const masked = decodeTable(text(), 'a.json');
  const free = decodeTable(text({ actionMasks: null }), 'a.json');
  it('takes the largest value, ties to the lowest', () => {
    expect(greedyAction(free, 0)).toBe(0);
    expect(greedyAction(free, 1)).toBe(1);
  });
  it("goes by the model's masks, or by that of the present state", () => {
    expect(greedyAction(masked, 0)).toBe(2);
    expect(greedyAction(masked, 0, [0, 1, 0])).toBe(1);
    expect(greedyAction(masked, 0, [1, 1, 1])).toBe(0);
  });
  it('never takes the largest value where that is not allowed', () => {
    const middle = decodeTable(text({ q: [0, 9, 1, /**/ 0, 0, 0] }), 'a.json');
    expect(greedyAction(middle, 0, [1, 0, 1])).toBe(2);
  });
  it('stays within the row of its state', () => {
    const rising = decodeTable(text({ q: [1, 2, 3, /**/ 4, 5, 6], actionMasks: null }), 'a.json');
    expect(greedyAction(rising, 0)).toBe(2);
  });
});
