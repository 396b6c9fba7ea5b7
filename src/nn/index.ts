export { huberLoss, mseLoss } from './losses.ts';
export type { CnnOptions } from './networks/cnn.ts';
export { cnn } from './networks/cnn.ts';
export { cnn2013 } from './networks/cnn-2013.ts';
export type { MlpOptions } from './networks/mlp.ts';
export { mlp } from './networks/mlp.ts';
export { natureCnn } from './networks/nature-cnn.ts';
export type { Network, ParameterSpec } from './networks/network.ts';
export { smallCnn } from './networks/small-cnn.ts';
