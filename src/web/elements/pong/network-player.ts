import { manyRows, type ValueNetwork } from '../shared/value-network.ts';
import { Occlusion } from './occlusion.ts';
import type { PongPlayer } from './pong-match.ts';
import { type PongView, PongVision } from './pong-vision.ts';

/** A network with its view of a game, and, where that is asked for, of what it looks at. */
export class NetworkPlayer implements PongPlayer {
  readonly vision: PongVision;
  readonly occlusion: Occlusion;
  readonly network: ValueNetwork;
  readonly #covered: Uint8Array;

  /** @throws MismatchError where the network does not see pictures of such a game. */
  constructor(network: ValueNetwork) {
    this.network = network;
    this.vision = new PongVision(network.view as PongView);
    const { stack, side } = this.vision;
    this.occlusion = new Occlusion(stack, side);
    this.#covered = new Uint8Array(manyRows * stack * side * side);
  }

  values(observation: Uint8Array): Promise<Float32Array> {
    return this.network.values(observation);
  }

  /**
   * Goes on with what matters in the picture: `manyRows` passes of the network at most, a few in each frame in which it does not
   * choose.
   * @param q the present picture's values.
   * @returns whether the map is a new one.
   */
  async explain(q: Float32Array): Promise<boolean> {
    const { occlusion } = this;
    if (occlusion.done) occlusion.begin(this.vision.observation, q);
    if (!occlusion.done) {
      const parts = occlusion.cover(this.#covered);
      occlusion.judge(parts, await this.network.valuesOfMany(this.#covered));
    }
    return occlusion.done;
  }
}
