/** The guides run: every command and every program, and they print the lines that the pages show below them. */
import { cpSync, existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { bellman, type Outcome, temporaryFolder } from '../cli/run-bellman.ts';
import { pythonPath } from '../platform/programs.ts';
import { aleCartridgeFolder } from '../support/ale-cartridges.ts';
import { PASSWORD, type QueueServer, startRedis } from '../support/queue-servers.ts';
import { describePage, readPage } from './page.ts';

const docs = fileURLToPath(new URL('../../docs/', import.meta.url));
const names = readdirSync(join(docs, 'guide')).filter((name) => name.endsWith('.md'));

/** Pages that show single commands of long trainings: commands.test.ts runs the first steps of these. */
const COMMANDS_ONLY = ['atari.md', 'gymnasium.md'];
/** Its blocks are for a browser: test/elements opens what they name. */
const ELEMENTS = 'elements.md';

it('are all on the page of contents', () => {
  for (const name of names) expect(readFileSync(join(docs, 'README.md'), 'utf8')).toContain(`](guide/${name})`);
});

it('name errors that there are, in the guide to Atari', async () => {
  const exported = { ...(await import('../../src/core/index.ts')), ...(await import('../../src/atari/index.ts')) };
  const named = [...readFileSync(join(docs, 'guide/atari.md'), 'utf8').matchAll(/`(\w+Error)`/g)].map(
    ([, name]) => name,
  );
  expect(named.length).toBeGreaterThan(5);
  for (const name of named) expect(exported).toHaveProperty(name);
});

it('name elements that there are, in the guide to elements', () => {
  const text = readFileSync(join(docs, 'guide', ELEMENTS), 'utf8');
  const scripts = [...text.matchAll(/src="node_modules\/bellman-rl\/dist\/elements\/(bellman-\w+)\.js"/g)];
  expect(scripts.length).toBeGreaterThan(2);
  for (const [, tag] of scripts) {
    expect(text).toContain(`<${tag}`);
    const module = join(docs, '../src/web/elements', tag.replace('bellman-', ''), `${tag}.ts`);
    expect(readFileSync(module, 'utf8')).toContain(`customElements.define('${tag}'`);
  }
});

/** The page of queues has a server and a worker, as its reader has. */
function describeQueueServer(cwd: string): void {
  let server: QueueServer;
  let worker: Promise<Outcome>;
  let stop: (signal: NodeJS.Signals) => void;
  beforeAll(async () => {
    server = await startRedis();
    process.env['BELLMAN_QUEUE'] = server.url;
    process.env['XDG_DATA_HOME'] = join(cwd, 'data');
    worker = bellman(['worker', '--concurrency', '1'], {
      cwd,
      onStart: (kill) => {
        stop = kill;
      },
    });
  });
  afterAll(async () => {
    stop('SIGTERM');
    const { code, stdout, stderr } = await worker;
    await server.stop();
    delete process.env['BELLMAN_QUEUE'];
    delete process.env['XDG_DATA_HOME'];
    expect([code, stderr]).toEqual([143, '']);
    expect(stdout).not.toContain(PASSWORD);
  });
}

/** Environments in Python live in the one that the tests have. */
process.env['BELLMAN_PYTHON'] ??= pythonPath();

describe.each(names.filter((name) => ![...COMMANDS_ONLY, ELEMENTS].includes(name)))('guide %s', (name) => {
  const cwd = temporaryFolder();
  if (name === 'foreign-models.md') {
    beforeAll(() => {
      process.env['BELLMAN_ROMS'] = aleCartridgeFolder();
      cpSync(fileURLToPath(new URL('../oracle/fixtures/foreign/', import.meta.url)), cwd, { recursive: true });
    });
  }
  if (name === 'queue.md') describeQueueServer(cwd);
  describePage(readPage(join(docs, 'guide', name)), cwd);

  if (name === 'metrics.md') {
    it('explains each logged metric and no other', () => {
      const text = readFileSync(join(docs, 'guide', name), 'utf8');
      const explained = [...text.matchAll(/^\| `(\w+)` \|/gm)].map(([, metric]) => metric);
      const logged = readdirSync(join(cwd, 'runs')).flatMap((run) =>
        readFileSync(join(cwd, 'runs', run, 'metrics.jsonl'), 'utf8')
          .trim()
          .split('\n')
          .flatMap((line) => Object.keys(JSON.parse(line))),
      );
      expect([...new Set(explained)].toSorted()).toEqual([...new Set(logged)].toSorted());
    });
  }

  if (name === 'runs.md') {
    it("names each file of a run's folder", () => {
      const text = readFileSync(join(docs, 'guide', name), 'utf8');
      const listed = [...text.matchAll(/^\| (`[^|]+) \|/gm)].map(([, files]) => files).join(' ');
      for (const file of readdirSync(join(cwd, 'runs/pole'))) {
        expect(listed).toContain(`\`${file.replace(/tfevents\..*/, 'tfevents.*')}`);
      }
      expect(existsSync(join(cwd, 'runs/pole/.lock'))).toBe(false);
    });
  }
});
