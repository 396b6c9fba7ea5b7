import type { RgbFrame } from '../../core/env.ts';
import { Canvas, textWidth } from '../../draw/canvas.ts';
import { hex, horizontal, radial, vertical } from '../../draw/paint.ts';
import { type Outline, roundRect, smoothOutline } from '../../draw/shapes.ts';

/** Gymnasium's picture size. */
const WIDTH = 384;
const HEIGHT = 376;
const CARD_WIDTH = 86;
const CARD_HEIGHT = 120;

/** Clubs, diamonds, hearts, spades. */
export type CardSuit = 'C' | 'D' | 'H' | 'S';

/** What the table shows. */
export interface BlackjackTable {
  readonly sum: number;
  readonly usableAce: boolean;
  /** Value of the open card. */
  readonly dealer: number;
  /** The dealer's sum once the dealer has played, else null. */
  readonly dealt: number | null;
  readonly rank: string;
  readonly suit: CardSuit;
}

const RED = hex('#c8323f');
const BLACK = hex('#252a35');

/** Draws the table: felt once, cards and numbers on every call. */
export class BlackjackDrawing {
  readonly #felt = new Canvas(WIDTH, HEIGHT);
  readonly #canvas = new Canvas(WIDTH, HEIGHT);

  constructor() {
    const felt = this.#felt;
    felt.clear(hex('#4b2f1d'));
    felt.fill([roundRect(3, 3, WIDTH - 6, HEIGHT - 6, 22)], vertical(0, HEIGHT, hex('#8a5a36'), hex('#5a3821')));
    felt.fill([roundRect(11, 11, WIDTH - 22, HEIGHT - 22, 16)], hex('#0d3b2a'));
    felt.fill(
      [roundRect(13, 13, WIDTH - 26, HEIGHT - 26, 15)],
      radial(WIDTH / 2, 150, 280, hex('#2f8f63'), hex('#1c6a48'), hex('#12503a')),
    );
    felt.line([34, 205, WIDTH - 34, 205], 1.5, hex('#cfe6cf'), 0.35);
    const rule = 'DEALER DRAWS TO 16, STANDS ON 17';
    felt.text((WIDTH - textWidth(rule, 1)) / 2, 211, rule, 1, hex('#cfe6cf'), 0.55);
  }

