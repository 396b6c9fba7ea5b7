/** Arrays of a user's size are never spread into the arguments of a call, which takes about 125,000 of them. */
import { describe, expect, it } from 'vitest';
import { Generator } from '../../src/core/random/index.ts';
import { judgeRandomPlay } from '../../src/doctor/environment-findings.ts';
import { make } from '../../src/envs/index.ts';
import { Box } from '../../src/spaces/index.ts';
import { summarize } from '../../src/stats/summary.ts';
import { EpisodeStatistics } from '../../src/wrappers/index.ts';

const MANY = 200_000;

describe('with 200,000 values', () => {
  it('a score is summed up', () => {
    const { n, min, max, mean } = summarize(Array.from({ length: MANY }, (_, i) => i % 11));
    expect([n, min, max]).toEqual([MANY, 0, 10]);
    expect(mean).toBeCloseTo(5, 3);
  });

  it('EpisodeStatistics goes on from a saved state', () => {
    const statistics = () => new EpisodeStatistics(make('CartPole-v1'), { bufferLength: MANY });
    const [played, restored] = [statistics(), statistics()];
    for (let i = 0; i < MANY; i++) {
      played.returnQueue.push(i);
      played.lengthQueue.push(2 * i);
    }
    played.reset({ seed: 1 });
    restored.restoreState(played.saveState());
    expect(restored.returnQueue).toHaveLength(MANY);
    expect(restored.lengthQueue.at(-1)).toBe(2 * (MANY - 1));
  });

  it('a lake of 250x250 is made, and played', () => {
    const desc = Array.from({ length: 250 }, (_, row) => {
      const line = 'F'.repeat(250);
      return row === 0 ? `S${line.slice(1)}` : row === 249 ? `${line.slice(1)}G` : line;
    });
    const env = make('FrozenLake-v1', { desc });
    expect(env.unwrapped.model.nStates).toBe(62_500);
    expect(env.reset({ seed: 1 }).observation).toBe(0);
    expect(env.step(1).truncated).toBe(false);
  });

  it('a Box of seven axes is written out', () => {
    const low = Float32Array.from({ length: 6 ** 7 }, (_, i) => -1 - (i % 2));
    expect(String(new Box(low, 3, Array(7).fill(6)))).toMatch(
      /^Box\(\[\[\[\[\[\[\[-1\. -2\. .* 3\.0, \(6, 6, 6, 6, 6, 6, 6\), float32\)$/s,
    );
  });

  it('weighted draws without replacement come out whole', () => {
    const p = new Float64Array(2 * MANY).fill(0.5 / MANY);
    const drawn = new Generator(3).choices(2 * MANY, 2 * MANY - 1, { replace: false, p });
    expect(new Set(drawn).size).toBe(2 * MANY - 1);
  });

  it('random play is judged', () => {
    const play = {
      returns: Array.from({ length: MANY }, (_, i) => i % 5),
      lengths: Array.from({ length: MANY }, (_, i) => 1 + (i % 3)),
    };
    const counts = { steps: 2 * MANY, positive: 1, negative: 0, zero: 0, terminated: MANY, truncated: 0 };
    const texts = judgeRandomPlay({ ...play, ...counts }).map((finding) => JSON.stringify(finding));
    expect(texts.join()).toContain('1 to 3 steps');
    expect(texts.join()).toContain('0 to 4');
  });
});
