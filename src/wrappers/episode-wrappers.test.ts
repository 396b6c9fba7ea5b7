import { describe, expect, it } from 'vitest';
import { FakeGame } from '../../test/support/fake-game.ts';
import { OptionError } from '../core/errors.ts';
import { PongEnv } from '../envs/pong/index.ts';
import { ClipReward } from './clip-reward.ts';
import { EpisodeStatistics } from './episode-statistics.ts';
import { RecordVideo, type VideoSink } from './record-video.ts';

describe('ClipReward', () => {
  it('is the sign', () => {
    const env = new ClipReward(new FakeGame({ reward: (frame) => [0, 400, -0.5, 0, -7][frame] }));
    env.reset();
    expect([1, 2, 3, 4].map(() => env.step(0).reward)).toEqual([1, -1, 0, -1]);
  });
});

describe('EpisodeStatistics', () => {
  it('adds return and length to the last step only, and starts again with each episode', () => {
    const env = new EpisodeStatistics(new FakeGame({ reward: (frame) => frame, length: 3 }));
    for (let episode = 0; episode < 2; episode++) {
      env.reset();
      const infos = [1, 2, 3].map(() => env.step(0).info);
      expect(infos).toEqual([{}, {}, { episode: { r: 6, l: 3 } }]);
    }
  });

  it('goes on from a saved state', () => {
    const options = { reward: () => 2, length: 4 };
    const [a, b] = [new EpisodeStatistics(new FakeGame(options)), new EpisodeStatistics(new FakeGame(options))];
    a.reset();
    a.step(0);
    b.restoreState(structuredClone(a.saveState()));
    b.step(0);
    b.step(0);
    expect(b.step(0).info['episode']).toEqual({ r: 8, l: 4 });
  });
});

describe('RecordVideo', () => {
  function recorder(log: string[], name: string): VideoSink {
    return {
      open: (width, height, fps) => log.push(`${name} open ${width}x${height} ${fps}`),
      frame: (rgb) => log.push(`${name} frame ${rgb[0]}`),
      close: () => log.push(`${name} close`),
    };
  }

  it('hands the frames of chosen episodes to sinks', () => {
    const log: string[] = [];
    const env = new RecordVideo(new FakeGame({ length: 2 }), {
      sink: (episode) => (episode === 1 ? undefined : recorder(log, `#${episode}`)),
    });
    for (let episode = 0; episode < 2; episode++) {
      env.reset();
      env.step(0);
      env.step(0);
    }
    env.reset();
    env.step(0);
    env.close();
    expect(log).toEqual([
      '#0 open 4x4 60',
      '#0 frame 0',
      '#0 frame 1',
      '#0 frame 2',
      '#0 close',
      '#2 open 4x4 60',
      '#2 frame 0',
      '#2 frame 1',
      '#2 close',
    ]);
  });

  it('closes the video of an episode that is broken off', () => {
    const log: string[] = [];
    const env = new RecordVideo(new FakeGame(), { sink: (n) => recorder(log, `#${n}`), framesPerSecond: 25 });
    env.reset();
    env.reset();
    expect(log).toEqual(['#0 open 4x4 25', '#0 frame 0', '#0 close', '#1 open 4x4 25', '#1 frame 0']);
  });

  it('refuses an environment that does not draw', () => {
    expect(() => new RecordVideo(new PongEnv(), { sink: () => undefined })).toThrow(OptionError);
  });
});
