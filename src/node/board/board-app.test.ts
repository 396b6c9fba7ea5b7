/** The board's server, without a port: who gets what, and what strangers' folders can make of it. */
import * as fs from 'node:fs';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { temporaryFolder } from '../../../test/cli/run-bellman.ts';
import type { BoardRun, CurveHead, RunsMessage } from '../../web/board/messages.ts';
import { createRun } from '../runs/run-directory.ts';
import type { RunStatus } from '../runs/run-status.ts';
import { createBoardApp } from './board-app.ts';
import { Trainings } from './trainings.ts';

const HOST = '127.0.0.1:4177';
const TOKEN = 'the-token';
const outside = temporaryFolder();
const folder = join(outside, 'runs');
fs.mkdirSync(folder);

const CONFIG = {
  ...{
    bellman: '0.2.0',
    format: 2,
    command: 'bellman train',
    recipe: 'dqn-cart-pole',
    algorithm: 'dqn',
    env: 'CartPole-v1',
  },
  ...{ envKwargs: {}, seed: 0, device: 'cpu', threads: 1, evaluation: null },
  config: { gamma: 0.99, replay: { kind: 'uniform', size: 10 } },
  sources: { gamma: { cite: 'Mnih et al. 2015' } },
};
const STATUS: RunStatus = {
  ...{ state: 'stopped', message: 'Stopped at step 20.', step: 20, saved: 20, maxSteps: 100, pid: 1 },
  ...{ started: '2026-01-01T00:00:00.000Z', updated: '2026-01-01T00:00:00.000Z' },
};

function makeRun(name: string, config: object = {}, rows = 20): string {
  const run = createRun({ config: { ...CONFIG, ...config }, version: '0', path: join(folder, name) });
  for (let step = 1; step <= rows; step++) run.log.scalars(step, { reward: step * 2, loss: 1 / step });
  run.line('a line <b>in bold</b>');
  run.keepModel(new Uint8Array([1, 2, 3]), 'step-000000010.onnx');
  run.saveStatus(STATUS);
  run.close();
  return run.path;
}

makeRun('pole');
const board = createBoardApp({
  facts: { folder, version: '0', allowCode: false, program: 'bellman', readOnly: null },
  hosts: () => [HOST],
  token: TOKEN,
  pageFile: (path) => (path === 'bellman-board.js' ? new TextEncoder().encode('page()') : undefined),
  trainings: new Trainings({ folder, allowCode: false, program: ['-e', 'process.exit(1)'] }),
});
afterAll(() => board.close());

const OWN = { host: HOST, authorization: `Bearer ${TOKEN}` };
const ask = (path: string, headers: Record<string, string> = OWN, init: RequestInit = {}): Promise<Response> =>
  Promise.resolve(board.app.request(`http://${HOST}${path}`, { ...init, headers }));
const post = (path: string, body: unknown, headers: Record<string, string> = OWN): Promise<Response> =>
  ask(path, { ...headers, 'content-type': 'application/json' }, { method: 'POST', body: JSON.stringify(body) });
const runs = async (): Promise<readonly BoardRun[]> => ((await (await ask('/api/runs')).json()) as RunsMessage).runs;
/** Looks anew at once, not after the time that the watcher rests. */
const runNamed = (name: string) =>
  expect.poll(async () => (await runs()).find(({ id }) => id === name), { interval: 100 });

