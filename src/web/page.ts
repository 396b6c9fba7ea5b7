/** What a page without a bundler has of `bellman-rl/web`: scripts/build-elements.ts makes `bellman-rl/elements/web.js` of it. */
export { loadOrt } from './runtime/load-ort.ts';
export { openCheckpointStore } from './storage/checkpoint-store.ts';
export { toImageData } from './to-image-data.ts';
export { RemoteTraining, startTraining } from './worker/remote-training.ts';
export { TrainingLostError } from './worker/training-lost-error.ts';
