import { PassThrough } from 'node:stream';
import { describe, expect, it } from 'vitest';
import { barLine, terminalOutput } from './terminal.ts';

/** A stream that takes everything; `columns` makes it a terminal. */
function stream(columns?: number): { stream: NodeJS.WriteStream; text(): string } {
  const pass = new PassThrough();
  const extra = columns === undefined ? {} : { isTTY: true, columns, getWindowSize: () => [columns, 24] };
  const chunks: string[] = [];
  pass.on('data', (chunk) => chunks.push(String(chunk)));
  return { stream: Object.assign(pass, extra) as unknown as NodeJS.WriteStream, text: () => chunks.join('') };
}

/** What a terminal shows after the text: the few control sequences that a progress bar uses. */
function screen(text: string): string[] {
  const lines = [''];
  let row = 0;
  let column = 0;
  // biome-ignore lint/suspicious/noControlCharactersInRegex: terminals are driven by control characters.
  for (const [token, parameter, command] of text.matchAll(/\x1b\[([?\d;]*)([A-Za-z])|[\s\S]/gu)) {
    if (command === 'G') column = Number(parameter || 1) - 1;
    else if (command === 'A') row -= Number(parameter || 1);
    else if (command === 'B') row += Number(parameter || 1);
    else if (command === 'K') lines[row] = parameter === '2' ? '' : (lines[row] ?? '').slice(0, column);
    else if (command === 'J') lines.splice(row, lines.length, (lines[row] ?? '').slice(0, column));
    else if (token === '\n') lines[++row] ??= '';
    else if (token === '\r') column = 0;
    else if (command === undefined) {
      const line = (lines[row] ?? '').padEnd(column);
      lines[row] = line.slice(0, column) + token + line.slice(column + 1);
      column++;
      continue;
    }
    if (token === '\n') column = 0;
  }
  return lines.map((line) => line.trimEnd());
}

describe('on a file or pipe', () => {
  it('writes lines and nothing else', () => {
    const { stream: out, text } = stream();
    const output = terminalOutput(out);
    output.line('one');
    output.progress(1, 10, 'note');
    output.line('two');
    output.close();
    expect(text()).toBe('one\ntwo\n');
  });
});

describe('on a terminal that cannot move its cursor', () => {
  it('writes lines and nothing else', () => {
    const { stream: out, text } = stream(100);
    const output = terminalOutput(out, { TERM: 'dumb' });
    output.progress(1, 10, 'note');
    output.line('one');
    output.close();
    expect(text()).toBe('one\n');
  });
});

describe('the bar', () => {
  const note = 'about 13 min left | 3,648 frames, 300/s | 12 games, reward -20.10, eps 0.96';
  it.each([
    10, 20, 40, 49, 50, 60, 79, 80, 81, 110, 200,
  ])('fits %i columns and leaves the last one free, behind a ^C too', (columns) => {
    for (const share of [0, 0.5, 1]) expect(`${barLine(share, 1, note, columns)}^C`.length).toBeLessThan(columns);
  });

  it('drops the last words of the note first, and below 50 columns itself', () => {
    expect(barLine(1, 2, note, 120)).toBe(` ${'█'.repeat(12)}${'░'.repeat(12)} 50% | ${note}`);
    expect(barLine(1, 2, note, 80)).toBe(` █████░░░░░ 50% | about 13 min left | 3,648 frames, 300/s | 12 games`);
    expect(barLine(1, 2, note, 45)).toBe(' 50% | about 13 min left | 3,648 frames');
    // No part of a number.
    expect(barLine(1, 2, note, 40)).toBe(' 50% | about 13 min left');
  });

  it('is never full, and nothing of nothing is no share', () => {
    expect(barLine(7, 7, 'a', 80)).toContain(' 99% ');
    expect(barLine(0, 0, 'a', 80)).toContain('  0% ');
  });
});

describe('on a terminal', () => {
  it('keeps the bar below the lines', () => {
    const { stream: out, text } = stream(100);
    const output = terminalOutput(out);
    output.line('before any bar');
    output.progress(0, 200, 'reward -21');
    output.line('first');
    output.progress(50, 200, 'reward -20');
    output.line('second');
    const shown = screen(text());
    expect(shown.slice(0, 3)).toEqual(['before any bar', 'first', 'second']);
    expect(shown).toHaveLength(4);
    expect(shown[3]).toBe(` ${'█'.repeat(6)}${'░'.repeat(18)} 25% | reward -20`);
    output.close();
  });

  it('removes the bar at the end, and writes plain lines after it', () => {
    const { stream: out, text } = stream(100);
    const output = terminalOutput(out);
    output.progress(5, 10, '');
    output.line('done');
    output.close();
    output.line('after');
    expect(screen(text()).filter((line) => line !== '')).toEqual(['done', 'after']);
    // A program killed here leaves the terminal as it was: cursor shown, lines wrapped.
    expect(text()).not.toContain('\x1b[?');
  });

  it('draws on each call, without waiting for a timer', () => {
    const { stream: out, text } = stream(100);
    const output = terminalOutput(out);
    output.progress(1, 4, 'a');
    output.progress(2, 4, 'b');
    expect(screen(text())[0]).toContain('50% | b');
    output.close();
  });
});