describe('refuses', () => {
  const refused: readonly [what: string, path: string, headers: Record<string, string>, status: number][] = [
    ['a name of its own that somebody pointed here', '/', { host: 'evil.example:4177' }, 421],
    ['another port', '/', { host: '127.0.0.1:80' }, 421],
    ['no host', '/api/runs', { authorization: OWN.authorization }, 421],
    ['another origin', '/api/runs', { ...OWN, origin: 'http://evil.example' }, 403],
    ['another port of this machine as the origin', '/api/runs', { ...OWN, origin: 'http://127.0.0.1:3000' }, 403],
    ['a page without an origin of its own', '/api/runs', { ...OWN, origin: 'null' }, 403],
    ['what another site embeds', '/api/runs', { ...OWN, 'sec-fetch-site': 'cross-site' }, 403],
    ['no token', '/api/runs', { host: HOST }, 401],
    ['another token', '/api/runs', { host: HOST, authorization: 'Bearer the-tokem' }, 401],
    ['the start of the token', '/api/runs', { host: HOST, authorization: 'Bearer the' }, 401],
    ['a run that is none', '/api/run?run=nothing', OWN, 422],
    ['a path in place of a run', '/api/run?run=..%2Fruns%2Fpole', OWN, 422],
    ['an absolute path', `/api/run?run=${encodeURIComponent(join(folder, 'pole'))}`, OWN, 422],
    ['a file above the run', '/api/file?run=pole&path=..%2Fsecret', OWN, 404],
    ['an absolute file', '/api/file?run=pole&path=%2Fetc%2Fpasswd', OWN, 404],
    ['a file that a run has not', '/api/file?run=pole&path=models%2F..%2Fconfig.json', OWN, 404],
    ['the lock', '/api/file?run=pole&path=.lock', OWN, 404],
    ['a model that is none', '/api/play?run=pole&model=..%2Fx.onnx', OWN, 404],
    ['a file of the page that is none', '/elements/..%2Fpackage.json', { host: HOST }, 404],
    ['another path', '/etc/passwd', { host: HOST }, 404],
  ];
  for (const [what, path, headers, status] of refused) {
    it(what, async () => {
      const response = await ask(path, headers);
      expect(response.status).toBe(status);
      const { error } = (await response.json()) as { error: string };
      expect(error.split('\n')).toHaveLength(1);
      expect(error).not.toContain(outside);
    });
  }

  it('requests whose stream nobody would read or end, and other methods', async () => {
    for (const method of ['HEAD', 'OPTIONS', 'PUT', 'DELETE']) {
      for (const path of ['/api/play?run=pole', '/api/events', '/api/file?run=pole&path=log.txt']) {
        const response = await ask(path, OWN, { method });
        expect([method, path, response.status]).toEqual([method, path, 405]);
        expect(response.headers.get('allow')).toBe('GET, POST');
      }
    }
  });

  it('bodies that are no object, and long ones', async () => {
    const status = async (path: string, body: string): Promise<unknown> => {
      const response = await ask(path, OWN, { method: 'POST', body });
      return [response.status, ((await response.json()) as { error: string }).error];
    };
    for (const path of ['/api/curves', '/api/start']) {
      for (const body of ['', '{', 'null', '[]', '7']) {
        expect(await status(path, body)).toEqual([400, 'The body of the request is no JSON object.']);
      }
      expect(await status(path, ' '.repeat(2 ** 18 + 1))).toEqual([413, 'The request is too long.']);
    }
    expect(await status('/api/curves', '{"runs":[null],"names":[]}')).toEqual([400, 'A request needs runs and names.']);
  });

  it('more pages than it can serve, until one goes', async () => {
    const pages = await Promise.all(Array.from({ length: 32 }, () => ask('/api/events')));
    expect(new Set(pages.map(({ status }) => status))).toEqual(new Set([200]));
    expect((await ask('/api/events')).status).toBe(429);
    await pages[0]!.body!.cancel();
    await expect
      .poll(async () => {
        const again = await ask('/api/events');
        await again.body!.cancel();
        return again.status;
      })
      .toBe(200);
    for (const page of pages.slice(1)) await page.body!.cancel();
  });

  it('a change without the token, and by a page of another origin', async () => {
    for (const path of ['/api/start', '/api/stop?run=pole', '/api/resume?run=pole']) {
      expect((await post(path, {}, { host: HOST })).status).toBe(401);
      expect((await post(path, {}, { ...OWN, origin: 'http://evil.example' })).status).toBe(403);
      expect((await ask(path)).status).toBe(404); // a GET changes nothing
    }
  });

  const requests: readonly [what: string, request: object, message: string][] = [
    ['a recipe that is a module', { recipe: './evil.mjs:recipe' }, 'Unknown recipe'],
    ['a recipe that is an option', { recipe: '--run' }, 'Unknown recipe'],
    ['an environment that is a module', { env: './evil.mjs:Maze-v0' }, 'env: got "./evil.mjs:Maze-v0"'],
    ['an environment in Python', { env: 'python:os:CartPole-v1' }, 'env: got'],
    ['a network that is a module', { set: { 'network.kind': './evil.mjs:net' } }, 'network.kind names code'],
    ['a network in a part', { set: { network: { kind: '/tmp/evil.mjs:net' } } }, 'network names code'],
    ['a folder above', { name: '../other' }, 'name: got "../other"'],
    ['a hidden folder', { name: '.git' }, 'name: got ".git"'],
    ['an option as a name', { name: '--resume' }, 'name: got'],
    ['seeds that are an option', { seeds: '--help' }, 'seeds: got "--help"'],
    ['a key that is an option', { set: { '--run': 1 } }, 'set: got "--run"'],
    ['evaluations of no number', { evalEvery: '1; rm' }, 'evalEvery: got'],
  ];
  for (const [what, request, message] of requests) {
    it(`to start ${what}`, async () => {
      const whole = {
        recipe: 'dqn-cart-pole',
        env: null,
        seeds: '0',
        set: {},
        name: null,
        evalEvery: null,
        ...request,
      };
      const response = await post('/api/start', whole);
      expect(response.status).toBe(422);
      expect(((await response.json()) as { error: string }).error).toContain(message);
    });
  }

  it('to stop what no program trains', async () => {
    const response = await post('/api/stop?run=pole', {});
    expect(response.status).toBe(422);
    expect(await response.json()).toEqual({
      error: 'No program of this machine trains this run. Press Ctrl-C where it runs.',
    });
  });

  it('to stop a program that a lock names, and that is no training', async () => {
    const path = makeRun('locked');
    // As this very process would lock it.
    const held = createRun({ config: CONFIG, version: '0', path: join(outside, 'mine') });
    fs.copyFileSync(join(held.path, '.lock'), join(path, '.lock'));
    held.close();
    await runNamed('locked').toMatchObject({ state: 'running' });
    const response = await post('/api/stop?run=locked', {});
    expect(((await response.json()) as { error: string }).error).toMatch(/^Process \d+ is no training of bellman/);
  });
});

