import { duplicateKey } from '../../core/duplicate-key.ts';
import { FileFormatError } from '../../core/errors.ts';

/**
 * What a file of JSON that people write holds.
 * @param cure what it should hold, a sentence.
 * @throws FileFormatError when it is no JSON, and for a key that stands twice in an object: `JSON.parse` would take the last.
 */
export function parseJsonFile(text: string, path: string, cure: string): unknown {
  let content: unknown;
  try {
    content = JSON.parse(text);
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    throw new FileFormatError(path, 'no JSON', cure);
  }
  const twice = duplicateKey(text);
  if (twice !== undefined) throw new FileFormatError(path, `"${twice}" is there twice`, 'Leave one of them.');
  return content;
}
