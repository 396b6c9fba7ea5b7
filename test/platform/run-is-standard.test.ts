import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { createOrtRunner } from '../../src/node/onnxruntime/ort-runner.ts';
import { loadAgent } from '../../src/node/runs/load-agent.ts';
import type { Observation } from '../../src/train/preprocessing.ts';
import { bellman, temporaryFolder } from '../cli/run-bellman.ts';
import { python } from './programs.ts';

const pongInSmall = [
  ...['learningStarts=600', 'bufferSize=2000', 'epsilonDecaySteps=400'],
  ...['rewardWindow=1', 'rewardBound=-22', 'network.kind=dqn-2013', 'preprocessing.frameSize=42'],
].flatMap((value) => ['--set', value]);

/** A real run of each kind of network, read by other people's programs. */
const cases = [
  { name: 'CartPole', args: ['dqn-cart-pole', '--stop-after', '1500'] },
  { name: 'Pong', args: ['dqn-pong-fast', ...pongInSmall] },
];

describe.each(cases)('a run on $name', ({ args }) => {
  const run = join(temporaryFolder(), 'run');
  beforeAll(async () => {
    const outcome = await bellman(['train', ...args, '--run', run, '--quiet']);
    expect(outcome).toMatchObject({ code: 0, stderr: '' });
  });

  it("has a model that Python's onnxruntime runs to the same values", async () => {
    const agent = await loadAgent(run);
    const rows: number[][] = [];
    const expected: number[][] = [];
    const space = agent.env.observationSpace as unknown as { dtype: 'uint8' | 'float32'; shape: readonly number[] };
    const { n } = agent.env.actionSpace as unknown as { n: number };
    const runner = await createOrtRunner(readFileSync(agent.modelPath), {
      inputs: { observations: { dtype: space.dtype, shape: [1, ...space.shape] } },
      outputs: { q: { dtype: 'float32', shape: [1, n] } },
    });
    agent.env.actionSpace.seed(5);
    let observation = agent.env.reset({ seed: 5 }).observation as Observation;
    for (let i = 0; i < 12; i++) {
      rows.push(Array.from(observation));
      expected.push(Array.from((await runner.run({ observations: observation.slice() }))['q']));
      const result = agent.env.step(agent.env.actionSpace.sample());
      observation = (result.terminated ? agent.env.reset().observation : result.observation) as Observation;
    }
    const actual = JSON.parse(
      python('test/platform/run_model.py', [agent.modelPath], JSON.stringify(rows)),
    ) as number[][];
    expect(actual).toHaveLength(rows.length);
    actual.forEach((values, i) => {
      values.forEach((value, action) => void expect(Math.abs(value - expected[i][action])).toBeLessThan(1e-5));
    });
    // Values of different observations differ, so agreement means something.
    expect(new Set(actual.map((values) => values[0])).size).toBeGreaterThan(1);
    await runner.release();
    await agent.close();
  });

  it("has logs that Python's TensorBoard reads, equal to metrics.jsonl", () => {
    const read = JSON.parse(python('test/oracle/read_events.py', [run])) as {
      scalars: Record<string, [step: number, time: number, value: number][]>;
    };
    const lines = readFileSync(join(run, 'metrics.jsonl'), 'utf8').trimEnd().split('\n');
    const metrics = lines.map((line) => JSON.parse(line) as Record<string, number>);
    expect(metrics.length).toBeGreaterThan(0);
    for (const tag of ['epsilon', 'speed', 'reward_mean', 'reward']) {
      // Games of the first tenth of a second have no speed yet.
      const rows = tag === 'speed' ? metrics.filter((row) => tag in row) : metrics;
      const ours = rows.map((row) => [row['step'], Math.fround(row[tag])]);
      expect(ours.length).toBeGreaterThan(0);
      expect(read.scalars[tag].map(([step, , value]) => [step, value])).toEqual(ours);
    }
  });
});
