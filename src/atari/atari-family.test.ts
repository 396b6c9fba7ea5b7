import { describe, expect, expectTypeOf, it } from 'vitest';
import { CartPoleEnv } from '../envs/classic-control/cart-pole.ts';
import { environmentEntry, environmentIds, familyIds, isRegistered, make, register } from '../envs/index.ts';

describe('the family of Atari games', () => {
  it('is registered by an import of bellman-rl/atari, and by nothing else', async () => {
    expect(isRegistered('ALE/Pong-v5')).toBe(false);
    expect(() => make('ALE/Pong-v5')).toThrow("import 'bellman-rl/atari' first");
    const { GAMES } = await import('./index.ts');
    expect(isRegistered('ALE/Pong-v5')).toBe(true);
    expect(familyIds()).toHaveLength(14 * GAMES.length);
    expect(new Set(familyIds()).size).toBe(familyIds().length);
    for (const id of familyIds()) expect(environmentEntry(id).summary).toMatch(/of the Atari 2600/);
    expect(environmentIds().filter((id) => id.startsWith('ALE/'))).toEqual([]);
  });

  it.each([
    ['PongNoFrameskp-v4', 'PongNoFrameskip-v4'],
    ['ALE/Pong-v4', 'Pong-v4'],
    ['SpaceInvader-v4', 'SpaceInvaders-v4'],
    ['ALE/space_invaders-v5', 'ALE/SpaceInvaders-v5'],
  ])('answers %s with %s', async (id, suggestion) => {
    await import('./index.ts');
    expect(() => make(id as string)).toThrow(`Unknown environment "${id}". Did you mean "${suggestion}"?`);
  });

  it('keeps its ids', async () => {
    await import('./index.ts');
    const entry = { create: () => new CartPoleEnv(), summary: 'a test', options: {} };
    expect(() => register('ALE/Pong-v5', entry)).toThrow('an id that is not registered yet');
  });

  it('gives make the types of its ids', () => {
    type Pong = ReturnType<typeof make<'ALE/Pong-v5'>>;
    expectTypeOf<ReturnType<Pong['reset']>['observation']>().toEqualTypeOf<Uint8Array>();
    // @ts-expect-error not an observation type
    expectTypeOf(make<'ALE/Pong-v5'>).toBeCallableWith('ALE/Pong-v5', { obsType: 'sound' });
  });
});
