/**
 * PQN on one page (Gallici et al. 2025, Algorithm 1): environments play a few steps, then their network learns from them; no
 * replay, no target. `bellman train` ends with the same weights (twins.test.ts). Run it: npx tsx examples/03-pqn.ts
 */
import { argMax, Generator } from 'bellman-rl';
import { buildPqnUpdate, buildQValues, scalarValues } from 'bellman-rl/agents';
import { clipGradientNorm, initializeAsPytorch, mlp, Parameters, RAdam } from 'bellman-rl/nn';
import { ortRunnerFactory } from 'bellman-rl/node';
import { makeVec, type VectorEnv } from 'bellman-rl/vector';

// biome-ignore format: a line for each group of settings
const defaults = {
  maxSteps: 200_000, rolloutSteps: 16, epochs: 4, minibatches: 8, gamma: 0.99, lambda: 0.9, clipReward: false, seed: 1,
  epsilonStart: 1, epsilonFinal: 0.02, epsilonDecaySteps: 60_000, gradientClipNorm: 10,
  learningRate: 1e-3, learningRateFinal: 1e-5, learningRateDecaySteps: 200_000, optimizerEpsilon: 1e-8,
  env: () => makeVec('CartPole-v1', 32, { autoresetMode: 'same-step' }) as VectorEnv<Float32Array>,
  network: { ...mlp({ inputShape: [4], actions: 2, hidden: [64, 64], layerNorm: true }), values: scalarValues('mse') },
  createRunner: ortRunnerFactory('cpu', 1),
  onEpisode: (step: number, total: number) => console.log(`step ${step}: return ${total}`),
};

export async function pqn(change: Partial<typeof defaults> = {}): Promise<Parameters> {
  const { seed, network, createRunner, rolloutSteps, gamma, lambda, ...config } = { ...defaults, ...change };
  const [env, [initial, coins, shuffling]] = [config.env(), new Generator(seed).spawn(3)];
  const batchSize = (env.numEnvs * rolloutSteps) / config.minibatches;
  const [online, gradient] = [0, 1].map(() => new Parameters(network.parameters));
  initializeAsPytorch(online, initial);
  const optimizer = new RAdam(online.size, { learningRate: config.learningRate, epsilon: config.optimizerEpsilon });
  const [update, policy] = [buildPqnUpdate(network, batchSize), buildQValues(network, env.numEnvs)];
  const learn = await createRunner(update.graph, update.outputs);
  const act = await createRunner(policy.graph, policy.outputs);
  const values = async (o: Float32Array) =>
    (await act.run({ ...online.byPrefix(), observations: o })).q.slice() as Float32Array;
  const row = (all: Float32Array, n: number) => all.subarray(...[n, n + 1].map((k) => (k * all.length) / env.numEnvs));
  const [{ observations }, totals] = [env.reset({ seed }), new Float64Array(env.numEnvs)];
  for (let step = 0; step < config.maxSteps; ) {
    const rollout: { seen: Float32Array; action: number; reward: number; next: number; over: boolean }[] = [];
    for (; rollout.length < env.numEnvs * rolloutSteps; step += env.numEnvs) {
      const epsilon = Math.max(config.epsilonFinal, config.epsilonStart - (step + 1) / config.epsilonDecaySteps);
      const [seen, q] = [observations.slice(), await values(observations)];
      const explore = () => (coins.random() < epsilon ? coins.integers(network.actions) : undefined);
      const actions = Int32Array.from(totals, (_, n) => explore() ?? argMax(row(q, n)));
      const { rewards, terminations, truncations, finalObservations, wholeGames } = env.step(actions);
      const [now, last] = [await values(observations), await values(finalObservations!)];
      actions.forEach((action, n) => {
        const [terminated, over] = [terminations[n] === 1, terminations[n] + truncations[n] > 0];
        const reward = Math.fround(config.clipReward ? Math.sign(rewards[n]) : rewards[n]);
        const next = terminated ? 0 : Math.max(...row(over ? last : now, n));
        rollout.push({ seen: row(seen, n), action, reward, next, over });
        totals[n] += rewards[n];
        if (!over || wholeGames?.over[n] === 0) return; // where a life was lost, the game goes on
        config.onEpisode(step + env.numEnvs, wholeGames?.returns[n] ?? totals[n]);
        totals[n] = 0;
      });
    }
    const returns = new Float32Array(rollout.length);
    for (let i = rollout.length - 1; i >= 0; i--) {
      const [{ reward, next, over }, later] = [rollout[i], returns.at(i + env.numEnvs)];
      returns[i] = reward + gamma * (over || later === undefined ? next : lambda * later + (1 - lambda) * next);
    }
    const fall = (config.learningRateFinal - config.learningRate) * Math.min(1, step / config.learningRateDecaySteps);
    optimizer.learningRate = config.learningRate + fall;
    for (let epoch = 0; epoch < config.epochs; epoch++) {
      const order = shuffling.permutation(rollout.length) as number[];
      while (order.length > 0) {
        const rows = order.splice(0, batchSize);
        const observations = Float32Array.from(rows.flatMap((i) => [...rollout[i].seen]));
        const actions = Int32Array.from(rows, (i) => rollout[i].action);
        const feeds = { observations, actions, returns: Float32Array.from(rows, (i) => returns[i]) };
        const results = await learn.run({ ...online.byPrefix(), ...feeds });
        for (const { name, data } of gradient) data.set(results[`gradient.${name}`]);
        if (config.gradientClipNorm > 0) clipGradientNorm(gradient.buffer, config.gradientClipNorm);
        optimizer.step(online.buffer, gradient.buffer);
      }
    }
  }
  return online;
}
if (/03-pqn\.m?ts$/.test(process.argv[1] ?? '')) await pqn();
