import { isObject } from '../core/is-object.ts';

type Data = Readonly<Record<string, unknown>>;

/** Whether a value of a configuration is a part, one of several kinds. */
export const isPart = (value: unknown): value is Data & { readonly kind: string } =>
  isObject(value) && typeof value['kind'] === 'string';

/** The values of a configuration by their places, such as `gamma` and `replay.alpha`, in order. */
export function leaves(config: object): [place: string, value: unknown][] {
  return Object.entries(config).flatMap(([key, value]): [string, unknown][] =>
    isPart(value) ? Object.entries(value).map(([name, leaf]) => [`${key}.${name}`, leaf]) : [[key, value]],
  );
}

/** The sources of a configuration's values alone. */
export function sourcesOf<S>(config: object, sources: Readonly<Record<string, S>>): Record<string, S> {
  return Object.fromEntries(leaves(config).flatMap(([place]) => (place in sources ? [[place, sources[place]!]] : [])));
}