it('trades a key for the token, once, with its own page alone', async () => {
  const key = board.oneTimeKey();
  const own = { host: HOST };
  expect((await post('/api/key', { key }, { ...own, origin: 'http://evil.example' })).status).toBe(403);
  expect((await post('/api/key', { key }, { ...own, 'sec-fetch-site': 'cross-site' })).status).toBe(403);
  for (const wrong of [{}, { key: 5 }, { key: `${key}x` }]) {
    expect((await post('/api/key', wrong, own)).status).toBe(401);
  }
  const traded = await post('/api/key', { key }, own);
  expect([traded.status, await traded.json()]).toEqual([200, { token: TOKEN }]);
  expect((await post('/api/key', { key }, own)).status).toBe(401);
});

it('keeps its page in bounds', async () => {
  const response = await ask('/', { host: HOST });
  expect(response.status).toBe(200);
  const policy = response.headers.get('content-security-policy');
  expect(policy).toContain("default-src 'none'");
  for (const part of ["script-src 'self'", "object-src 'none'", "base-uri 'none'", "frame-ancestors 'none'"]) {
    expect(policy).toContain(part);
  }
  expect(policy).not.toContain('unsafe');
  expect(response.headers.get('cross-origin-resource-policy')).toBe('same-origin');
  expect(response.headers.get('cache-control')).toBe('no-store');
  const page = await response.text();
  expect(page).not.toContain(TOKEN);
  expect(page).not.toMatch(/<script(?![^>]*src=)|style=|https?:\/\/(?!www\.w3\.org)/);
  expect(await (await ask('/elements/bellman-board.js', { host: HOST })).text()).toBe('page()');
});

it('lists runs with what is known of them', async () => {
  await runNamed('pole').toMatchObject({
    ...{ state: 'stopped', message: 'Stopped at step 20.', recipe: 'dqn-cart-pole', env: 'CartPole-v1', seed: 0 },
    ...{ step: 20, maxSteps: 100, metrics: ['reward', 'loss'], code: false, speed: null },
  });
});

