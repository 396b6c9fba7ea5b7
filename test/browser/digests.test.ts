/** Trainings, planners and the emulator end with the same bits in a page as in Node. */
import { beforeAll, describe, expect, it } from 'vitest';
import { ortRunnerFactory } from '../../src/node/onnxruntime/ort-runner-factory.ts';
import { chromiumPath } from '../platform/programs.ts';
import { digestsIn } from './browse.ts';
import { digests, jobs } from './digests.ts';

const chromium = { kind: 'chromium', path: chromiumPath() } as const;
let node: Record<string, string>;
beforeAll(async () => {
  const createRunner = ortRunnerFactory('wasm', 1);
  node = { ...(await digests('bellman', createRunner)), ...(await digests('onnxruntime-web', createRunner)) };
});

it('differ from job to job, the same DQN on the interpreter and on onnxruntime-web too', () => {
  expect(Object.keys(node)).toEqual(jobs.map(({ name }) => name));
  expect(new Set(Object.values(node)).size).toBe(jobs.length);
});

describe('Chromium', () => {
  it('has the bits of Node, on one thread', async ({ signal }) => {
    const { browser, found } = await digestsIn(chromium, { threads: 1, all: true, signal });
    expect(browser).toContain('Chrome');
    expect(found).toEqual(node);
  });

  it('has them on two threads', async ({ signal }) => {
    const { isolated, found } = await digestsIn(chromium, { threads: 2, all: false, signal });
    expect(isolated).toBe(true);
    for (const { name, engine } of jobs) if (engine === 'onnxruntime-web') expect(found[name], name).toBe(node[name]);
  });
});
