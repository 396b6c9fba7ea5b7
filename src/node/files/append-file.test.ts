import * as fs from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { WriteError } from '../../core/errors.ts';
import { AppendFile } from './append-file.ts';

let folder: string;
let path: string;
beforeEach(() => {
  folder = fs.mkdtempSync(join(tmpdir(), 'bellman-test-'));
  path = join(folder, 'log');
});
afterEach(() => fs.rmSync(folder, { recursive: true, force: true }));

const read = (): string => fs.readFileSync(path, 'utf8');
const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);

describe('AppendFile', () => {
  it('buffers for a second', () => {
    let now = 0;
    const file = new AppendFile(path, () => now);
    file.write(bytes('a'));
    now = 999;
    file.write(bytes('b'));
    expect([read(), file.length]).toEqual(['', 2]);
    now = 1000;
    file.write(bytes('c'));
    expect([read(), file.length]).toEqual(['abc', 3]);
    file.write(bytes('d'));
    expect(read()).toBe('abc');
    file.close();
    expect(read()).toBe('abcd');
  });

  it('does not let the buffer grow past 64 KiB', () => {
    const file = new AppendFile(path, () => 0);
    for (let i = 0; i < 64; i++) file.write(new Uint8Array(1024));
    expect(fs.statSync(path).size).toBe(65536);
    file.close();
  });

  it('goes on behind what is there, cut to what is kept', () => {
    fs.writeFileSync(path, '0123456789');
    const file = new AppendFile(path, () => 0, 4);
    file.write(bytes('x'));
    file.close();
    expect(read()).toBe('0123x');
    const again = new AppendFile(path, () => 0, 99);
    expect(again.length).toBe(5);
    again.write(bytes('y'));
    again.close();
    expect(read()).toBe('0123xy');
  });

  it('may be closed twice', () => {
    const file = new AppendFile(path, () => 0);
    file.close();
    expect(() => file.close()).not.toThrow();
  });

  it('keeps whole records when the disk is full for a while', () => {
    let room = 4;
    const writeSync = ((fd: number, data: Uint8Array, offset: number, length: number) => {
      if (room === 0) throw Object.assign(new Error('full'), { code: 'ENOSPC', syscall: 'write' });
      const count = fs.writeSync(fd, data, offset, Math.min(room, length));
      room -= count;
      return count;
    }) as typeof fs.writeSync;
    const file = new AppendFile(path, () => 0, undefined, { ...fs, writeSync });
    file.write(bytes('abc'));
    file.flush();
    file.write(bytes('def'));
    expect(() => file.flush()).toThrow(WriteError);
    expect([read(), file.length]).toEqual(['abc', 6]);
    room = 100;
    file.close();
    expect(read()).toBe('abcdef');
  });

  it.runIf(fs.existsSync('/dev/full'))('says when the disk is full', () => {
    const file = new AppendFile('/dev/full', () => 0);
    file.write(bytes('a'));
    expect(() => file.flush()).toThrow(WriteError);
    expect(() => file.flush()).toThrow('Cannot write /dev/full: no space left on the disk.');
    expect(() => file.close()).toThrow(WriteError);
  });
});
