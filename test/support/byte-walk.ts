import { registerNetwork } from '../../src/agents/own-kinds.ts';
import type { Env, ResetOptions, ResetResult, StepResult } from '../../src/core/env.ts';
import { Wrapper } from '../../src/core/wrapper.ts';
import { cast, type DType, mul } from '../../src/graph/index.ts';
import { type MlpOptions, mlp } from '../../src/nn/networks/mlp.ts';
import type { Network } from '../../src/nn/networks/network.ts';
import { Box } from '../../src/spaces/box.ts';
import { WalkEnv } from './walk-env.ts';

type Pixels = Uint8Array | Float32Array;

/** The walk as bytes: what pictures are, in three of them; or the same numbers as floats. */
export class ByteWalk extends Wrapper<Pixels, number, Float32Array> {
  readonly #space: Box<'uint8' | 'float32'>;
  readonly #bytes = new Uint8ClampedArray(3);

  constructor(dtype: 'uint8' | 'float32' = 'uint8') {
    super(new WalkEnv() as Env<Float32Array, number>);
    this.#space = new Box<'uint8' | 'float32'>(0, 255, [3], dtype);
  }
  override get observationSpace(): Box<'uint8' | 'float32'> {
    return this.#space;
  }
  reset(options?: ResetOptions): ResetResult<Pixels> {
    const { observation, info } = this.env.reset(options);
    return { observation: this.#shown(observation), info };
  }
  step(action: number): StepResult<Pixels> {
    const result = this.env.step(action);
    return { ...result, observation: this.#shown(result.observation) };
  }
  #shown(position: Float32Array): Pixels {
    this.#bytes.set(position.map((x) => 128 + 40 * x));
    return this.#space.dtype === 'uint8' ? Uint8Array.from(this.#bytes) : Float32Array.from(this.#bytes);
  }
}

/** A small network for it, which takes either. */
export function byteNetwork(
  actions: number,
  {
    hidden = [8],
    inputDType = 'uint8',
    ...head
  }: Omit<MlpOptions, 'actions' | 'inputShape'> & { inputDType?: DType } = {},
): Network {
  const inner = mlp({ ...head, inputShape: [3], actions, hidden });
  return {
    ...inner,
    inputDType,
    build: (x, parameters, options) => inner.build(mul(cast(x, 'float32'), 1 / 255), parameters, options),
  };
}

/** Its name for configurations. */
export const BYTE_NETWORK = 'byte-mlp';
registerNetwork(BYTE_NETWORK, {
  options: { hidden: 8 },
  build: ({ hidden }, { actions, inputDType }) => byteNetwork(actions, { hidden: [hidden], inputDType }),
});
