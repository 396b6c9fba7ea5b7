/** Licences of what is installed and carried: as written, as allowed, as the installed packages say themselves. */
import { existsSync, readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import manifest from '../../package.json' with { type: 'json' };
import lock from '../../package-lock.json' with { type: 'json' };
import { complaints, type LockFile, thirdParty } from '../../scripts/licences.ts';

const read = (path: string): string => readFileSync(new URL(`../../${path}`, import.meta.url), 'utf8');

it('are on the page, which the package carries', () => {
  expect(read('THIRD-PARTY.md')).toBe(thirdParty(lock as LockFile));
  expect(manifest.files).toContain('THIRD-PARTY.md');
});

it('are allowed', () => {
  expect(complaints(lock as LockFile)).toEqual([]);
});

it('are those that the installed packages state', () => {
  let compared = 0;
  for (const [path, { license, dev, link }] of Object.entries((lock as LockFile).packages)) {
    if (
      !path.startsWith('node_modules/') ||
      dev ||
      link ||
      !existsSync(new URL(`../../${path}/package.json`, import.meta.url))
    ) {
      continue;
    }
    const stated = JSON.parse(read(`${path}/package.json`)).license;
    // An older form of the field.
    expect(typeof stated === 'object' ? stated.type : stated, path).toBe(license);
    compared++;
  }
  expect(compared).toBeGreaterThan(20);
});

it.each([
  ['GPL-3.0-only', false, ['x: GPL-3.0-only']],
  ['MPL-2.0', false, ['x: MPL-2.0']],
  ['MPL-2.0', true, []],
  [undefined, true, ['x: no licence']],
])('of %s (to develop with: %s) say %j', (license, dev, lines) => {
  const packages = { '': {}, 'node_modules/a/node_modules/x': { dev, ...(license === undefined ? {} : { license }) } };
  expect(complaints({ packages })).toEqual(lines);
});
