/**
 * Makes a shipped model of a run's best one: evaluates it and writes it to `models/` with what it was trained by in its
 * metadata (an ONNX model's properties; `trained` in a table). The table of docs/results/shipped-models.md is printed.
 *
 *   npx tsx scripts/ship-model.ts NAME RUN [EPISODES]   NAME is one of src/node/models/shipped.ts, EPISODES by default 100
 *   npx tsx scripts/ship-model.ts                       prints the table
 */
import { readFileSync } from 'node:fs';
import { readOnnx } from '../src/graph/index.ts';
import { encodeModel } from '../src/graph/onnx-schema.ts';
import { writeFileAtomic } from '../src/node/files/atomic-file.ts';
import { shippedModels } from '../src/node/models/shipped.ts';
import { loadAgent } from '../src/node/runs/load-agent.ts';
import { readBest, readRunConfig } from '../src/node/runs/run-directory.ts';
import { summarize } from '../src/stats/summary.ts';
import type { TrainedBy } from '../src/storage/index.ts';
import { evaluate } from '../src/train/evaluate.ts';

/** How shipped models are scored: greedily, as `play` plays them. */
const SEED = 1000;

const [name, run, count = '100'] = process.argv.slice(2);
const EPISODES = Number(count);
if (name !== undefined) {
  const target = shippedModels.find((model) => model.name === name);
  const best = run === undefined ? undefined : readBest(run);
  if (target === undefined || run === undefined || best === undefined) {
    throw new Error(`Give one of ${shippedModels.map((model) => model.name).join(', ')} and a run with a best model.`);
  }
  const trained = await trainedBy(run, Number(best.info['step']));
  const content = readFileSync(best.model);
  if (target.path.endsWith('.json')) {
    writeFileAtomic(target.path, `${JSON.stringify({ ...JSON.parse(content.toString('utf8')), trained })}\n`);
  } else {
    // Messages of a protocol buffer one after the other are one message.
    const added = { metadataProps: [{ key: 'trained', value: JSON.stringify(trained) }] };
    writeFileAtomic(target.path, [encodeModel(added), content]);
  }
}
printTable();

async function trainedBy(folder: string, steps: number): Promise<TrainedBy> {
  const config = readRunConfig(folder);
  const agent = await loadAgent(folder);
  const played = await evaluate(agent, { episodes: EPISODES, seed: SEED });
  await agent.close();
  const { mean, std } = summarize(played.map(({ totalReward }) => totalReward));
  const { recipe, env, seed, bellman } = config as Record<string, string>;
  return {
    recipe,
    env,
    seed: Number(seed),
    command: `bellman train ${recipe} --seed ${seed}`,
    version: bellman,
    steps,
    score: { mean, std, episodes: EPISODES, epsilon: 0, seed: SEED },
  };
}

function printTable(): void {
  console.log('| name | environment | trained by | steps | mean score | games | file |');
  console.log('|---|---|---|--:|--:|--:|--:|');
  for (const model of shippedModels) {
    const content = readFileSync(model.path);
    const { command, steps, score } = JSON.parse(
      model.path.endsWith('.json')
        ? JSON.stringify(JSON.parse(content.toString('utf8')).trained)
        : readOnnx(content, model.path).metadata['trained'],
    ) as TrainedBy;
    const cells = [
      `\`${model.name}\``,
      model.env,
      `\`${command}\``,
      steps.toLocaleString('en'),
      `${score.mean.toFixed(2)} ± ${score.std.toFixed(2)}`,
      score.episodes,
      `${Math.ceil(content.length / 1000)} kB`,
    ];
    console.log(`| ${cells.join(' | ')} |`);
  }
}
