import { registerNetwork } from '../../src/agents/own-kinds.ts';
import type { Env, ResetOptions, ResetResult, StepResult } from '../../src/core/env.ts';
import { Wrapper } from '../../src/core/wrapper.ts';
import { cast, mul } from '../../src/graph/index.ts';
import { mlp } from '../../src/nn/networks/mlp.ts';
import type { Network } from '../../src/nn/networks/network.ts';
import { Box } from '../../src/spaces/box.ts';
import { WalkEnv } from './walk-env.ts';

/** The walk as bytes: what pictures are, in three of them. */
export class ByteWalk extends Wrapper<Uint8Array, number, Float32Array> {
  readonly #space = new Box(0, 255, [3], 'uint8');
  readonly #bytes = new Uint8ClampedArray(3);

  constructor() {
    super(new WalkEnv() as Env<Float32Array, number>);
  }
  override get observationSpace(): Box<'uint8'> {
    return this.#space;
  }
  reset(options?: ResetOptions): ResetResult<Uint8Array> {
    const { observation, info } = this.env.reset(options);
    return { observation: this.#shown(observation), info };
  }
  step(action: number): StepResult<Uint8Array> {
    const result = this.env.step(action);
    return { ...result, observation: this.#shown(result.observation) };
  }
  #shown(position: Float32Array): Uint8Array {
    this.#bytes.set(position.map((x) => 128 + 40 * x));
    return new Uint8Array(this.#bytes.buffer);
  }
}

/** A small network for it. */
export function byteNetwork(actions: number, hidden: readonly number[]): Network {
  const inner = mlp({ inputShape: [3], actions, hidden });
  return {
    ...inner,
    inputDType: 'uint8',
    build: (x, parameters, options) => inner.build(mul(cast(x, 'float32'), 1 / 255), parameters, options),
  };
}

/** Its name for configurations. */
export const BYTE_NETWORK = 'byte-mlp';
registerNetwork(BYTE_NETWORK, {
  options: { hidden: 8 },
  build: ({ hidden }, { actions }) => byteNetwork(actions, [hidden]),
});
