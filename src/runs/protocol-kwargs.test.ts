import { describe, expect, it } from 'vitest';
import '../atari/atari-family.ts';
import { preprocessing, protocol } from '../recipes/parts.ts';
import { protocolKwargs, protocolOfRun, underProtocol, withoutProtocol } from './protocol-kwargs.ts';
import { settleRun } from './settle-run.ts';

const view = { ...preprocessing.atari.config, ...protocol['no-ops'].config };
const sticky = { ...view, ...protocol.sticky.config };

describe('protocolKwargs', () => {
  it.each([
    // ALE's v5 ids skip frames and are sticky, v4 are not; NoFrameskip shows every frame.
    ['ALE/Seaquest-v5', view, {}, { frameskip: 1, repeat_action_probability: 0 }],
    ['ALE/Seaquest-v5', sticky, {}, { frameskip: 1 }],
    ['ALE/Seaquest-v5', { ...view, stickyActions: null }, {}, { frameskip: 1 }],
    ['ALE/Seaquest-v5', { ...view, stickyActions: 0.1 }, {}, { frameskip: 1, repeat_action_probability: 0 }],
    ['ALE/Seaquest-v5', view, { frameskip: 2, repeat_action_probability: 0.5 }, {}],
    ['SeaquestNoFrameskip-v4', view, {}, {}],
    ['SeaquestNoFrameskip-v4', sticky, {}, {}],
    ['SeaquestNoFrameskip-v0', view, {}, { repeat_action_probability: 0 }],
    ['Seaquest-v4', view, {}, { frameskip: 1 }],
    ['bellman/Pong-v0', sticky, {}, {}],
  ])('%s with %j and %j', (id, seen, kwargs, added) => {
    expect(protocolKwargs(id, seen, kwargs)).toEqual(added);
  });

  it('has nothing for what is no game', () => {
    expect(protocolKwargs('CartPole-v1', { kind: 'none', actionBins: null }, {})).toEqual({});
  });
});

describe('a model under a protocol', () => {
  it("has the protocol's values, and sees no lives where FIRE is not pressed for it", () => {
    expect(underProtocol('sticky', view)).toEqual({ ...view, ...protocol.sticky.config, episodicLife: false });
    expect(underProtocol('no-ops', sticky)).toEqual(view);
  });

  it("keeps its environment's other options", () => {
    const kwargs = { mode: 1, repeat_action_probability: 0.1, max_num_frames_per_episode: 9, max_episode_steps: 9 };
    expect(withoutProtocol(kwargs)).toEqual({ mode: 1 });
  });
});

describe('a run says its protocol', () => {
  const settled = async (recipe: string, env: string, more: { set?: object; envKwargs?: object } = {}) => {
    const base = { seed: 0, device: 'cpu', threads: 1 } as const;
    const { set = {}, envKwargs = {} } = more as { set?: Record<string, unknown>; envKwargs?: Record<string, unknown> };
    return settleRun({ recipe, env, set, envKwargs, ...base });
  };

  it.each([
    ['atari-fast', 'no-ops'],
    ['atari-dqn', 'no-ops'],
    ['atari-rainbow', 'sticky'],
    ['btr', 'sticky-no-ops'],
  ])('%s: %s', async (recipe, name) => {
    const run = await settled(recipe, 'SeaquestNoFrameskip-v4');
    expect(protocolOfRun(run.config)).toBe(name);
    expect(run.envKwargs).toEqual({});
    // No bound is dropped: there is none.
    expect(run.note).toBeUndefined();
    expect(run.config['rewardBound']).toBeNull();
  });

  it('as --set has it', async () => {
    const { config, sources } = await settled('atari-fast', 'SeaquestNoFrameskip-v4', { set: { protocol: 'sticky' } });
    expect(protocolOfRun(config)).toBe('sticky');
    expect(sources['preprocessing.noopMax']).toEqual({
      from: 'recipe atari-fast, 30',
      why: 'asked for on the command line',
    });
  });

  it("tells an id that would do otherwise, in the run's options and in a line", async () => {
    const run = await settled('atari-fast', 'ALE/Seaquest-v5');
    expect(run.envKwargs).toEqual({ frameskip: 1, repeat_action_probability: 0 });
    expect(run.note).toBe(
      'ALE/Seaquest-v5 is played frame by frame, the preprocessing skips, and without its own sticky actions, the protocol decides.',
    );
  });

  it('takes sticky actions that were asked for as an option of the game', async () => {
    const envKwargs = { repeat_action_probability: 0.25 };
    const run = await settled('atari-fast', 'SeaquestNoFrameskip-v4', { envKwargs });
    expect(run.envKwargs).toEqual(envKwargs);
    expect(run.config['preprocessing']).toMatchObject({ stickyActions: 0.25, noopMax: 30 });
  });

  it('finds a game by a word, as recipe and as environment', async () => {
    const base = { seed: 0, device: 'cpu', threads: 1, set: {} } as const;
    const run = await settleRun({ recipe: 'space invaders', ...base });
    expect([run.recipe, run.env]).toEqual(['atari-fast', 'SpaceInvadersNoFrameskip-v4']);
    expect(run.note).toBe(
      'Chosen for SpaceInvadersNoFrameskip-v4, which has no recipe of its own: atari-fast is for any Atari game.',
    );
    expect((await settled('atari-dqn', 'river-raid')).env).toBe('RiverraidNoFrameskip-v4');
    await expect(settleRun({ recipe: 'seaquesst', ...base })).rejects.toThrow('Unknown recipe "seaquesst".');
  });

  it.each([
    ['atari-fast', 'SeaquestNoFrameskip-v4', 'Unknown protocol "none".'],
    [
      'dqn-cart-pole',
      'CartPole-v1',
      'protocol: got "sticky", allowed is a setting of Atari games, not of dqn-cart-pole.',
    ],
  ])('%s on %s refuses another: %s', async (recipe, env, message) => {
    const set = { protocol: recipe === 'atari-fast' ? 'none' : 'sticky' };
    await expect(settled(recipe, env, { set })).rejects.toThrow(message);
  });

  it.each([
    null,
    {},
    { preprocessing: 5 },
    { preprocessing: { kind: 'atari', noopMax: 'x', frameSkip: 4 } },
  ])('has none where a file says %j', (config) => {
    expect(protocolOfRun(config)).toBeUndefined();
  });
});
