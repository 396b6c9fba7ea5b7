import { type CnnOptions, cnn } from './cnn.ts';
import type { Network } from './network.ts';

/**
 * The 2013 network's geometry for pictures of half the side: windows and steps of the first layer halved, and one more
 * convolution instead of a wide fully connected layer. At 42x42x4 a pass is 1.4 M multiply-adds, less than half of the
 * 2013 network's at 84x84.
 */
export function halfCnn(options: CnnOptions): Network {
  const layers = [
    { filters: 16, kernel: 4, stride: 2 },
    { filters: 32, kernel: 4, stride: 2 },
    { filters: 32, kernel: 3, stride: 2 },
  ];
  return cnn('halfCnn', layers, [256], options);
}
