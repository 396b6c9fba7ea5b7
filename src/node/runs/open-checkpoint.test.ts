/** A checkpoint without its run: one that a page saved, or that someone sent. */
import { copyFileSync, existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { temporaryFolder } from '../../../test/cli/run-bellman.ts';
import { encodeCheckpoint } from '../../storage/checkpoint-format.ts';
import { readCheckpointFile } from './checkpoint-file.ts';
import { openCheckpoint } from './open-checkpoint.ts';
import { resolveRun } from './resolve-run.ts';
import { listCheckpoints } from './run-checkpoints.ts';
import { readRunConfig } from './run-directory.ts';
import { type RunTrainingOptions, runTraining } from './run-training.ts';

const root = temporaryFolder();
const lines: string[] = [];
async function train(start: RunTrainingOptions['start'], stopAfter: number): Promise<string> {
  const output = { line: (text: string) => void lines.push(text), progress() {}, close() {} };
  const outcome = await runTraining({
    ...{ start, version: '0', command: 'test', output, checkpointEveryMs: Number.POSITIVE_INFINITY, stopAfter },
  });
  await outcome.training.close();
  process.channel?.ref();
  return outcome.path;
}
const newest = (path: string) => listCheckpoints(path)[0].path;
const request = { recipe: 'q-learning-frozen-lake', seed: 4, device: 'cpu', threads: 1, set: { rewardBound: null } };

it('goes on in a run of its own, as the run that it is of would have', async () => {
  const run = await resolveRun(request);
  const straight = await train({ run, path: join(root, 'straight') }, 900);
  const stopped = await train({ run, path: join(root, 'stopped') }, 500);
  const alone = join(root, 'pole.bck');
  copyFileSync(newest(stopped), alone);
  const path = await train({ resume: alone, path: join(root, 'alone') }, 400);
  expect(lines).toContain(`Resuming ${alone} from step 500.`);
  expect(readCheckpointFile(newest(path)).snapshot).toEqual(readCheckpointFile(newest(straight)).snapshot);
  expect(readRunConfig(path)).toEqual(readRunConfig(stopped));
});

it('says what is missing in those of earlier versions', () => {
  const file = join(root, 'old.bck');
  writeFileSync(file, Buffer.concat(encodeCheckpoint(null, { kind: 'sarsa', version: '0.1.0', step: 3 })));
  expect(() => openCheckpoint(file, { version: '0' })).toThrow(
    `${file} holds no configuration, as checkpoints of versions before 0.2: resume the folder of its run.`,
  );
});

it('names no folder but one below `runs`', () => {
  const config = { recipe: '../../../evil', seed: 4, algorithm: 'sarsa', env: 'Taxi-v3' };
  const file = join(root, 'evil.bck');
  writeFileSync(file, Buffer.concat(encodeCheckpoint(null, { kind: 'sarsa', version: '0', step: 3, config })));
  const before = process.cwd();
  process.chdir(root);
  try {
    const directory = openCheckpoint(file, { version: '0' }).begin();
    directory.close();
    expect(directory.path).toBe(join('runs', '..-..-..-evil-seed4-1'));
  } finally {
    process.chdir(before);
  }
});

it('runs no code that it names', async () => {
  const stopped = newest(join(root, 'stopped'));
  const { header, snapshot } = readCheckpointFile(stopped);
  const config = { ...header.config, env: './maze.mjs:Maze-v0' };
  const file = join(root, 'code.bck');
  const { run: _, ...anonymous } = header;
  writeFileSync(file, Buffer.concat(encodeCheckpoint(snapshot, { ...anonymous, config })));
  await expect(train({ resume: file, path: join(root, 'never') }, 1)).rejects.toThrow(/names code that would run here/);
  expect(existsSync(join(root, 'never'))).toBe(false);
});
