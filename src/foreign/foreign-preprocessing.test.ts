import { expect, it } from 'vitest';
import { FakeGame } from '../../test/support/fake-game.ts';
import { Generator } from '../core/random/index.ts';
import { wrapForeign } from './foreign-preprocessing.ts';

/** numpy.random.default_rng(2083679832).integers(1, 31): what NoopResetEnv draws in ale-py's environment after reset(seed=7). */
const NUMPY = [14, 17, 29, 5, 8, 5, 9, 19, 17, 5];
/** FIRE and action 2, of four frames each, in all of these programs. */
const FIRED = 8;

it.each([
  'sb3',
  'cleanrl',
  'third',
  'second',
])('%s starts its games after the no-ops that the program draws', (view) => {
  const game = Object.assign(new FakeGame({ shape: [210, 160, 3] }), { generator: new Generator(2083679832) });
  const { env } = wrapForeign(game, view, { pictures: true, noopMax: 30 });
  const noops = NUMPY.map((_, i) => {
    env.reset(i === 0 ? { seed: 7 } : undefined);
    return game.frame - FIRED;
  });
  expect(noops).toEqual(NUMPY);
});
