import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { pixelAspectOf } from '../core/pixel-aspect.ts';
import { make } from '../envs/registry.ts';
import { pictureSize, targetFile } from './recording.ts';

const folder = mkdtempSync(join(tmpdir(), 'bellman-recording-'));
afterAll(() => rmSync(folder, { recursive: true }));
const target = (path: string) => targetFile('--record', join(folder, path), ['.mp4', '.gif'], 'ALE/Pong-v5');

describe('a recording', () => {
  it('goes to the file that is named', () => {
    expect(target('a.MP4')).toBe(join(folder, 'a.MP4'));
    expect(target('b.gif')).toBe(join(folder, 'b.gif'));
  });

  it('goes to a folder under a name with the date, and never over another', () => {
    const form = /^ALE-Pong-v5-\d{4}-\d\d-\d\d-\d{6}(-\d+)?\.mp4$/;
    const first = target('films/new');
    expect(first.slice(join(folder, 'films/new/').length)).toMatch(form);
    writeFileSync(first, '');
    const second = target('films/new');
    expect(second).not.toBe(first);
    mkdirSync(join(folder, 'v1.2'));
    expect(target('v1.2').slice(join(folder, 'v1.2/').length)).toMatch(form);
  });

  it('refuses other files and folders that are files', () => {
    writeFileSync(join(folder, 'taken'), '');
    expect(() => target('taken')).toThrow(/allowed is a folder, or a name that ends in .mp4, .gif, and that is a file/);
    expect(() => target('game.avi')).toThrow('allowed is a folder, or a name that ends in .mp4, .gif.');
    expect(() => target('taken/below')).toThrow(/^Cannot write .*taken/);
  });

  it('has a size by width and height', () => {
    const size = pictureSize('--size');
    expect(size('608x400')).toEqual({ width: 608, height: 400 });
    for (const bad of ['608', '608x', '8x8', '9999x400', 'axb', '608x400x2', '-608x400']) {
      expect(() => size(bad)).toThrow('--size: got');
    }
  });

  it('shows pixels of the Atari 2600 twice as wide as high', () => {
    expect(pixelAspectOf(make('bellman/Pong-v0'))).toBe(2);
    expect(pixelAspectOf(make('CartPole-v1'))).toBe(1);
  });
});
