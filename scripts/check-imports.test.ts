import { describe, expect, it } from 'vitest';
import { importsOf, violations } from './check-imports.ts';

const check = (modules: Record<string, string>): string[] => violations(new Map(Object.entries(modules)));

describe('importsOf', () => {
  it('reads every form of an import', () => {
    const text = [
      "import './effect.ts';",
      "import { a, type B } from './named.ts';",
      "import type { C } from '../core/types.ts';",
      "export { d } from './d.ts';",
      "export * from './all.ts';",
      "export type * from './all-types.ts';",
      'import {',
      '  e,',
      "} from './lines.ts';",
      "const f = () => import('./lazy.ts');",
      "import { readFileSync } from 'node:fs';",
      "const text = 'no import';",
      "export const g = 'h';",
    ].join('\n');
    expect(importsOf('src/nn/x.ts', text).map(({ specifier, file, kind }) => [specifier, file, kind])).toEqual([
      ['./effect.ts', 'src/nn/effect.ts', 'static'],
      ['./named.ts', 'src/nn/named.ts', 'static'],
      ['../core/types.ts', 'src/core/types.ts', 'type'],
      ['./d.ts', 'src/nn/d.ts', 'static'],
      ['./all.ts', 'src/nn/all.ts', 'static'],
      ['./all-types.ts', 'src/nn/all-types.ts', 'type'],
      ['./lines.ts', 'src/nn/lines.ts', 'static'],
      ['./lazy.ts', 'src/nn/lazy.ts', 'dynamic'],
      ['node:fs', undefined, 'static'],
    ]);
  });
});

describe('violations', () => {
  it('lets a folder import itself, what stands above it, and packages', () => {
    const modules = {
      'src/envs/lake.ts':
        "import { Box } from '../spaces/box.ts';\nimport { draw } from './lake.draw.ts';\nimport zod from 'zod';",
      'src/envs/lake.draw.ts': '',
      'src/node/file.ts': "import { open } from 'node:fs';\nconst env = import('../envs/lake.ts');",
      'src/index.ts': "export * from './envs/lake.ts';",
    };
    expect(check(modules)).toEqual([]);
  });

  it.each([
    ['src/envs/registry.ts', "import { games } from '../atari/games.ts';", 'src/atari stands below src/envs'],
    ['src/agents/dqn.ts', "import type { Training } from '../train/training.ts';", 'src/train stands below src/agents'],
    ['src/core/lazy.ts', "const env = () => import('../envs/lake.ts');", 'src/envs stands below src/core'],
    ['src/replay/file.ts', "import { open } from 'node:fs';", 'node: modules are for src/node and src/cli'],
    ['src/index.ts', "import { open } from 'node:fs';", 'node: modules are for src/node and src/cli'],
    ['src/nn/x.ts', "import { model } from '../../test/support/model-env.ts';", 'src imports nothing from outside'],
    [
      'src/atari/console/x.ts',
      "import { Box } from '../../spaces/box.ts';",
      'src/atari/console imports nothing but itself',
    ],
  ])('refuses in %s: %s', (file, text, rule) => {
    const lines = check({ [file]: text });
    expect(lines).toHaveLength(1);
    expect(lines[0]).toContain(`${file} imports '`);
    expect(lines[0]).toContain(rule);
  });

  it('wants a place for every folder', () => {
    const modules = { 'src/new/x.ts': "import { show } from '../core/errors.ts';", 'src/core/errors.ts': '' };
    expect(check(modules)).toEqual([expect.stringContaining('src/new has no place in the order of folders')]);
  });

  it('finds circles, of types too, and none through dynamic imports', () => {
    const circle = {
      'src/core/a.ts': "import { b } from './b.ts';",
      'src/core/b.ts': "import { c } from './c.ts';",
      'src/core/c.ts': "import type { A } from './a.ts';",
      'src/core/d.ts': "import { a } from './a.ts';",
    };
    expect(check(circle)).toEqual([
      expect.stringContaining('src/core/a.ts -> src/core/b.ts -> src/core/c.ts -> src/core/a.ts'),
    ]);
    expect(check({ ...circle, 'src/core/c.ts': "const a = () => import('./a.ts');" })).toEqual([]);
  });
});
