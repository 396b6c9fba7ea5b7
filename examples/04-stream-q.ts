/**
 * StreamQ(lambda) on one page (Elsayed et al. 2024): every step is learned from once, along eligibility traces; no replay, no
 * target. `bellman train` ends with the same weights (twins.test.ts). Run it: npx tsx examples/04-stream-q.ts
 */
import { argMax, Generator } from 'bellman-rl';
import { buildQValues, buildStreamQUpdate, scalarValues } from 'bellman-rl/agents';
import { leakyRelu } from 'bellman-rl/graph';
import { initializeSparse, mlp, Parameters } from 'bellman-rl/nn';
import { ortRunnerFactory } from 'bellman-rl/node';
import { makeVec, type VectorEnv } from 'bellman-rl/vector';

const layers = { hidden: [64, 64], layerNorm: true, affineNorm: false, activation: leakyRelu };
// biome-ignore format: a line for each group of settings
const defaults = {
  maxSteps: 30_000, gamma: 0.99, lambda: 0.8, alpha: 1, kappa: 2, sparsity: 0.9, clipReward: false, seed: 1,
  epsilonStart: 1, epsilonFinal: 0.01, epsilonDecaySteps: 10_000, standardizeObservations: true, scaleReward: true,
  env: () => makeVec('CartPole-v1', 1, { autoresetMode: 'same-step' }) as VectorEnv<Float32Array>,
  network: { ...mlp({ inputShape: [4], actions: 2, ...layers }), values: scalarValues('mse') },
  createRunner: ortRunnerFactory('cpu', 1),
  onEpisode: (step: number, total: number) => console.log(`step ${step}: return ${total}`),
};

/** Mean and deviation so far, of each element (Welford 1962). */
function statistics(size: number) {
  const [mean, squares] = [new Float64Array(size), new Float64Array(size)];
  let n = 0;
  const scale = (i: number) => 1 / Math.sqrt((n < 2 ? 1 : squares[i] / (n - 1)) + 1e-8);
  const add = (x: ArrayLike<number>) => {
    const away = mean.map((m, i) => x[i] - m);
    n++;
    for (let i = 0; i < size; i++) mean[i] += away[i] / n;
    for (let i = 0; i < size; i++) squares[i] += away[i] * (x[i] - mean[i]);
  };
  return { mean, scale, add };
}

export async function streamQ(change: Partial<typeof defaults> = {}): Promise<Parameters> {
  const { seed, network, createRunner, gamma, lambda, alpha, kappa, ...config } = { ...defaults, ...change };
  const [env, [initial, coins]] = [config.env(), new Generator(seed).spawn(2)];
  const [online, gradient, { buffer: z }] = [0, 1, 2].map(() => new Parameters(network.parameters));
  initializeSparse(online, config.sparsity, initial);
  const [update, policy] = [buildStreamQUpdate(network), buildQValues(network, 1)];
  const learn = await createRunner(update.graph, update.outputs);
  const act = await createRunner(policy.graph, policy.outputs);
  const { observations } = env.reset({ seed });
  const [seen, returns] = [statistics(observations.length), statistics(1)];
  const see = (x: Float32Array) => {
    if (!config.standardizeObservations) return x.slice();
    seen.add(x);
    return x.map((value, i) => (value - seen.mean[i]) * seen.scale(i));
  };
  let [state, discounted, total] = [see(observations), 0, 0];
  for (let step = 1; step <= config.maxSteps; step++) {
    const epsilon = Math.max(config.epsilonFinal, config.epsilonStart - step / config.epsilonDecaySteps);
    const q = (await act.run({ ...online.byPrefix(), observations: state })).q.slice();
    const action = coins.random() < epsilon ? coins.integers(network.actions) : argMax(q);
    const decay = q[action] === Math.max(...q) ? gamma * lambda : 0;
    const { rewards, terminations, truncations, finalObservations } = env.step(Int32Array.of(action));
    const [over, reward] = [terminations[0] + truncations[0], config.clipReward ? Math.sign(rewards[0]) : rewards[0]];
    [discounted, total] = [gamma * discounted + reward, total + rewards[0]];
    returns.add([discounted]);
    const next = see(over ? finalObservations! : observations);
    const [scaled, discount] = [config.scaleReward ? reward * returns.scale(0) : reward, terminations[0] ? 0 : gamma];
    const seenStep = { observations: state, nextObservations: next, actions: Int32Array.of(action) };
    const numbers = { rewards: Float32Array.of(scaled), discounts: Float32Array.of(discount) };
    const results = await learn.run({ ...online.byPrefix(), ...seenStep, ...numbers });
    for (const { name, data } of gradient) data.set(results[`gradient.${name}`]);
    for (let i = 0; i < z.length; i++) z[i] = decay * z[i] + gradient.buffer[i];
    const [delta, norm] = [results.delta[0], z.reduce((sum, trace) => sum + Math.abs(trace), 0)];
    const move = (alpha / Math.max(alpha * kappa * Math.max(Math.abs(delta), 1) * norm, 1)) * delta;
    for (let i = 0; i < z.length; i++) online.buffer[i] += move * z[i];
    state = over ? see(observations) : next;
    if (!over) continue;
    config.onEpisode(step, total);
    [discounted, total] = [z.fill(0)[0], 0];
  }
  return online;
}
if (/04-stream-q\.m?ts$/.test(process.argv[1] ?? '')) await streamQ();
