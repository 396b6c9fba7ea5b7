import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';

/** A minifier renames classes: an error says its name in words, or a page shows `_c: …`. */
it('every class of errors names itself', () => {
  const src = fileURLToPath(new URL('../../src/', import.meta.url));
  const files = readdirSync(src, { recursive: true, encoding: 'utf8' }).filter((file) => /(?<!\.test)\.ts$/.test(file));
  const classes = files.flatMap((file) => [
    ...readFileSync(src + file, 'utf8').matchAll(/class (\w+) extends \w*Error \{(?:[^}]*?override name = '(\w+)')?/g),
  ]);
  expect(classes.length).toBeGreaterThan(18);
  for (const [, name, told] of classes) expect(told).toBe(name);
});
