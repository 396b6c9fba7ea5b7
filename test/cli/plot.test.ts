import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { decode } from 'fast-png';
import { beforeAll, describe, expect, it } from 'vitest';
import { bellman, temporaryFolder } from './run-bellman.ts';

describe('bellman plot', () => {
  const cwd = temporaryFolder();
  const plot = (...args: string[]) => bellman(['plot', ...args], { cwd });

  beforeAll(async () => {
    const train = (name: string, ...args: string[]) => bellman(['train', ...args, '--quiet', '--run', name], { cwd });
    await train('sarsa', 'sarsa', '--seeds', '0,1');
    await train('steep', 'sarsa', '--set', 'alpha=0.9', '--seed', '1');
    await train('q', 'q-learning', '--env', 'CliffWalking-v1', '--seed', '1');
  });

  it('draws groups with names that tell them apart', async () => {
    expect(await plot('sarsa', 'steep', 'q', '--y-range=-100,0')).toMatchObject({ code: 0, stderr: '' });
    const svg = readFileSync(join(cwd, 'curves.svg'), 'utf8');
    expect(svg).toContain('>sarsa alpha=0.5 (2 seeds)<');
    expect(svg).toContain('>sarsa alpha=0.9<');
    expect(svg).toContain('>q-learning<');
    expect(svg).toContain('>environment steps<');
  });

  it('draws pixels, and on other axes', async () => {
    const args = ['Careful=sarsa', '--x', 'episodes', '--y', 'training_reward', '--smooth', '3', '--scale', '1'];
    expect((await plot(...args, '--level=-13=optimal', '-o', 'curves.png')).stdout).toBe('Picture curves.png\n');
    const { width, height, data } = decode(readFileSync(join(cwd, 'curves.png')));
    expect([width, height]).toEqual([860, 480]);
    // The line's blue, and letters as dark as the title.
    const blue = Array.from({ length: width * height }, (_, i) => i * 4).filter(
      (i) => data[i] < 20 && Math.abs(data[i + 1] - 0x72) < 20 && Math.abs(data[i + 2] - 0xb2) < 20,
    );
    expect(blue.length).toBeGreaterThan(300);
    const title = Array.from({ length: 860 * 30 }, (_, i) => (i + 860 * 18) * 4).filter((i) => data[i + 2] < 90);
    expect(title.length).toBeGreaterThan(200);
    expect((await plot('q', '--x', 'time', '-o', 'time.svg')).code).toBe(0);
    expect(readFileSync(join(cwd, 'time.svg'), 'utf8')).toContain('>time, s<');
  });

  it('draws a value table', async () => {
    expect((await plot('q', '--values')).stdout).toBe('Picture values.svg\n');
    expect(readFileSync(join(cwd, 'values.svg'), 'utf8')).toContain('value of the state');
  });

  it.each([
    [['nowhere'], 'nowhere: neither a run nor a folder of runs.'],
    [['q', '-o', 'x.jpg'], '--out: got "x.jpg", allowed is a file that ends in .svg or .png.'],
    [['q', '--x', 'miles'], '--x: got "miles", allowed is steps, episodes, time.'],
    [['q', '--y', 'loss'], 'q has logged no loss; it has reward, epsilon, episodes, env_steps'],
    [['q', '--y-range', '5'], '--y-range: got "5"'],
    [['q', '--level', 'x'], '--level: got "x"'],
    [['q', 'sarsa', '--values'], '--values: got "2 runs", allowed is one run.'],
    [['damaged'], 'line 1 is no JSON'],
  ])('refuses %j', async (args, message) => {
    mkdirSync(join(cwd, 'damaged'), { recursive: true });
    writeFileSync(join(cwd, 'damaged', 'config.json'), '{}');
    writeFileSync(join(cwd, 'damaged', 'metrics.jsonl'), '{"step":\n{"step":1}\n');
    const outcome = await plot(...args);
    expect(outcome.code).toBe(1);
    expect(outcome.stderr).toContain(message);
  });
});
