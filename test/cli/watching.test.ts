import { copyFileSync, existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { decode } from 'fast-png';
import { beforeAll, describe, expect, it } from 'vitest';
import { make } from '../../src/envs/registry.ts';
import { renderFrame } from '../../src/index.ts';
import { moduleUrl } from '../support/program.ts';
import { bellman, temporaryFolder } from './run-bellman.ts';

const cwd = temporaryFolder();
const run = (...args: readonly string[]) => bellman(args, { cwd });

/** Facts of an MP4: pictures, their length in seconds, width and height (ISO/IEC 14496-12). */
function factsOf(file: string) {
  const bytes = readFileSync(join(cwd, file));
  const at = (name: string) => bytes.indexOf(name, 0, 'latin1') + 4;
  const [media, track] = [at('mdhd'), at('tkhd')];
  return {
    pictures: bytes.readUInt32BE(at('stsz') + 8),
    seconds: bytes.readUInt32BE(media + 16) / bytes.readUInt32BE(media + 12),
    width: bytes.readUInt16BE(at('avc1') + 24),
    height: bytes.readUInt16BE(at('avc1') + 26),
    version: bytes.readUInt8(track),
  };
}

describe('bellman play', () => {
  it('films at the rate of the environment, into a folder, in the size asked for', async () => {
    const { code, stdout, stderr } = await run('play', 'lake', '-r', 'films', '--size', '64x64', '--json');
    expect(stderr).toBe('');
    expect(code).toBe(0);
    const { episodes, video } = JSON.parse(stdout);
    expect(video).toMatch(/^films[/\\]FrozenLake-v1-\d{4}-\d\d-\d\d-\d{6}\.mp4$/);
    const pictures = episodes[0].steps + 1;
    // FrozenLake is meant to be watched at 4 pictures a second.
    expect(factsOf(video)).toMatchObject({ pictures, seconds: pictures / 4, width: 64, height: 64 });
  });

  it('plays what draws nothing, and environments whose options are needed', async () => {
    writeFileSync(
      join(cwd, 'hall.mjs'),
      `import { Discrete, OptionError, register } from '${moduleUrl('src/index.ts')}';
       import { SeededEnv } from '${moduleUrl('src/envs/index.ts')}';
       class Hall extends SeededEnv {
         metadata = { renderModes: [], renderFps: 10 };
         renderMode = null;
         observationSpace = new Discrete(50);
         actionSpace = new Discrete(2);
         place = 0;
         constructor({ length }) {
           super();
           if (!(length > 0)) throw new OptionError('length', length, 'a positive number');
           this.length = length;
         }
         reset(options) { this.begin(options); this.place = 0; return { observation: 0, info: {} }; }
         step() {
           const terminated = ++this.place === this.length;
           if (terminated) this.phase = 'over';
           return { observation: this.place, reward: 1, terminated, truncated: false, info: {} };
         }
       }
       register('Hall-v0', { create: (options) => new Hall(options), summary: 'a hall', options: { length: 'places' } });`,
    );
    const hall = ['play', '--random', '--env', './hall.mjs:Hall-v0', '--kwargs', '{"length":20}'];
    expect((await run(...hall)).stdout).toContain('Total reward: 20.00, 20 steps');
    const filmed = await run(...hall, '-r', 'hall.mp4');
    expect(filmed).toMatchObject({ code: 1, stdout: '' });
    expect(filmed.stderr).toMatch(/^bellman: .*Hall-v0 draws no pictures: .*\n$/);
    expect(existsSync(join(cwd, 'hall.mp4'))).toBe(false);
  });

  it.each([
    [
      ['lake', '-r', 'hall.mjs'],
      /--record: got "hall.mjs", allowed is a folder, or a name that ends in .mp4, .gif, .html/,
    ],
    [['lake', '-r', 'a.mp4', '--window'], /one of --record and --window/],
    [['lake', '--size', '64x64'], /--size: got "64x64", allowed is an option of -r/],
    [['lake', '-r', 'odd.mp4', '--size', '63x64'], /size: got "63x64", allowed is even numbers/],
  ] as const)('%j is refused in a line', async (args, message) => {
    writeFileSync(join(cwd, 'hall.mjs'), '', { flag: 'a' });
    const { code, stderr } = await run('play', ...args);
    expect(code).toBe(1);
    expect(stderr).toMatch(message);
    expect(stderr.trim().split('\n')).toHaveLength(1);
    expect(readdirSync(cwd).filter((name) => name.endsWith('.mp4'))).toEqual([]);
  });
});

describe('bellman render', () => {
  it('writes the picture that the environment draws after its steps', async () => {
    const { code, stdout } = await run(
      'render',
      'FrozenLake-v1',
      '-o',
      'lake.png',
      '--policy',
      'right',
      '--seed',
      '3',
      '--steps',
      '2',
    );
    expect([code, stdout]).toEqual([0, 'Picture lake.png\n']);
    const env = make('FrozenLake-v1', { renderMode: 'rgb_array' });
    env.reset({ seed: 3 });
    for (let i = 0; i < 2; i++) env.step(2);
    const { width, height, data } = renderFrame(env);
    const png = decode(readFileSync(join(cwd, 'lake.png')));
    expect([png.width, png.height, png.channels]).toEqual([width, height, 3]);
    expect(Buffer.from(png.data).equals(Buffer.from(data))).toBe(true);
  });

  it('shows the Atari 2600 twice as wide, and text where there are no colours', async () => {
    expect((await run('render', 'bellman/Pong-v0', '-o', 'pong.png')).code).toBe(0);
    const { width, height } = decode(readFileSync(join(cwd, 'pong.png')));
    expect([width, height]).toEqual([320, 210]);
  });
});

describe('films of progress', () => {
  const train = [
    'train',
    'q-learning',
    '--env',
    'FrozenLake-v1',
    '--seed',
    '2',
    '--stop-after',
    '4000',
    '--quiet',
    '--set',
    'rewardBound=null',
  ];
  const keep = ['--snapshot-every', '2000'];
  beforeAll(async () => {
    expect((await run(...train, ...keep, '--run', 'plain')).code).toBe(0);
    expect((await run(...train, ...keep, '--record-every', '1500', '--run', 'filmed')).code).toBe(0);
  });

  it('are test episodes that leave the training as it was, to the bit', () => {
    expect(readdirSync(join(cwd, 'filmed/videos'))).toEqual(['step-000001500.mp4', 'step-000003000.mp4']);
    expect(readdirSync(join(cwd, 'plain/videos'))).toEqual([]);
    for (const file of ['models/step-000002000.json', 'models/step-000004000.json', 'best-table.json']) {
      expect(readFileSync(join(cwd, 'filmed', file), 'utf8')).toBe(readFileSync(join(cwd, 'plain', file), 'utf8'));
    }
    const rows = (name: string) =>
      readFileSync(join(cwd, name, 'metrics.jsonl'), 'utf8').replace(/"(time|speed)":[\d.e+-]+,?/g, '');
    expect(rows('filmed')).toBe(rows('plain'));
  });

  it('are one film of the kept models, with captions', async () => {
    const { code, stdout, stderr } = await run('film', 'plain', '--seconds', '2');
    expect([code, stderr]).toEqual([0, '']);
    const steps = [...stdout.matchAll(/^Step (\d+): (\d+) steps/gm)].map((match) => match.slice(1).map(Number));
    expect(steps.map(([step]) => step)).toEqual([2000, 4000]);
    // A picture for each state, and half a second of the last, at 4 pictures a second; a caption of 30 rows.
    const pictures = steps.reduce((sum, [, played]) => sum + played + 1 + 2, 0);
    const lake = renderFrame(
      (() => {
        const env = make('FrozenLake-v1', { renderMode: 'rgb_array' });
        env.reset({ seed: 0 });
        return env;
      })(),
    );
    const scale = Math.round(420 / lake.height);
    expect(factsOf('plain/videos/progress.mp4')).toMatchObject({
      pictures,
      seconds: pictures / 4,
      width: lake.width * scale,
      height: lake.height * scale + 30,
    });
  });

  it('need kept models, pictures and a folder', async () => {
    expect((await run(...train, '--run', 'bare')).code).toBe(0);
    expect((await run('film', 'bare')).stderr).toMatch(
      /^bellman: bare has kept no models along its way\. Train with --snapshot-every/,
    );
    expect((await run('film', 'nowhere')).stderr).toContain('nowhere: not a run, there is no config.json.');
    mkdirSync(join(cwd, 'other/models'), { recursive: true });
    for (const file of ['config.json', 'metrics.jsonl', 'models/step-000002000.json']) {
      copyFileSync(join(cwd, 'plain', file), join(cwd, 'other', file));
    }
    writeFileSync(join(cwd, 'other/videos'), '');
    expect((await run('film', 'other')).stderr).toMatch(
      /videos: got ".*videos", allowed is a folder, and that is a file\./,
    );
    expect(readFileSync(join(cwd, 'other/videos'), 'utf8')).toBe('');
  });
});
