import { registerFamily } from '../envs/entries.ts';
import { type AtariEntry, type AtariId, atariEntry, atariIds } from './atari-ids.ts';

declare module '../envs/entries.ts' {
  interface EnvRegistry {
    readonly [id: AtariId]: AtariEntry;
  }
}

/** Importing this module (or `bellman-rl/atari`) makes the games known to `make`. */
registerFamily({ find: atariEntry, ids: atariIds });
