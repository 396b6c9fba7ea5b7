import type { Env, Info, ResetOptions } from '../../src/core/env.ts';
import { Discrete } from '../../src/spaces/index.ts';
import type { VectorSource } from '../../src/vector/index.ts';

/** An environment that tells at every call one of the infos that are an option of a reset: that of its seed. An episode has
 * one step. */
export function makeTelling(): Env {
  let number = 0;
  let infos: readonly Info[] = [];
  const told = (): Info => infos[number];
  const env: Env = {
    observationSpace: new Discrete(2) as Env['observationSpace'],
    actionSpace: new Discrete(2) as Env['actionSpace'],
    metadata: { renderModes: [], renderFps: 1 },
    renderMode: null,
    get unwrapped() {
      return env;
    },
    reset: ({ seed, options }: ResetOptions = {}) => {
      if (options !== undefined) infos = options['infos'] as readonly Info[];
      if (seed !== undefined) number = Number(seed);
      return { observation: 0, info: told() };
    },
    step: () => ({ observation: 1, reward: 0, terminated: true, truncated: false, info: told() }),
    render: () => undefined,
    close: () => {},
    saveState: () => number,
    restoreState: (state) => {
      number = state as number;
    },
  };
  return env;
}

export const tellingSource: VectorSource = { make: makeTelling, module: import.meta.url };
