import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { readCheckpointFile, writeCheckpointFile } from './checkpoint-file.ts';

it('reads back arrays without memory among others', () => {
  const folder = mkdtempSync(join(tmpdir(), 'bellman-test-'));
  try {
    const none = new Float32Array(new ArrayBuffer(0));
    const snapshot = { before: Float32Array.of(1, 2), none, after: Int32Array.of(3), last: none };
    const path = join(folder, 'some.bck');
    writeCheckpointFile(path, snapshot, { kind: 'test', version: '0', step: 7 });
    expect(readCheckpointFile(path).snapshot).toEqual(snapshot);
  } finally {
    rmSync(folder, { recursive: true });
  }
});
