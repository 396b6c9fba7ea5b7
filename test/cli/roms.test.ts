import { readdirSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { zipSync } from 'fflate';
import { beforeEach, describe, expect, it } from 'vitest';
import { fetchCartridges } from '../../src/node/roms/fetch-cartridges.ts';
import { importCartridges } from '../../src/node/roms/import-cartridges.ts';
import { aleCartridge, aleCartridgeFolder } from '../support/ale-cartridges.ts';
import { bellman, temporaryFolder, typed } from './run-bellman.ts';

describe('bellman roms', () => {
  const files = temporaryFolder();
  let own = '';
  beforeEach(() => {
    own = join(temporaryFolderName(), 'roms');
    process.env['BELLMAN_ROMS'] = own;
  });
  let count = 0;
  const temporaryFolderName = (): string => join(files, `user-${count++}`);
  const file = (name: string, bytes: Uint8Array): string => {
    const path = join(files, name);
    writeFileSync(path, bytes);
    return path;
  };

  it('imports a folder, lists what is there, and says what is no known game', async () => {
    const imported = await bellman(['roms', 'import', aleCartridgeFolder()]);
    expect(imported.stdout).toContain('104 cartridges in ');
    // The games for two players that ale-py brings along.
    expect(imported.stdout).toContain('4 other files are no known game');
    expect(readdirSync(own)).toHaveLength(104);
    const listed = JSON.parse((await bellman(['roms', 'list', '--json'])).stdout);
    expect(listed.folder).toBe(own);
    expect(listed.games).toHaveLength(104);
    expect(listed.games.find(({ game }: { game: string }) => game === 'qbert')).toMatchObject({
      game: 'qbert',
      env: 'ALE/Qbert-v5',
      state: 'here',
    });
    expect(listed.games.every(({ state }: { state: string }) => state === 'here')).toBe(true);
  });

  it('imports single files under any name, and archives', () => {
    const zip = zipSync({ 'a/Video Olympics.a26': aleCartridge('pong'), 'readme.txt': Uint8Array.of(1) });
    const paths = [file('game.bin', aleCartridge('seaquest')), file('games.zip', zip)];
    expect(importCartridges(paths)).toEqual({ folder: own, games: ['pong', 'seaquest'], refused: [] });
    expect(readdirSync(own).sort()).toEqual(['pong.bin', 'seaquest.bin']);
  });

  it.each<[string, () => Uint8Array, string]>([
    ['truncated.bin', () => aleCartridge('pong').slice(0, 2000), 'no cartridge has this size'],
    ['padded.bin', () => Uint8Array.of(...aleCartridge('pong'), 0, 0), 'is Pong with 2 bytes more'],
    ['unknown.bin', () => new Uint8Array(4096), 'is none of the 104 cartridges'],
    ['empty.bin', () => new Uint8Array(0), 'is none of the 104 cartridges'],
    ['broken.zip', () => Uint8Array.of(80, 75, 3, 4, 9), 'not a readable zip archive'],
    ['photo.jpeg', () => Uint8Array.of(1), 'a folder or a file that ends in .bin'],
  ])('refuses %s in one line and writes nothing', async (name, bytes, message) => {
    const { code, stderr } = await bellman(['roms', 'import', file(name, bytes())]);
    expect(code).toBe(1);
    expect(stderr.trimEnd().split('\n')).toHaveLength(1);
    expect(stderr).toContain(message);
    expect(() => readdirSync(own)).toThrow();
  });

  it('are needed by the Atari commands, whose mistakes are one line each', async () => {
    const missing = await bellman(['trace', '--ale', 'pong']);
    expect(missing.code).toBe(1);
    // How to get one, and that the built-in game needs none.
    expect(missing.stderr.trimEnd().split('\n')).toHaveLength(1);
    expect(missing.stderr).toMatch(/No cartridge of Pong\. .* bellman\/Pong-v0/);
    expect(missing.stderr).toContain(`"${typed()} roms fetch" takes all`);
    importCartridges([file('p.bin', aleCartridge('pong'))]);
    const breakout = file('breakout.bin', aleCartridge('breakout'));
    const trace = ['trace', '--ale', 'pong', '--frames', '5'];
    // More mistakes are in src/atari/ale.test.ts: a process each takes long.
    for (const [args, message] of [
      [[...trace, '--mode', '9'], 'mode: got 9, allowed is one of 0, 1 in Pong.'],
      [[...trace, '--rom', breakout], 'is that of Breakout, wanted is Pong.'],
      [['trace', 'ALE/Pong-v5', '--kwargs', '{"difficulty": 9}'], 'difficulty: got 9'],
    ] as const) {
      const { code, stderr } = await bellman(args);
      expect(code, stderr).toBe(1);
      expect(stderr.trimEnd().split('\n'), stderr).toHaveLength(1);
      expect(stderr).toContain(message);
    }
    // A file of the folder that was changed since.
    writeFileSync(join(own, 'pong.bin'), aleCartridge('breakout'));
    const wrong = await bellman(trace);
    expect(wrong.stderr).toBe('bellman: The cartridge under the name pong is that of Breakout, wanted is Pong.\n');
  });

  it('fetches from an index, without pip, and checks what comes', async () => {
    const wheel = zipSync({ 'ale_py/roms/pong.bin': aleCartridge('pong'), 'ale_py/roms/x.bin': new Uint8Array(2048) });
    const sums = { good: await sha256(wheel), bad: '0'.repeat(64) };
    const server = createServer((request, response) => {
      const sum = request.url?.startsWith('/bad/') ? sums.bad : sums.good;
      if (request.url?.endsWith('.whl')) response.end(wheel);
      else if (/^\/(good|bad)\/ale-py\/$/.test(request.url ?? '')) {
        response.setHeader('content-type', 'text/html');
        response.end(`<a href="../ale_py-0.12.1-cp311-x.whl#sha256=${sum}">ale_py-0.12.1-cp311-x.whl</a>`);
      } else response.writeHead(404).end();
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const host = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    const env = { BELLMAN_PYTHON: '/nowhere/python' };
    try {
      const report = await fetchCartridges({ ...env, PIP_INDEX_URL: `${host}/good` });
      expect(report).toMatchObject({
        games: ['pong'],
        from: `${host}/good/ale_py-0.12.1-cp311-x.whl#sha256=${sums.good}`,
      });
      expect(report.refused).toHaveLength(1);
      await expect(fetchCartridges({ ...env, PIP_INDEX_URL: `${host}/bad` })).rejects.toThrow(/checksum/);
      await expect(fetchCartridges({ ...env, PIP_INDEX_URL: `${host}/none` })).rejects.toThrow(
        /Cannot fetch ale-py 0.12.1: pip: no Python with pip; .*\/none: .* Download its wheel elsewhere/,
      );
    } finally {
      server.close();
    }
  });

  it('leaves nothing when it is ended while it fetches', async () => {
    const temporary = temporaryFolder();
    let end: () => void = () => {};
    // Never answers.
    const server = createServer(() => end());
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const index = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    const env = { BELLMAN_PYTHON: '/nowhere/python', PIP_INDEX_URL: index, TMPDIR: temporary };
    const before = { ...process.env };
    Object.assign(process.env, env);
    try {
      let seen: string[] = [];
      const outcome = await bellman(['roms', 'fetch'], {
        onStart: (kill) => {
          end = () => {
            seen = readdirSync(temporary).filter((name) => name.startsWith('bellman-roms-'));
            kill('SIGTERM');
          };
        },
      });
      expect(seen).toHaveLength(1);
      expect(outcome).toMatchObject({ code: 143, stderr: '' });
      expect(readdirSync(temporary).filter((name) => name.startsWith('bellman-roms-'))).toEqual([]);
    } finally {
      for (const key of Object.keys(env)) {
        if (before[key] === undefined) delete process.env[key];
        else process.env[key] = before[key];
      }
      server.closeAllConnections();
      server.close();
    }
  });
});

async function sha256(bytes: Uint8Array): Promise<string> {
  return Buffer.from(await crypto.subtle.digest('SHA-256', bytes as BufferSource)).toString('hex');
}
