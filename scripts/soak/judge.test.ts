import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { Generator } from '../../src/core/random/index.ts';
import { judge, type State } from './judge.ts';
import { lastStep, readProcess, readRunFolder, type Sample } from './sample.ts';
import { trendOf } from './trend.ts';

const MB = 1e6;
const EVERY = 10;

interface Made {
  readonly hours?: number;
  /** Seconds of a piece. */
  readonly piece?: number;
  readonly seed?: number;
  readonly change?: (age: number, time: number, piece: number, noise: number) => Partial<Sample>;
}

/** Pieces of forty minutes with a warm-up of 60 MB (time constant one minute) and noise that lasts for a minute or so. */
function make({ hours = 12, piece: length = 2400, seed = 1, change = () => ({}) }: Made): Sample[] {
  const random = new Generator(seed);
  let noise = 0;
  return Array.from({ length: (hours * 3600) / EVERY }, (_, i) => {
    const time = i * EVERY;
    const piece = Math.floor(time / length);
    const age = time - piece * length;
    // AR(1), standard deviation 3 MB.
    noise = 0.85 * noise + Math.sqrt(1 - 0.85 ** 2) * 3 * random.normal();
    const resident = (300 - 60 * Math.exp(-age / 60) + noise) * MB;
    const sample: Sample = {
      training: 'made',
      piece,
      time,
      age,
      step: time * 100,
      resident,
      heap: 30 * MB,
      external: 40 * MB,
      descriptors: 25,
      threads: 12,
      logs: time * 1000,
      rest: 10 * MB,
      checkpoints: 2,
      strange: [],
      temporary: 0,
      temporaryFiles: 0,
    };
    return { ...sample, ...change(age, time, piece, noise) };
  });
}

const options = { warmUp: 180, matters: 5 * MB, fullAt: {} };

const stateOf = (what: string, samples: readonly Sample[], changes = {}): State | undefined =>
  judge(samples, { ...options, ...changes }).find((finding) => finding.what === what)?.state;

const leak = (perHour: number): Made => ({
  change: (age, _, __, noise) => ({ resident: (300 - 60 * Math.exp(-age / 60) + noise + (perHour * age) / 3600) * MB }),
});

describe('the verdict of a soak', () => {
  it.each([1, 2, 3, 4, 5])('finds a leak of 10 MB an hour in noise, seed %i', (seed) => {
    expect(stateOf('resident memory', make({ ...leak(10), seed }))).toBe('grows');
  });

  it.each([1, 2, 3, 4, 5])('does not take a warm-up for a leak, seed %i', (seed) => {
    expect(stateOf('resident memory', make({ seed }))).toBe('steady');
  });

  it('does not call a warm-up growth that is longer than what it leaves out', () => {
    expect(stateOf('resident memory', make({}), { warmUp: 30 })).not.toBe('grows');
  });

  it('does not decide on twenty minutes', () => {
    expect(stateOf('resident memory', make({ hours: 1 / 3 }))).toBe('undecided');
    expect(stateOf('resident memory', make({ hours: 1 / 30 }))).toBe('undecided');
  });

  it('finds leaks in the heap and outside it', () => {
    const grown = make({ change: (age) => ({ heap: (30 + age / 300) * MB, external: (40 + age / 300) * MB }) });
    expect(stateOf('heap memory', grown)).toBe('grows');
    expect(stateOf('external memory', grown)).toBe('grows');
  });

  it('leaves out what comes before the replay is full', () => {
    const filling = make({
      piece: 7200,
      change: (_, time, __, noise) => ({ resident: (100 + Math.min(time, 5000) / 20 + noise) * MB, step: time }),
      hours: 6,
    });
    expect(stateOf('resident memory', filling, { fullAt: { made: 5000 } })).toBe('steady');
    expect(
      stateOf(
        'resident memory',
        filling.filter(({ time }) => time < 4800),
      ),
    ).toBe('grows');
  });

  it('finds descriptors and threads that add up, within pieces or over them, and not those of a moment', () => {
    for (const key of ['descriptors', 'threads'] as const) {
      expect(stateOf(key, make({ change: (age) => ({ [key]: 20 + Math.floor(age / 300) }) }))).toBe('grows');
      expect(stateOf(key, make({ change: (_, __, piece) => ({ [key]: 20 + piece }) }))).toBe('grows');
      expect(stateOf(key, make({ change: (age) => ({ [key]: age % 70 === 0 ? 27 : 25 }) }))).toBe('steady');
    }
  });

  it('finds a folder that grows, checkpoints that stay, and files left behind', () => {
    expect(stateOf('run folder', make({}))).toBe('steady');
    expect(stateOf('run folder', make({ change: (_, time) => ({ rest: (10 + time / 3600) * MB }) }))).toBe('grows');
    expect(stateOf('run folder', make({ change: () => ({ checkpoints: 3 }) }))).toBe('grows');
    const written = (_: number, time: number) => (time === 30_000 ? { checkpoints: 3, rest: 90 * MB } : {});
    expect(stateOf('run folder', make({ change: written }))).toBe('steady');
    expect(stateOf('run folder', make({ change: (age) => ({ checkpoints: age % 60 === 0 ? 3 : 2 }) }))).toBe('steady');
    const strange = ['checkpoints/.checkpoint-5.bck.7.tmp'];
    expect(stateOf('run folder', make({ change: (age) => ({ strange: age % 60 < 20 ? strange : [] }) }))).toBe(
      'steady',
    );
    expect(stateOf('run folder', make({ change: (age) => ({ strange: age < 100 ? strange : [] }) }))).toBe('grows');
  });

  it('finds temporary files that add up', () => {
    expect(stateOf('temporary files', make({ change: () => ({ temporaryFiles: 2 }) }))).toBe('steady');
    expect(stateOf('temporary files', make({ change: (_, __, piece) => ({ temporaryFiles: piece }) }))).toBe('grows');
  });
});

