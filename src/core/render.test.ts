import { describe, expect, it } from 'vitest';
import { make } from '../envs/index.ts';
import { MismatchError, OrderError } from './errors.ts';
import { renderFrame, renderText } from './render.ts';

describe('renderFrame and renderText', () => {
  const lake = (renderMode: 'ansi' | 'rgb_array' | null) => {
    const env = make('FrozenLake-v1', { renderMode });
    env.reset({ seed: 1 });
    return env;
  };

  it('give what the render mode says', () => {
    const { width, height, data } = renderFrame(lake('rgb_array'));
    expect(data).toHaveLength(width * height * 3);
    expect(renderText(lake('ansi')).split('\n')).toHaveLength(6);
  });

  it('name the mode that is needed', () => {
    expect(() => renderFrame(lake('ansi'))).toThrow(
      new MismatchError('A picture needs the render mode "rgb_array", this environment has "ansi".'),
    );
    expect(() => renderText(lake(null))).toThrow('Text needs the render mode "ansi", this environment has none.');
    expect(() => renderText(lake('rgb_array'))).toThrow(MismatchError);
  });

  it('need a reset', () => {
    expect(() => renderFrame(make('FrozenLake-v1', { renderMode: 'rgb_array' }))).toThrow(OrderError);
  });
});
