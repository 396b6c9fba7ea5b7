import type { Env, RgbFrame } from './env.ts';
import { MismatchError } from './errors.ts';

/** The picture of the present state.
 * @throws MismatchError when the environment was not made with the render mode `rgb_array`. */
export function renderFrame(env: Pick<Env, 'render' | 'renderMode'>): RgbFrame {
  const picture = env.render();
  if (typeof picture === 'object') return picture;
  throw new MismatchError(`A picture needs the render mode "rgb_array", this environment has ${mode(env)}.`);
}

/** The present state as text for a terminal.
 * @throws MismatchError when the environment was not made with the render mode `ansi`. */
export function renderText(env: Pick<Env, 'render' | 'renderMode'>): string {
  const text = env.render();
  if (typeof text === 'string') return text;
  throw new MismatchError(`Text needs the render mode "ansi", this environment has ${mode(env)}.`);
}

const mode = ({ renderMode }: Pick<Env, 'renderMode'>): string =>
  renderMode === null ? 'none' : JSON.stringify(renderMode);
