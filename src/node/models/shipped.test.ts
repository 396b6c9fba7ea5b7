import { readFileSync, statSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { readOnnx } from '../../graph/index.ts';
import { summarize } from '../../stats/summary.ts';
import type { TrainedBy } from '../../storage/trained-by.ts';
import { evaluate } from '../../train/evaluate.ts';
import { loadAgent } from '../runs/load-agent.ts';
import { findShipped, shippedModels } from './shipped.ts';

function trainedBy(path: string): TrainedBy {
  const content = readFileSync(path);
  return path.endsWith('.json')
    ? JSON.parse(content.toString('utf8')).trained
    : JSON.parse(readOnnx(content, path).metadata['trained'] ?? 'null');
}

describe('models that come with the package', () => {
  it('take less than 1.5 MB together', () => {
    expect(shippedModels.reduce((sum, { path }) => sum + statSync(path).size, 0)).toBeLessThan(1_500_000);
  });

  it.each(shippedModels.map((model) => [model.name, model] as const))('%s says what it was trained by', (_, model) => {
    const { recipe, env, seed, command, score } = trainedBy(model.path);
    expect(env).toBe(model.env);
    expect(command).toBe(`bellman train ${recipe} --seed ${seed}`);
    expect(score.episodes).toBeGreaterThanOrEqual(10);
    expect(findShipped(env)).toBe(model);
  });

  it.each(['lake', 'taxi', 'pole'])('%s has the score that it says', async (name) => {
    const model = findShipped(name)!;
    const { score } = trainedBy(model.path);
    const agent = await loadAgent(model.path);
    const episodes = name === 'pole' ? 10 : score.episodes;
    const returns = (await evaluate(agent, { episodes, seed: score.seed, epsilon: score.epsilon })).map(
      ({ totalReward }) => totalReward,
    );
    await agent.close();
    if (episodes === score.episodes) expect(summarize(returns)).toMatchObject({ mean: score.mean, std: score.std });
    // Episodes of the pole are long: a few, all of full length.
    else expect(returns).toEqual(new Array(episodes).fill(score.mean));
  });
});
