/**
 * Q-learning on one page (Watkins 1989; Sutton & Barto, 2nd ed., section 6.5): one table, one line of update. What
 * `bellman train q-learning` runs ends with the same table, bit for bit (twins.test.ts). A taxi: npx tsx examples/01-q-learning.ts
 */
import { argMax, type Env, Generator, make } from 'bellman-rl';
import { deriveSeeds } from 'bellman-rl/tabular';

const defaults = {
  env: () => make('Taxi-v3') as unknown as Env<number, number>,
  steps: 200_000,
  states: 500,
  actions: 6,
  alpha: 0.5,
  gamma: 0.99,
  epsilonStart: 1,
  epsilonFinal: 0.02,
  epsilonDecaySteps: 50_000,
  seed: 1,
  onEpisode: (step: number, total: number) => console.log(`step ${step}: return ${total}`),
};

export function qLearning(change: Partial<typeof defaults> = {}): Float64Array {
  const { states, actions, alpha, gamma, seed, ...config } = { ...defaults, ...change };
  const env = config.env();
  // Chances of the environment, of the policy and of random actions do not go together.
  const seeds = deriveSeeds(seed);
  const coins = new Generator(seeds.behaviour);
  env.actionSpace.seed(seeds.actions);
  let state = env.reset({ seed: seeds.environment }).observation;
  const q = new Float64Array(states * actions);
  let total = 0;
  for (let step = 1; step <= config.steps; step++) {
    const epsilon = Math.max(config.epsilonFinal, config.epsilonStart - step / config.epsilonDecaySteps);
    const action = coins.random() < epsilon ? env.actionSpace.sample() : argMax(q, state * actions, actions);
    const { observation: next, reward, terminated, truncated } = env.step(action);
    const best = terminated ? 0 : q[next * actions + argMax(q, next * actions, actions)];
    const pair = state * actions + action;
    q[pair] = q[pair] * (1 - alpha) + (reward + gamma * best) * alpha;
    total += reward;
    state = next;
    if (!terminated && !truncated) continue;
    config.onEpisode(step, total);
    total = 0;
    state = env.reset().observation;
  }
  return q;
}

if (/01-q-learning\.m?ts$/.test(process.argv[1] ?? '')) qLearning();
