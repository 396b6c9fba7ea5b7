import { fileURLToPath } from 'node:url';
import { nearest } from '../../core/nearest.ts';

/** A trained model that comes with the package, to be watched at once. What it was trained by is in the file itself. */
export interface ShippedModel {
  readonly name: string;
  /** Id of its environment. */
  readonly env: string;
  /** Of a game worth watching. */
  readonly seed: number;
  /** Path of the file. */
  readonly path: string;
}

// From src/node/models and from dist/node/models alike.
const FOLDER = new URL('../../../models/', import.meta.url);
const shipped = (name: string, env: string, file: string, seed: number): ShippedModel => ({
  name,
  env,
  seed,
  path: fileURLToPath(new URL(file, FOLDER)),
});

/** What `bellman play NAME` plays with nothing trained; `scripts/ship-model.ts` writes the files. */
export const shippedModels: readonly ShippedModel[] = [
  shipped('pong', 'bellman/Pong-v0', 'pong.onnx', 0),
  shipped('pole', 'CartPole-v1', 'pole.onnx', 0),
  shipped('lake', 'FrozenLake-v1', 'lake.json', 7),
  shipped('taxi', 'Taxi-v3', 'taxi.json', 0),
];

/** The shipped model of a name, or of an environment's id; undefined where there is none. */
export function findShipped(nameOrEnv: string): ShippedModel | undefined {
  return shippedModels.find(({ name, env }) => name === nameOrEnv || env === nameOrEnv);
}

/** The name or id that was meant, for hints. */
export function nearestShipped(name: string): string | undefined {
  return nearest(
    name,
    shippedModels.map((model) => model.name),
  );
}
