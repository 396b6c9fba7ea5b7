/**
 * DQN on one page (Mnih et al. 2015, Algorithm 1): act, step, store, sync, learn; no cache, no threads. What `bellman train`
 * runs ends with the same weights, bit for bit (twins.test.ts). Balance a pole: npx tsx examples/02-dqn.ts
 */
import { argMax, Generator } from 'bellman-rl';
import { buildDqnUpdate, buildQValues, greedyBootstrap, scalarValues } from 'bellman-rl/agents';
import { Adam, clipGradientNorm, initializeAsPytorch, mlp, Parameters } from 'bellman-rl/nn';
import { ortRunnerFactory } from 'bellman-rl/node';
import { type Replay, UniformReplay } from 'bellman-rl/replay';
import { makeVec, type VectorEnv } from 'bellman-rl/vector';

// biome-ignore format: a line for each group of settings
const defaults = {
  maxSteps: 15_000, batchSize: 64, learningStarts: 1000, trainInterval: 1, gradientSteps: 1, clipReward: false,
  targetUpdateInterval: 100, targetUpdateRate: 1, epsilonStart: 1, epsilonFinal: 0.01, epsilonDecaySteps: 5000,
  learningRate: 1e-3, learningRateFinal: 1e-4, learningRateDecaySteps: 15_000, optimizerEpsilon: 1e-8,
  gradientClipNorm: 10, seed: 1, createRunner: ortRunnerFactory('cpu', 1), bootstrap: greedyBootstrap,
  env: () => makeVec('CartPole-v1', 1, { autoresetMode: 'same-step' }) as VectorEnv<Float32Array>,
  network: { ...mlp({ inputShape: [4], actions: 2, hidden: [128, 128] }), values: scalarValues('huber') },
  replay: (): Replay => new UniformReplay({ bufferSize: 20_000, elementType: 'float32', frameLength: 4, gamma: 0.99 }),
  beta: undefined as ((step: number) => number) | undefined, // of a prioritized replay, whose weights then count
  onEpisode: (step: number, total: number) => console.log(`step ${step}: return ${total}`),
};

export async function dqn(change: Partial<typeof defaults> = {}): Promise<Parameters> {
  const { seed, network, createRunner, batchSize, bootstrap, beta, ...config } = { ...defaults, ...change };
  const [env, replay] = [config.env(), config.replay()];
  const [initial, coins, draws, diceSeed] = new Generator(seed).spawn(4);
  const dice = new Generator(diceSeed.integers(0, 2 ** 32));
  const [online, target, gradient] = [0, 1, 2].map(() => new Parameters(network.parameters));
  initializeAsPytorch(online, initial);
  target.copyFrom(online);
  const optimizer = new Adam(online.size, { learningRate: config.learningRate, epsilon: config.optimizerEpsilon });
  const update = buildDqnUpdate(network, { batchSize, bootstrap, weighted: beta !== undefined });
  const learn = await createRunner(update.graph, update.outputs);
  const policy = buildQValues(network, env.numEnvs);
  const act = await createRunner(policy.graph, policy.outputs);
  const batch = replay.createBatch(batchSize);
  const { observations } = env.reset({ seed });
  const everyEnv = Array.from({ length: env.numEnvs }, (_, n) => n);
  const row = (all: Float32Array, n: number) => all.subarray(...[n, n + 1].map((k) => (k * all.length) / env.numEnvs));
  for (const n of everyEnv) replay.startEpisode(row(observations, n), n);
  const totals = everyEnv.map(() => 0);
  for (let step = env.numEnvs; step < config.maxSteps; step += env.numEnvs) {
    const fallen = config.epsilonStart - (step - env.numEnvs + 1) / config.epsilonDecaySteps;
    const epsilon = Math.max(config.epsilonFinal, fallen);
    const explored = everyEnv.map(() => (coins.random() < epsilon ? dice.integers(network.actions) : undefined));
    const q = explored.includes(undefined) ? (await act.run({ ...online.byPrefix(), observations })).q : [];
    const actions = explored.map((action, n) => action ?? argMax(q, n * network.actions, network.actions));
    const { rewards, terminations, truncations, finalObservations, wholeGames } = env.step(Int32Array.from(actions));
    for (const n of everyEnv) {
      const [terminated, truncated] = [terminations[n] === 1, truncations[n] === 1];
      const next = row(terminated || truncated ? finalObservations! : observations, n);
      replay.add(actions[n], config.clipReward ? Math.sign(rewards[n]) : rewards[n], terminated, truncated, next, n);
      totals[n] += rewards[n];
      if (!terminated && !truncated) continue;
      replay.startEpisode(row(observations, n), n);
      if (wholeGames?.over[n] === 0) continue; // a life was lost, the game goes on
      config.onEpisode(step, wholeGames?.returns[n] ?? totals[n]);
      totals[n] = 0;
    }
    if (replay.size < config.learningStarts) continue;
    const due = (interval: number) => everyEnv.filter((n) => (step - n) % interval === 0).length;
    if (due(config.targetUpdateInterval) > 0) target.copyFrom(online, config.targetUpdateRate);
    const fall = (config.learningRateFinal - config.learningRate) * Math.min(1, step / config.learningRateDecaySteps);
    optimizer.learningRate = config.learningRate + fall;
    for (let i = due(config.trainInterval) * config.gradientSteps; i > 0; i--) {
      if (beta !== undefined) Object.assign(replay, { beta: beta(step) });
      replay.sample(draws, batch);
      const results = await learn.run({ ...online.byPrefix(), ...target.byPrefix('target.'), ...batch });
      for (const { name, data } of gradient) data.set(results[`gradient.${name}`]);
      if (config.gradientClipNorm > 0) clipGradientNorm(gradient.buffer, config.gradientClipNorm);
      optimizer.step(online.buffer, gradient.buffer);
      replay.updatePriorities(batch.indices, results.errors);
    }
  }
  return online;
}
if (/02-dqn\.m?ts$/.test(process.argv[1] ?? '')) await dqn();
