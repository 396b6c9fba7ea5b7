/** Controls of terminals (C0, DEL, C1), what ends a line, and what turns the direction of what follows. */
const UNPRINTABLE = /[\p{Cc}\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]/gu;

const SHORT: Readonly<Record<string, string>> = { '\n': '\\n', '\r': '\\r', '\t': '\\t' };

/**
 * Text from a file or the network as one line that a terminal may have: control characters are shown (`\n`, `\x1b`, `\u202e`)
 * and not sent, so that nobody's file moves the cursor, renames the window or writes a line that looks like ours.
 */
export function printable(text: string): string {
  return text.replace(UNPRINTABLE, (character) => {
    const code = character.charCodeAt(0);
    return SHORT[character] ?? (code < 256 ? `\\x${hex(code, 2)}` : `\\u${hex(code, 4)}`);
  });
}

/** As `printable`, of at most so many characters of the text: what is longer ends in `…`. */
export const excerpt = (text: string, most: number): string =>
  printable(text.length > most ? `${text.slice(0, most - 1)}…` : text);

/** A value as one line of JSON: what `printable` shows is escaped, so that a parser reads the same and a terminal obeys nothing. */
export const printableJson = (value: unknown): string =>
  JSON.stringify(value).replace(UNPRINTABLE, (character) => `\\u${hex(character.charCodeAt(0), 4)}`);

const hex = (code: number, digits: number): string => code.toString(16).padStart(digits, '0');
