export * from './core/index.ts';
export { make, makeFromKwargs, register } from './envs/registry.ts';
export * from './spaces/index.ts';