it('shows a run: values with sources, files, lines as they are', async () => {
  const details = await (await ask('/api/run?run=pole')).json();
  expect(details).toMatchObject({
    values: [
      { place: 'gamma', value: '0.99', source: 'Mnih et al. 2015' },
      { place: 'replay.kind', value: '"uniform"', source: '' },
      { place: 'replay.size', value: '10', source: '' },
    ],
    lines: [expect.stringMatching(/^\S+Z a line <b>in bold<\/b>$/)],
  });
  expect(details.files.map(({ path }: { path: string }) => path)).toContain('models/step-000000010.onnx');
  const file = await ask('/api/file?run=pole&path=models%2Fstep-000000010.onnx');
  expect([...new Uint8Array(await file.arrayBuffer())]).toEqual([1, 2, 3]);
  expect(file.headers.get('content-disposition')).toBe('attachment');
});

/** The answer of `/api/curves`, decoded by hand. */
async function curves(body: object): Promise<{ head: CurveHead; numbers: Float64Array }> {
  const bytes = await (await post('/api/curves', body)).arrayBuffer();
  const length = new DataView(bytes).getUint32(0, true);
  const head = JSON.parse(new TextDecoder().decode(new Uint8Array(bytes, 4, length))) as CurveHead;
  return { head, numbers: new Float64Array(bytes.slice(4 + length)) };
}

it('sends columns, and later what was added', async () => {
  await runNamed('pole').toBeDefined();
  const { head, numbers } = await curves({ runs: [{ id: 'pole', generation: 0, rows: 0 }], names: ['reward', 'none'] });
  expect(head.runs).toMatchObject([{ id: 'pole', first: 0, rows: 20, names: ['reward'], open: false, damaged: 0 }]);
  expect([...numbers.subarray(0, 20)]).toEqual(Array.from({ length: 20 }, (_, i) => i + 1));
  expect([...numbers.subarray(40)]).toEqual(Array.from({ length: 20 }, (_, i) => 2 * (i + 1)));
  fs.appendFileSync(join(folder, 'pole/metrics.jsonl'), '{"step":21,"time":5,"reward":-1}\n{"step":22,"ti');
  const later = await curves({ runs: [{ id: 'pole', generation: 0, rows: 20 }], names: ['reward', 'loss'] });
  expect(later.head.runs).toMatchObject([{ first: 20, rows: 1, names: ['reward', 'loss'] }]);
  expect([...later.numbers]).toEqual([21, 5, -1, Number.NaN]);
});

it('sends a run and a column once, however often they are asked for', async () => {
  await runNamed('pole').toBeDefined();
  const run = { id: 'pole', generation: 0, rows: 0 };
  const { head, numbers } = await curves({ runs: [run, run, run], names: ['loss', 'reward', 'loss', 'none'] });
  expect(head.runs.map(({ id, names }) => [id, names])).toEqual([['pole', ['reward', 'loss']]]);
  expect(numbers).toHaveLength(4 * head.runs[0]!.rows);
});

