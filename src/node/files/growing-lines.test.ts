import { appendFileSync, mkdtempSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeEach, describe, expect, it } from 'vitest';
import { GrowingLines } from './growing-lines.ts';

const folder = mkdtempSync(join(tmpdir(), 'growing-lines-'));
const path = join(folder, 'lines');
afterAll(() => rmSync(folder, { recursive: true, force: true }));
beforeEach(() => rmSync(path, { force: true }));

it('gives each line once, when its end is there', () => {
  const lines = new GrowingLines(path);
  expect(lines.read()).toEqual([]);
  writeFileSync(path, '');
  expect(lines.read()).toEqual([]);
  writeFileSync(path, 'one\ntw');
  expect(lines.read()).toEqual(['one']);
  expect(lines.read()).toEqual([]);
  appendFileSync(path, 'o\nthree\n');
  expect(lines.read()).toEqual(['two', 'three']);
  expect([lines.read(), lines.offset, lines.generation]).toEqual([[], 14, 0]);
});

/** As a training logs: with times, which differ from one to the next. */
const row = (step: number, time: string) => `{"step":${step},"time":${time}}\n`;

describe('a file whose end was cut off', () => {
  it.each([
    ['shorter than before', [row(2, '7.25')]],
    ['as long as before', [row(2, '7.25'), row(3, '8.5')]],
    ['longer than before', [row(2, '7.25'), row(3, '8.5'), row(4, '9')]],
  ])('and that is %s is given from its beginning', (_, added) => {
    const lines = new GrowingLines(path);
    writeFileSync(path, row(1, '1') + row(2, '2.125') + row(3, '3'));
    expect(lines.read()).toHaveLength(3);
    truncateSync(path, row(1, '1').length);
    for (const text of added) appendFileSync(path, text);
    expect(lines.read().map((line) => `${line}\n`)).toEqual([row(1, '1'), ...added]);
    appendFileSync(path, row(5, '10'));
    expect(lines.read()).toEqual([row(5, '10').trim()]);
    expect(lines.generation).toBe(1);
  });

  it('and left empty, is so until it grows', () => {
    const lines = new GrowingLines(path);
    writeFileSync(path, 'one\n');
    lines.read();
    truncateSync(path, 0);
    expect(lines.read()).toEqual([]);
    appendFileSync(path, 'one\ntwo\n');
    expect(lines.read()).toEqual(['one', 'two']);
  });
});
