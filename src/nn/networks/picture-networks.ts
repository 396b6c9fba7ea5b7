import { type CnnOptions, type ConvLayer, cnn } from './cnn.ts';
import type { Network } from './network.ts';

/** A network for pictures: its convolutions, then fully connected layers. */
export type PictureNetwork = (options: CnnOptions) => Network;

/** The networks for pictures, by the names that configurations have for them. */
export const PICTURE_NETWORKS = {
  /** Mnih et al. 2015 ("Human-level control ...", Methods, Model architecture): 1.69 M weights at 84x84x4. */
  nature: of('nature', 512, [
    { filters: 32, kernel: 8, stride: 4 },
    { filters: 64, kernel: 4, stride: 2 },
    { filters: 64, kernel: 3, stride: 1 },
  ]),
  /** The smaller network of Mnih et al. 2013 ("Playing Atari ...", section 4.1). */
  'dqn-2013': of('dqn-2013', 256, [
    { filters: 16, kernel: 8, stride: 4 },
    { filters: 32, kernel: 4, stride: 2 },
  ]),
  /**
   * The 2013 network's geometry for pictures of half the side: windows and steps of the first layer halved, and one more
   * convolution instead of a wide fully connected layer. At 42x42x4 a pass is 1.4 M multiply-adds, less than half of the
   * 2013 network's at 84x84.
   */
  'half-42': of('half-42', 256, [
    { filters: 16, kernel: 4, stride: 2 },
    { filters: 32, kernel: 4, stride: 2 },
    { filters: 32, kernel: 3, stride: 2 },
  ]),
  /** Four 3x3 convolutions of stride 2, for pictures of 42x42: a fraction of the Nature network's work. */
  'small-42': of('small-42', 256, Array<ConvLayer>(4).fill({ filters: 32, kernel: 3, stride: 2, padding: 1 })),
} as const;

function of(name: string, hidden: number, layers: readonly ConvLayer[]): PictureNetwork {
  return (options) => cnn(name, layers, [hidden], options);
}