describe('a hostile folder', () => {
  const secret = join(outside, 'secret.txt');
  fs.writeFileSync(secret, 'the secret');

  it('is not left by a link to another run', async () => {
    const elsewhere = createRun({ config: CONFIG, version: '0', path: join(outside, 'elsewhere') });
    elsewhere.close();
    fs.symlinkSync(elsewhere.path, join(folder, 'way-out'));
    makeRun('last');
    await runNamed('last').toBeDefined();
    expect((await runs()).map(({ id }) => id)).not.toContain('way-out');
  });

  it('is not left by links in a run', async () => {
    for (const name of ['metrics.jsonl', 'log.txt', 'config.json', 'best.json']) {
      const path = makeRun(`link-${name}`);
      fs.rmSync(join(path, name), { force: true });
      fs.symlinkSync(secret, join(path, name));
      await runNamed(`link-${name}`).toMatchObject({ state: 'damaged', message: expect.stringContaining('link') });
      expect((await ask(`/api/run?run=link-${name}`)).status).toBe(422);
      expect((await ask(`/api/file?run=link-${name}&path=${name}`)).status).toBe(422);
    }
    const { head } = await curves({ runs: [{ id: 'link-metrics.jsonl', generation: 0, rows: 0 }], names: [] });
    expect(head.runs).toEqual([]);
  });

  it('shows damaged configurations as damaged, and the other runs all the same', async () => {
    const cases = { '{': 'no JSON', '[]': 'no JSON object', [' '.repeat(2 ** 20 + 1)]: 'too many' };
    for (const [text, message] of Object.entries(cases)) {
      const name = `bad-${message.replaceAll(' ', '-')}`;
      fs.writeFileSync(join(makeRun(name), 'config.json'), text);
      await runNamed(name).toMatchObject({ state: 'damaged', message: expect.stringContaining(message) });
    }
    await runNamed('pole').toMatchObject({ state: 'stopped' });
  });

  it('survives values of any type', async () => {
    makeRun('odd', {
      recipe: 5,
      algorithm: null,
      env: { a: 1 },
      seed: 'x',
      config: [1],
      sources: { gamma: 7 },
      envKwargs: null,
    });
    await runNamed('odd').toMatchObject({ recipe: null, env: null, seed: null });
    expect((await ask('/api/run?run=odd')).status).toBe(200);
    fs.writeFileSync(
      join(folder, 'odd/status.json'),
      '{"state":"stopped","step":1,"progress":{"speed":"<b>","note":[]}}',
    );
    await runNamed('odd').toMatchObject({ step: 20, speed: null });
  });

  it('runs no code that a run names', async () => {
    const ran = join(outside, 'ran');
    const module = join(outside, 'evil.mjs');
    fs.writeFileSync(module, `import { writeFileSync } from 'node:fs'; writeFileSync(${JSON.stringify(ran)}, '');`);
    makeRun('evil', { env: `${module}:Evil-v0` });
    await runNamed('evil').toMatchObject({ code: true });
    for (const [path, method] of [
      ['/api/play?run=evil', 'GET'],
      ['/api/tables?run=evil', 'GET'],
      ['/api/resume?run=evil', 'POST'],
    ] as const) {
      const response = await ask(path, OWN, { method });
      expect(response.status).toBe(422);
      expect(((await response.json()) as { error: string }).error).toContain('names code');
    }
    expect(fs.existsSync(ran)).toBe(false);
  });
});

it('tells pages what changes, and rests without one', async () => {
  const response = await ask('/api/events');
  const reader = response.body!.pipeThrough(new TextDecoderStream()).getReader();
  const until = async (text: string): Promise<string> => {
    let all = '';
    while (!all.includes(text)) {
      const { value, done } = await reader.read();
      if (done) throw new Error(`the stream ended: ${all.slice(-500)}`);
      all += value;
    }
    return all;
  };
  expect(await until('event: machine')).toContain('event: runs');
  makeRun('new-one');
  expect(await until('"id":"new-one"')).toContain('"all":false');
  fs.rmSync(join(folder, 'new-one'), { recursive: true });
  await until('"gone":["new-one"]');
  await reader.cancel();
});

it('piles nothing up for a page that takes nothing, and tells it all when it does', async () => {
  const path = makeRun('busy');
  await runNamed('busy').toBeDefined();
  const { body } = await ask('/api/events');
  const change = async (step: number): Promise<void> => {
    fs.writeFileSync(join(path, 'status.json'), JSON.stringify({ ...STATUS, step }));
    await runNamed('busy').toMatchObject({ step });
  };
  for (let step = 100; step < 130; step++) await change(step);
  const reader = body!.pipeThrough(new TextDecoderStream()).getReader();
  let [text, count] = ['', 0];
  while (!(text.includes('"all":true') && text.includes('"step":129'))) {
    const { value, done } = await reader.read();
    if (done) throw new Error('the stream ended');
    text += value;
    const blocks = text.split('\n\n');
    text = blocks.at(-2) ?? '';
    count++;
  }
  expect(count).toBeLessThan(20);
  await reader.cancel();
});
