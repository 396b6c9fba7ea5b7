import type { Env } from '../../src/core/env.ts';
import { OptionError } from '../../src/core/errors.ts';
import { Discrete } from '../../src/spaces/index.ts';
import type { VectorSource } from '../../src/vector/index.ts';

/** An environment that counts its steps; action 1 makes trouble before: it throws, or ends the thread, with or without a
 * word. */
export function makeTroubled({ trouble }: { readonly trouble?: unknown } = {}): Env {
  let steps = 0;
  const env: Env = {
    observationSpace: new Discrete(1000) as Env['observationSpace'],
    actionSpace: new Discrete(2) as Env['actionSpace'],
    metadata: { renderModes: [], renderFps: 1 },
    renderMode: null,
    get unwrapped() {
      return env;
    },
    reset: () => {
      steps = 0;
      return { observation: steps, info: {} };
    },
    step: (action) => {
      if (action === 1 && trouble === 'vanishes') process.removeAllListeners('exit');
      if (action === 1 && trouble !== 'throws') process.exit(3);
      if (action === 1) throw new OptionError('trouble', action, '0');
      steps++;
      return { observation: steps % 1000, reward: 0, terminated: false, truncated: false, info: {} };
    },
    render: () => undefined,
    close: () => {},
    saveState: () => steps,
    restoreState: (state) => {
      steps = state as number;
    },
  };
  return env;
}

export const troubledSource: VectorSource = { make: makeTroubled, module: import.meta.url };
