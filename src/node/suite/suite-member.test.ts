import { cpSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { makeFolder } from '../files/folder.ts';
import { memberOf, readScore, writeScore } from './suite-member.ts';

const folder = mkdtempSync(join(tmpdir(), 'bellman-test-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const score = { step: 60, unit: 'steps', frames: 60, protocol: null, returns: [1, 0] } as unknown as Parameters<
  typeof writeScore
>[1];
const [lake, taxi, other] = [
  memberOf(folder, 'FrozenLake-v1', 0),
  memberOf(folder, 'Taxi-v3', 0),
  memberOf(folder, 'FrozenLake-v1', 1),
];

it('reads the score of its own run and of no other', () => {
  const written = writeScore(lake, score);
  expect(written).toMatchObject({ env: 'FrozenLake-v1', seed: 0, returns: [1, 0] });
  expect(readScore(lake)).toEqual(written);
  for (const member of [taxi, other]) {
    expect(readScore(member)).toBeUndefined();
    makeFolder(dirname(member.file));
    cpSync(lake.file, member.file);
    expect(() => readScore(member)).toThrow(
      `${member.file}: the score of "FrozenLake-v1", seed 0, and not of ${member.env}, seed ${member.seed}`,
    );
  }
});

it('reads the score of a version that did not note whose it is', () => {
  expect(existsSync(lake.file)).toBe(true);
  const { env: _, seed: __, ...rest } = JSON.parse(readFileSync(lake.file, 'utf8')).score;
  writeFileSync(taxi.file, JSON.stringify({ parts: [], score: rest }));
  expect(readScore(taxi)).toMatchObject({ env: 'Taxi-v3', seed: 0, returns: [1, 0] });
});
