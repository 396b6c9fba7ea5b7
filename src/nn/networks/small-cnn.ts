import type { CnnOptions } from './cnn.ts';
import { cnn } from './cnn.ts';
import type { Network } from './network.ts';

/** Four 3x3 convolutions of stride 2, for pictures of 42x42: a fraction of the Nature network's work. */
export function smallCnn(options: CnnOptions): Network {
  const layer = { filters: 32, kernel: 3, stride: 2, padding: 1 };
  return cnn('smallCnn', [layer, layer, layer, layer], [256], options);
}
