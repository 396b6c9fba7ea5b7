import * as fs from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { FileFormatError, WriteError } from '../../core/errors.ts';
import { type FileSystem, isTemporaryName, readFileChecked, temporaryPath, writeFileAtomic } from './atomic-file.ts';

let folder: string;
beforeEach(() => {
  folder = fs.mkdtempSync(join(tmpdir(), 'bellman-test-'));
});
afterEach(() => fs.rmSync(folder, { recursive: true, force: true }));

/** What the system throws. */
function systemError(code: string, syscall: string): Error {
  return Object.assign(new Error(`${code}: ${syscall}`), { code, syscall });
}

/** A file system in which one call fails once it has been made `after` times. */
function failing(call: keyof FileSystem, code: string, after = 0): FileSystem {
  let calls = 0;
  const real: FileSystem = { ...fs };
  const works = real[call] as (...args: unknown[]) => unknown;
  const broken = (...args: unknown[]): unknown => {
    if (calls++ >= after) throw systemError(code, call);
    return works(...args);
  };
  return { ...real, [call]: broken };
}

describe('writeFileAtomic', () => {
  it('writes strings, bytes and pieces, and replaces', () => {
    const path = join(folder, 'a');
    writeFileAtomic(path, 'héllo');
    expect(fs.readFileSync(path, 'utf8')).toBe('héllo');
    writeFileAtomic(path, [Uint8Array.of(1, 2), new Uint8Array(0), Uint8Array.of(3)]);
    expect([...fs.readFileSync(path)]).toEqual([1, 2, 3]);
    writeFileAtomic(path, Uint8Array.of(9, 8, 7).subarray(1));
    expect([...fs.readFileSync(path)]).toEqual([8, 7]);
    expect(fs.readdirSync(folder)).toEqual(['a']);
  });

  it('goes on when the system writes only a part', () => {
    const path = join(folder, 'a');
    const bytes = Uint8Array.from({ length: 1000 }, (_, i) => i);
    const writeSync = ((fd: number, data: Uint8Array, offset: number, length: number) =>
      fs.writeSync(fd, data, offset, Math.min(7, length))) as typeof fs.writeSync;
    writeFileAtomic(path, bytes, { ...fs, writeSync });
    expect(new Uint8Array(fs.readFileSync(path))).toEqual(bytes);
  });

  it.each<[keyof FileSystem, string, string]>([
    ['openSync', 'EROFS', 'the file system is read-only'],
    ['openSync', 'EACCES', 'permission denied'],
    ['writeSync', 'ENOSPC', 'no space left on the disk'],
    ['fsyncSync', 'EIO', 'the disk reported an error'],
    ['renameSync', 'EPERM', 'permission denied'],
    ['writeSync', 'EWEIRD', 'the system says EWEIRD'],
  ])('when %s fails with %s, says so, keeps the old file and removes the new', (call, code, problem) => {
    const path = join(folder, 'a');
    fs.writeFileSync(path, 'old');
    const write = () => writeFileAtomic(path, 'new', failing(call, code));
    expect(write).toThrow(WriteError);
    expect(write).toThrow(`Cannot write ${path}: ${problem}.`);
    expect(fs.readdirSync(folder)).toEqual(['a']);
    expect(fs.readFileSync(path, 'utf8')).toBe('old');
  });

  it('removes what a disk took before it was full', () => {
    const path = join(folder, 'a');
    const pieces = [Uint8Array.of(1), Uint8Array.of(2), Uint8Array.of(3)];
    expect(() => writeFileAtomic(path, pieces, failing('writeSync', 'ENOSPC', 2))).toThrow(WriteError);
    expect(fs.readdirSync(folder)).toEqual([]);
  });

  it('names the missing folder', () => {
    const path = join(folder, 'none', 'a');
    expect(() => writeFileAtomic(path, '')).toThrow(`Cannot write ${path}: the folder does not exist.`);
  });

  it('uses names that are known as temporary', () => {
    expect(isTemporaryName(temporaryPath('x/config.json').slice(2))).toBe(true);
    expect(isTemporaryName('config.json')).toBe(false);
    expect(isTemporaryName('.lock')).toBe(false);
  });
});

describe('readFileChecked', () => {
  it.each([
    ['none', 'no such file'],
    ['.', 'a folder, not a file'],
  ])('%s', (name, problem) => {
    const path = join(folder, name);
    expect(() => readFileChecked(path)).toThrow(FileFormatError);
    expect(() => readFileChecked(path)).toThrow(problem);
  });
});