  /** @returns a view of memory that the next call overwrites. */
  draw(table: BlackjackTable): RgbFrame {
    const canvas = this.#canvas;
    canvas.copyFrom(this.#felt);
    label(canvas, 32, 30, 'DEALER', table.dealt === null ? table.dealer : table.dealt);
    canvas.at(104, 64, 1, 0, () => drawFront(canvas, table.rank, table.suit));
    canvas.at(204, 64, 1, 0, () => (table.dealt === null ? drawBack(canvas) : drawTurned(canvas, table.dealt)));
    label(canvas, 32, 232, 'PLAYER', null);
    const sum = String(table.sum);
    const colour = table.sum > 21 ? hex('#ff8a80') : hex('#ffffff');
    const left = (WIDTH - textWidth(sum, 10)) / 2;
    canvas.text(left + 3, 256, sum, 10, hex('#0a2a1e'), 0.5);
    canvas.text(left, 253, sum, 10, colour);
    if (table.usableAce) pill(canvas, 'USABLE ACE', hex('#ffd86b'), hex('#3c2a05'));
    else if (table.sum > 21) pill(canvas, 'BUST', hex('#ff8a80'), hex('#4a0f12'));
    return canvas;
  }
}

function label(canvas: Canvas, x: number, y: number, text: string, value: number | null): void {
  canvas.text(x, y, text, 2, hex('#e9f5e6'), 0.9);
  if (value === null) return;
  canvas.text(x + textWidth(text, 2) + 14, y, String(value), 2, hex('#ffd86b'));
}

function pill(
  canvas: Canvas,
  text: string,
  ground: readonly [number, number, number, number],
  ink: typeof BLACK,
): void {
  const width = textWidth(text, 1.6) + 24;
  canvas.fillRoundRect((WIDTH - width) / 2, 332, width, 22, 11, ground);
  canvas.text((WIDTH - width) / 2 + 12, 337.5, text, 1.6, ink);
}

/** An empty card with its shadow, the upper left corner at (0, 0). */
function drawCard(canvas: Canvas): void {
  canvas.fillRoundRect(3, 6, CARD_WIDTH, CARD_HEIGHT, 9, hex('#06251a'), 0.45);
  canvas.fillRoundRect(0, 0, CARD_WIDTH, CARD_HEIGHT, 9, hex('#c9c4b6'));
  canvas.fillRoundRect(
    1,
    1,
    CARD_WIDTH - 2,
    CARD_HEIGHT - 2,
    8,
    vertical(0, CARD_HEIGHT, hex('#ffffff'), hex('#f1ede2')),
  );
}

function drawFront(canvas: Canvas, rank: string, suit: CardSuit): void {
  drawCard(canvas);
  const ink = suit === 'H' || suit === 'D' ? RED : BLACK;
  const corner = (): void => {
    canvas.text(8, 9, rank, rank.length > 1 ? 1.9 : 2.4, ink);
    canvas.at(14.5, 38, 0.17, 0, () => drawSuit(canvas, suit));
  };
  corner();
  canvas.at(CARD_WIDTH, CARD_HEIGHT, 1, Math.PI, corner);
  canvas.at(CARD_WIDTH / 2, CARD_HEIGHT / 2, 0.52, 0, () => drawSuit(canvas, suit));
}

function drawBack(canvas: Canvas): void {
  drawCard(canvas);
  canvas.fillRoundRect(6, 6, CARD_WIDTH - 12, CARD_HEIGHT - 12, 5, vertical(6, 114, hex('#c6404c'), hex('#8f2232')));
  for (let y = 0; y < 8; y++) {
    for (let x = 0; x < 5; x++) {
      const [cx, cy] = [15 + x * 14, 13 + y * 13.5];
      canvas.fillPolygon([cx, cy - 5, cx + 5, cy, cx, cy + 5, cx - 5, cy], hex('#f3b9a9'), 0.5);
      canvas.fillPolygon([cx, cy - 2.4, cx + 2.4, cy, cx, cy + 2.4, cx - 2.4, cy], hex('#7a1a29'), 0.7);
    }
  }
}

/** The dealer's other cards after the game: their total. */
function drawTurned(canvas: Canvas, dealt: number): void {
  canvas.at(9, 0, 1, 0, () => drawCard(canvas));
  drawCard(canvas);
  const text = String(dealt);
  canvas.text((CARD_WIDTH - textWidth(text, 5)) / 2, 36, text, 5, dealt > 21 ? RED : BLACK);
  const word = dealt > 21 ? 'BUST' : 'IN ALL';
  canvas.text((CARD_WIDTH - textWidth(word, 1.5)) / 2, 84, word, 1.5, hex('#7d7666'));
}

/** A suit around (0, 0), about 90 units high. */
function drawSuit(canvas: Canvas, suit: CardSuit): void {
  if (suit === 'D') {
    const shape: Outline = [0, -48, 33, 0, 0, 48, -33, 0];
    canvas.fillPolygon(shape, horizontal(-33, 33, hex('#e0505a'), hex('#b52434')));
    return;
  }
  if (suit === 'H') {
    const half = [0, 46, 20, 24, 40, -2, 42, -26, 26, -42, 8, -36, 0, -22];
    const other = half.map((value, i) => (i % 2 === 0 ? -value : value));
    const mirrored = Array.from({ length: 5 }, (_, i) => other.slice(2 * (5 - i), 2 * (5 - i) + 2)).flat();
    canvas.fillPolygon(smoothOutline([...half, ...mirrored]), horizontal(-42, 42, hex('#e0505a'), hex('#b52434')));
    return;
  }
  // Clubs and spades stand on the same foot.
  canvas.fillPolygon([-3, 8, 3, 8, 6, 30, 18, 46, -18, 46, -6, 30], BLACK);
  if (suit === 'C') {
    for (const [x, y] of [
      [0, -24],
      [-22, 10],
      [22, 10],
    ]) {
      canvas.circle(x, y, 20, BLACK);
    }
    canvas.circle(0, 2, 10, BLACK);
    return;
  }
  canvas.fillPolygon(
    smoothOutline([0, -46, 18, -26, 38, 0, 38, 20, 22, 30, 6, 22, 0, 12, -6, 22, -22, 30, -38, 20, -38, 0, -18, -26]),
    BLACK,
  );
}
