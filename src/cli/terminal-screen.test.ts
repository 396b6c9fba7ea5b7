import { describe, expect, it } from 'vitest';
import { TerminalScreen } from './terminal-screen.ts';

/** Escape sequences, ends of lines, and text between them. */
const ESCAPE = '\u001b';
const TOKENS = new RegExp(`${ESCAPE}\\[\\??(\\d*)[A-Za-z]|\\n|[^${ESCAPE}\\n]+`, 'g');

/** Rows of a terminal after what was written: the sequences that `TerminalScreen` uses. */
class Terminal {
  columns = 20;
  rows = 6;
  cursorShown = true;
  lines: string[] = [''];
  #row = 0;

  getColorDepth(): number {
    return 1;
  }

  write(text: string): void {
    for (const [token, count] of text.matchAll(TOKENS)) this.#take(token, count);
  }

  #take(token: string, count: string | undefined): void {
    if (token === '\n') {
      this.#row++;
      this.lines[this.#row] ??= '';
    } else if (!token.startsWith('\u001b')) this.lines[this.#row] = token;
    else if (token.endsWith('A')) this.#row -= Number(count);
    else if (token === '\u001b[J') this.lines.length = this.#row + 1;
    else if (token === '\u001b[2J') this.lines = [''];
    else if (token === '\u001b[H') this.#row = 0;
    else if (token.startsWith('\u001b[?25')) this.cursorShown = token.endsWith('h');
    else if (!['\u001b[K', '\u001b[?2026h', '\u001b[?2026l'].includes(token)) throw new Error(`unknown ${token}`);
    if (token === '\u001b[J') this.lines[this.#row] = '';
  }
}

describe('the screen of a terminal', () => {
  it('draws each picture over the last and leaves what was above', () => {
    const terminal = new Terminal();
    terminal.write('$ bellman play\n');
    const screen = new TerminalScreen(terminal, 1);
    screen.draw('a\nb\n', 'one');
    expect(terminal.cursorShown).toBe(false);
    screen.draw('c\nd\n', 'two');
    expect(terminal.lines).toEqual(['$ bellman play', 'c', 'd', 'two', '']);
    screen.draw('e', 'three');
    expect(terminal.lines).toEqual(['$ bellman play', 'e', 'three', '']);
    screen.close();
    screen.close();
    expect(terminal.cursorShown).toBe(true);
  });

  it('cuts what is higher or wider than the terminal', () => {
    const terminal = new Terminal();
    new TerminalScreen(terminal, 1).draw('1\n2\n3\n4\n5\n6\n7', 'a caption that is far too long');
    expect(terminal.lines).toEqual(['1', '2', '3', '4', 'a caption that is f', '']);
  });

  it('puts lines in place of the picture', () => {
    const terminal = new Terminal();
    const screen = new TerminalScreen(terminal, 1);
    screen.draw('a', 'one');
    screen.line('Total reward: 1.00');
    screen.draw('b', 'two');
    expect(terminal.lines).toEqual(['Total reward: 1.00', 'b', 'two', '']);
  });

  it('begins anew when the terminal has another size', () => {
    const terminal = new Terminal();
    const screen = new TerminalScreen(terminal, 1);
    screen.draw('a', 'one');
    terminal.columns = 10;
    screen.draw('b', 'a longer caption');
    expect(terminal.lines).toEqual(['b', 'a longer ', '']);
  });
});
