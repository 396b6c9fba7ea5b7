/**
 * Builds and packs the package twice, in two copies of the checkout at different places and times, and compares: one
 * checksum, or the files that differ. Compiles the WebAssembly of the sources anew as well, and compares it with the committed one.
 *
 *   npx tsx scripts/reproducible.ts
 *
 * So whoever has the sources of a release can tell whether its package was made of them. The checksum depends on the
 * versions of npm and of zlib in Node, which it prints.
 */
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { compileMachine, moduleText } from './webassembly/console-machine.ts';
import { kernelText } from './webassembly/shrink-kernel.ts';

const root = fileURLToPath(new URL('..', import.meta.url));
const sha256 = (bytes: Uint8Array | string): string => createHash('sha256').update(bytes).digest('hex');

/** A copy of the files that git knows, as they are, built and packed. @returns the tarball, and hashes of what is in it. */
function packCopy(folder: string): { tarball: string; files: Map<string, string> } {
  mkdirSync(folder, { recursive: true });
  const names = execFileSync('git', ['ls-files', '-z'], { cwd: root, encoding: 'utf8', maxBuffer: 2 ** 26 });
  execFileSync('tar', ['-C', root, '--null', '--files-from=-', '-cf', join(folder, 'copy.tar')], { input: names });
  execFileSync('tar', ['-C', folder, '-m', '-xf', join(folder, 'copy.tar')]);
  rmSync(join(folder, 'copy.tar'));
  symlinkSync(join(root, 'node_modules'), join(folder, 'node_modules'));
  execFileSync('npx', ['tsx', 'scripts/build.ts'], { cwd: folder, stdio: 'inherit' });
  execFileSync('npm', ['pack', '--silent'], { cwd: folder });
  const tarball = readdirSync(folder).find((name) => name.endsWith('.tgz'));
  if (tarball === undefined) throw new Error('npm pack left no tarball');
  execFileSync('tar', ['-C', folder, '-xf', join(folder, tarball)]);
  const unpacked = join(folder, 'package');
  const files = readdirSync(unpacked, { recursive: true, encoding: 'utf8' })
    .filter((name) => statSync(join(unpacked, name)).isFile())
    .map((name) => [name, sha256(readFileSync(join(unpacked, name)))] as const);
  return { tarball: sha256(readFileSync(join(folder, tarball))), files: new Map(files) };
}

const work = mkdtempSync(join(tmpdir(), 'bellman-twice-'));
try {
  const one = packCopy(join(work, 'one'));
  const two = packCopy(join(work, 'a', 'longer path'));
  const differing = [...new Set([...one.files.keys(), ...two.files.keys()])].filter(
    (name) => one.files.get(name) !== two.files.get(name),
  );
  for (const name of differing) console.error(`differs: ${name}`);
  if (one.tarball !== two.tarball) process.exitCode = 1;
  console.log(`${one.files.size} files, sha256 of the package: ${one.tarball}, then ${two.tarball}`);
  const npm = execFileSync('npm', ['--version'], { encoding: 'utf8' }).trim();
  console.log(`Node ${process.versions.node}, zlib ${process.versions.zlib}, npm ${npm}`);
} finally {
  rmSync(work, { recursive: true, force: true });
}

const compiled = {
  'src/atari/console/core/machine.generated.ts': moduleText(await compileMachine()),
  'src/wrappers/shrink-kernel/kernel.generated.ts': await kernelText(),
};
for (const [name, text] of Object.entries(compiled)) {
  const same = readFileSync(join(root, name), 'utf8') === text;
  console.log(`${name}: ${same ? 'what its sources compile to' : 'NOT what its sources compile to'}`);
  if (!same) process.exitCode = 1;
}
