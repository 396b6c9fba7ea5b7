import { expect, it } from 'vitest';
import { familyIds, isRegistered } from '../../envs/registry.ts';
import { importEnvironment } from './import-environment.ts';

it('loads the Atari games for an id that is not registered, and only then', async () => {
  await importEnvironment('FrozenLake-v1');
  expect(familyIds()).toEqual([]);
  await importEnvironment('PongNoFrameskip-v4');
  expect(isRegistered('PongNoFrameskip-v4')).toBe(true);
  expect(isRegistered('ALE/Breakout-v5')).toBe(true);
});
