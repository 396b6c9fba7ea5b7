import { readFileSync } from 'node:fs';
import { posix } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../..', import.meta.url));

/** Where a name is declared, such as `src/core/errors.ts BellmanError`. Types count, which `import()` cannot show. */
export type Origin = string;

const cache = new Map<string, ReadonlyMap<string, Origin>>();

/**
 * What a module exports, values and types, by name.
 * @param file such as `src/index.ts`.
 */
export function exportedNames(file: string): ReadonlyMap<string, Origin> {
  const known = cache.get(file);
  if (known !== undefined) return known;
  const names = new Map<string, Origin>();
  cache.set(file, names);
  const text = readFileSync(posix.join(root, file), 'utf8');
  const target = (specifier: string): string => posix.join(posix.dirname(file), specifier);
  const imported = new Map<string, () => Origin>();
  for (const [, list, from] of text.matchAll(/^import\s(?:type\s)?\{([^}]*)\}\sfrom '(\.[^']+)'/gm)) {
    for (const { name, as } of members(list)) imported.set(as, () => originOf(target(from), name));
  }
  for (const [, from] of text.matchAll(/^export\s(?:type\s)?\*\sfrom '([^']+)'/gm)) {
    for (const [name, origin] of exportedNames(target(from))) names.set(name, origin);
  }
  for (const [, list, from] of text.matchAll(/^export\s(?:type\s)?\{([^}]*)\}(?:\sfrom '([^']+)')?/gm)) {
    for (const { name, as } of members(list)) {
      names.set(as, from === undefined ? (imported.get(name)?.() ?? `${file} ${name}`) : originOf(target(from), name));
    }
  }
  const declaration =
    /^export\s(?:declare\s|abstract\s|async\s)*(?:const|let|function\*?|class|interface|type)\s([A-Za-z_$][\w$]*)/gm;
  for (const [, name] of text.matchAll(declaration)) names.set(name, `${file} ${name}`);
  return names;
}

function originOf(file: string, name: string): Origin {
  const origin = exportedNames(file).get(name);
  if (origin === undefined) throw new Error(`${file} exports no ${name}`);
  return origin;
}

function members(list: string): { name: string; as: string }[] {
  const parts = list.split(',').map((part) => part.trim().replace(/^type\s/, ''));
  return parts.filter(Boolean).map((part) => {
    const [name, as = name] = part.split(/\s+as\s+/);
    return { name, as };
  });
}
