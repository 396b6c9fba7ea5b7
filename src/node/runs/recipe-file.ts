import * as z from 'zod';
import { isAlgorithm } from '../../algorithms/registry.ts';
import { FileFormatError } from '../../core/errors.ts';
import { moduleOf } from '../../envs/registry.ts';
import { leaves } from '../../recipes/leaves.ts';
import type { Recipe, Source } from '../../recipes/recipe.ts';
import { namesPython } from '../../runs/run-host.ts';
import { readText, writeFileAtomic } from '../files/atomic-file.ts';
import { parseJsonFile } from '../files/parse-json-file.ts';

const source = z.union([
  z.strictObject({ cite: z.string() }),
  z.strictObject({ from: z.string(), why: z.string() }),
  z.strictObject({ measured: z.string() }),
]);

const shape = z.strictObject({
  id: z.string().regex(/^\w[\w.-]*$/, 'a name of letters, digits, ".", "_" and "-" is needed'),
  title: z.string(),
  algorithm: z.string().min(1),
  env: z.string().min(1),
  envOptions: z.record(z.string(), z.unknown()).optional(),
  config: z.record(z.string(), z.unknown()),
  sources: z.record(z.string(), source).optional(),
  runShares: z.record(z.string(), z.number()).optional(),
});

const CURE = 'It has to be a recipe, as `bellman tune` writes them.';
/** Bytes. */
const LARGEST = 1 << 20;

/**
 * Reads a recipe: a `Recipe` as JSON. Values are checked when it is used; one without a source has the file as its source. It names no
 * code: an algorithm or environment of a module is named on the command line.
 * @throws FileFormatError in one line.
 */
export function readRecipeFile(path: string): Recipe {
  const result = shape.safeParse(parseJsonFile(readText(path, CURE, LARGEST), path, CURE));
  if (!result.success) {
    const [issue] = result.error.issues;
    const place = issue.path.join('.');
    throw new FileFormatError(path, `${place === '' ? '' : `${place}: `}${issue.message}`, CURE);
  }
  const { sources = {}, envOptions, runShares, ...recipe } = result.data;
  if (!isAlgorithm(recipe.algorithm)) {
    throw new FileFormatError(path, `its algorithm "${recipe.algorithm}" is none of the package`, CURE);
  }
  if (moduleOf(recipe.env) !== undefined || namesPython(recipe.env)) {
    throw new FileFormatError(
      path,
      `its environment "${recipe.env}" is code`,
      'Name that with --env, not in the file.',
    );
  }
  const known: Record<string, Source> = {};
  for (const [place] of leaves(recipe.config)) known[place] = sources[place] ?? { cite: path };
  return {
    ...recipe,
    sources: known,
    ...(envOptions === undefined ? {} : { envOptions }),
    ...(runShares === undefined ? {} : { runShares }),
  };
}

/** Writes what `readRecipeFile` reads. @throws WriteError */
export function writeRecipeFile(path: string, recipe: Recipe): void {
  writeFileAtomic(path, `${JSON.stringify(recipe, null, 2)}\n`);
}