describe('the trend', () => {
  it('is the slope of a line, whatever the level of each piece', () => {
    const of = Array.from({ length: 100 }, (_, i) => ({
      piece: i % 4,
      time: i / 10,
      value: (i % 4) * 50 + 7 * (i / 10),
    }));
    expect(trendOf(of)?.slope).toBeCloseTo(7, 9);
    expect(trendOf(of)?.halfWidth95).toBeCloseTo(0, 6);
  });

  it('has an interval that holds the true slope in most of a hundred series with lasting noise', () => {
    let held = 0;
    for (let seed = 0; seed < 100; seed++) {
      const observations = make({ ...leak(10), hours: 2, seed })
        .filter(({ age }) => age >= 420)
        .map(({ piece, time, resident }) => ({ piece, time: time / 3600, value: resident / MB }));
      const { slope, halfWidth95 } = trendOf(observations)!;
      if (Math.abs(slope - 10) <= halfWidth95) held += 1;
    }
    expect(held).toBeGreaterThanOrEqual(88);
  });
});

describe('what is read', () => {
  it("is sorted by the table of a run's files", () => {
    const folder = mkdtempSync(join(tmpdir(), 'bellman-test-'));
    try {
      mkdirSync(join(folder, 'checkpoints'));
      const sizes = {
        'metrics.jsonl': 30,
        'events.out.tfevents.1.host.0': 5,
        'best.onnx': 100,
        'checkpoints/checkpoint-12.bck': 1000,
      };
      for (const [name, size] of Object.entries(sizes)) writeFileSync(join(folder, name), 'x'.repeat(size));
      writeFileSync(join(folder, 'checkpoints', '.checkpoint-13.bck.7.tmp'), 'xx');
      const strange = ['checkpoints/.checkpoint-13.bck.7.tmp'];
      expect(readRunFolder(folder)).toEqual({ logs: 35, rest: 1102, checkpoints: 1, strange });
      writeFileSync(join(folder, 'metrics.jsonl'), '{"step":7}\n{"step":19}\n{"ste');
      expect(lastStep(folder)).toBe(19);
      expect(lastStep(join(folder, 'gone'))).toBe(0);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });

  it('knows every file that the guide names', () => {
    const guide = readFileSync(new URL('../../docs/guide/runs.md', import.meta.url), 'utf8');
    const rows = [...guide.matchAll(/^\| (`[^|]+) \| [^|]+ \|$/gm)].map(([, cell]) => cell);
    const names = rows.flatMap((cell) => [...cell.matchAll(/`([^`]+)`/g)].map(([, name]) => name));
    expect(names).toContain('log.txt');
    expect(names.length).toBeGreaterThanOrEqual(12);
    const folder = mkdtempSync(join(tmpdir(), 'bellman-test-'));
    try {
      for (const folderName of ['checkpoints', 'models', 'videos']) mkdirSync(join(folder, folderName));
      for (const name of [...names, 'videos/progress.mp4']) {
        if (name.endsWith('/')) continue;
        writeFileSync(join(folder, name.replace('*', '1.host.0').replace('-N.', '-12.')), 'x');
      }
      expect(readRunFolder(folder).strange).toEqual([]);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });

  it.runIf(process.platform === 'linux')('of this process is about what it says itself', () => {
    const use = readProcess(process.pid)!;
    expect(Math.abs(use.resident / process.memoryUsage.rss() - 1)).toBeLessThan(0.2);
    expect(use.threads).toBeGreaterThan(1);
    expect(readProcess(2 ** 30)).toBeUndefined();
  });
});

it('judges of a watched training what its process holds, not the files that others asked for', () => {
  const leaking = make({ ...leak(10) }).map((sample) => ({ ...sample, watched: true, rest: sample.time * MB }));
  const found = judge(leaking, options).map(({ what, state }) => [what, state]);
  expect(found).toEqual([
    ['resident memory', 'grows'],
    ['descriptors', 'steady'],
    ['threads', 'steady'],
  ]);
});
