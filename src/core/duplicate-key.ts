/**
 * A key that an object of a JSON text has twice, of which `JSON.parse` takes the last without a word; undefined where there is none.
 * @param text that `JSON.parse` has read.
 */
export function duplicateKey(text: string): string | undefined {
  /** Keys of the objects that are open; undefined for lists. */
  const open: (Set<string> | undefined)[] = [];
  for (const [token, string, colon] of text.matchAll(/("(?:[^"\\]|\\.)*")(\s*:)?|[{}[\]]/g)) {
    if (token === '{') open.push(new Set());
    else if (token === '[') open.push(undefined);
    else if (token === '}' || token === ']') open.pop();
    else if (colon !== undefined) {
      const key = JSON.parse(string!) as string;
      if (open.at(-1)?.has(key)) return key;
      open.at(-1)?.add(key);
    }
  }
  return undefined;
}
