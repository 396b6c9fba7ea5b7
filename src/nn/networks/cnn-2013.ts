import type { CnnOptions } from './cnn.ts';
import { cnn } from './cnn.ts';
import type { Network } from './network.ts';

/** The smaller network of Mnih et al. 2013 ("Playing Atari ...", section 4.1). */
export function cnn2013(options: CnnOptions): Network {
  const layers = [
    { filters: 16, kernel: 8, stride: 4 },
    { filters: 32, kernel: 4, stride: 2 },
  ];
  return cnn('cnn2013', layers, [256], options);
}
