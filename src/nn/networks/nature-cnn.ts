import type { CnnOptions } from './cnn.ts';
import { cnn } from './cnn.ts';
import type { Network } from './network.ts';

/** The network of Mnih et al. 2015 ("Human-level control ...", Methods, Model architecture): 1.69 M weights at 84x84x4. */
export function natureCnn(options: CnnOptions): Network {
  const layers = [
    { filters: 32, kernel: 8, stride: 4 },
    { filters: 64, kernel: 4, stride: 2 },
    { filters: 64, kernel: 3, stride: 1 },
  ];
  return cnn('natureCnn', layers, [512], options);
}
