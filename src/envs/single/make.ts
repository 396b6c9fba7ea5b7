/** `make` without the environments of bellman, for small pages: it knows those whose modules are imported, such as
 * `bellman-rl/envs/frozen-lake`, those of `bellman-rl/atari` where that is imported, and those of `register`. */
export { make, makeFromKwargs, register } from '../entries.ts';
