/**
 * A key that an object of a JSON text has twice, of which `JSON.parse` takes the last without a word; undefined where there is none.
 * @param text that `JSON.parse` has read.
 */
export function duplicateKey(text: string): string | undefined {
  /** Keys of the objects and lists that are open; those of lists stay empty. */
  const open: Set<string>[] = [];
  for (const [token, string, colon] of text.matchAll(/("(?:[^"\\]|\\.)*")(\s*:)?|[{}[\]]/g)) {
    if (token === '{' || token === '[') open.push(new Set());
    else if (token === '}' || token === ']') open.pop();
    else if (colon !== undefined) {
      const key = JSON.parse(string!) as string;
      const keys = open.at(-1)!;
      if (keys.has(key)) return key;
      keys.add(key);
    }
  }
  return undefined;
}
