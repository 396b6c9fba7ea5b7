import type { RgbFrame } from '../../core/env.ts';
import { Canvas, textWidth } from '../../draw/canvas.ts';
import { type Color, hex, horizontal, mix, radial, vertical } from '../../draw/paint.ts';
import { ellipse, roundRect } from '../../draw/shapes.ts';
import { IN_TAXI, type TaxiState, taxiMap, taxiPlaces } from './taxi-model.ts';

/** Pixels a square, and around the town. */
const CELL = 88;
const MARGIN = 36;
const SIZE = 5 * CELL + 2 * MARGIN;

/** Paint of the places Red, Green, Yellow, Blue and the letters on them. */
const PLACE_COLORS: readonly Color[] = [hex('#e5484d'), hex('#30a46c'), hex('#f2c230'), hex('#3e7bfa')];
const PLACE_LETTERS = ['R', 'G', 'Y', 'B'];
/** Turn of the taxi, drawn with its front to the right, for the moves south, north, east, west. */
const TURNS = [Math.PI / 2, -Math.PI / 2, 0, Math.PI];

/** Draws the town: streets, hedges and places once, the destination, passenger and taxi on every call. */
export class TaxiDrawing {
  readonly #town = new Canvas(SIZE, SIZE);
  readonly #canvas = new Canvas(SIZE, SIZE);

  constructor() {
    drawTown(this.#town);
  }

  /** @param heading the last move, 0..3.
   * @returns a view of memory that the next call overwrites. */
  draw(taxi: TaxiState, heading: number): RgbFrame {
    const canvas = this.#canvas;
    canvas.copyFrom(this.#town);
    const onSquare = (row: number, column: number, draw: () => void): void =>
      canvas.at(MARGIN + column * CELL, MARGIN + row * CELL, CELL / 100, 0, draw);
    const [hotelRow, hotelColumn] = taxiPlaces[taxi.destination];
    onSquare(hotelRow, hotelColumn, () =>
      canvas.at(5, 0, 1, 0, () => drawHotel(canvas, PLACE_COLORS[taxi.destination])),
    );
    const riding = taxi.passenger === IN_TAXI;
    const color = PLACE_COLORS[taxi.destination];
    onSquare(taxi.row, taxi.column, () =>
      canvas.at(50, 56, 1, TURNS[heading], () => drawTaxi(canvas, TURNS[heading], riding ? color : null)),
    );
    if (!riding) {
      const [row, column] = taxiPlaces[taxi.passenger];
      onSquare(row, column, () => drawPassenger(canvas, color));
    }
    return canvas;
  }
}

function drawTown(canvas: Canvas): void {
  canvas.clear(hex('#a9cf83'));
  // Lawn around the streets, mown in stripes.
  for (let i = 0; i < SIZE / 26; i++) if (i % 2 === 0) canvas.fillRect(i * 26, 0, 26, SIZE, hex('#b4d88e'));
  canvas.fillRoundRect(MARGIN - 9, MARGIN - 9, 5 * CELL + 18, 5 * CELL + 18, 16, hex('#c9c6bd'));
  canvas.fillRoundRect(MARGIN - 9, MARGIN - 9, 5 * CELL + 18, 5 * CELL + 16, 16, hex('#e6e3da'));
  canvas.fillRoundRect(MARGIN, MARGIN, 5 * CELL, 5 * CELL, 9, hex('#565d69'));
  for (let row = 0; row < 5; row++) {
    for (let column = 0; column < 5; column++) {
      const x = MARGIN + column * CELL;
      const y = MARGIN + row * CELL;
      const shade = mix(hex('#5f6673'), hex('#59606c'), ((row * 7 + column * 3) % 5) / 4);
      canvas.fillRoundRect(x + 1.5, y + 1.5, CELL - 3, CELL - 3, 8, shade);
      // Broken lane marks between the squares.
      for (const part of [0.22, 0.5, 0.78]) {
        const at = part * CELL;
        if (row > 0) canvas.fillRoundRect(x + at - 7, y - 1.2, 14, 2.4, 1.2, hex('#e9e4c9'), 0.4);
        if (column > 0) canvas.fillRoundRect(x - 1.2, y + at - 7, 2.4, 14, 1.2, hex('#e9e4c9'), 0.4);
      }
    }
  }
  for (const [place, [row, column]] of taxiPlaces.entries()) {
    canvas.at(MARGIN + column * CELL, MARGIN + row * CELL, CELL / 100, 0, () => drawPlace(canvas, place));
  }
  // Hedges where the map has walls inside.
  for (let column = 1; column < 5; column++) {
    for (let row = 0; row < 5; row++) {
      if (taxiMap[row + 1][2 * column] !== '|') continue;
      let last = row;
      while (last < 4 && taxiMap[last + 2][2 * column] === '|') last++;
      drawHedge(canvas, MARGIN + column * CELL, MARGIN + row * CELL, MARGIN + (last + 1) * CELL);
      row = last;
    }
  }
}

/** A painted parking place with its letter. */
function drawPlace(canvas: Canvas, place: number): void {
  const color = PLACE_COLORS[place];
  canvas.fill([roundRect(7, 7, 86, 86, 13)], mix(color, hex('#565d69'), 0.32));
  canvas.fill([roundRect(10.5, 10.5, 79, 79, 10)], mix(color, hex('#565d69'), 0.58));
  const letter = PLACE_LETTERS[place];
  canvas.text(83 - textWidth(letter, 2), 70, letter, 2, hex('#ffffff'), 0.92);
}

/** A trimmed hedge along a vertical line. */
function drawHedge(canvas: Canvas, x: number, top: number, bottom: number): void {
  const from = top + 3;
  const to = bottom - 3;
  canvas.fillRoundRect(x - 7, from + 5, 18, to - from, 8, hex('#20262f'), 0.35);
  canvas.fillRoundRect(x - 8, from, 16, to - from, 8, horizontal(x - 8, x + 8, hex('#5fa84e'), hex('#35763a')));
  const leaves = Math.floor((to - from) / 9);
  for (let i = 0; i < leaves; i++) {
    const y = from + 6 + i * ((to - from - 12) / (leaves - 1));
    canvas.circle(x + (i % 2 === 0 ? -2.6 : 2.2), y, 4.4, i % 2 === 0 ? hex('#7cc765') : hex('#4c9a47'), 0.85);
    canvas.circle(x + (i % 2 === 0 ? 3.4 : -3.2), y + 3, 2.6, i % 2 === 0 ? hex('#3f8a40') : hex('#8ed676'), 0.75);
  }
}

/** The destination: a small hotel at the back of its square, with a flag in the place's colour. */
function drawHotel(canvas: Canvas, color: Color): void {
  canvas.ellipse(38, 66, 38, 8, radial(38, 66, 38, hex('#14181f', 0.5), hex('#14181f', 0)));
  // Flag on the roof.
  canvas.line([38, 12, 38, -8], 2.2, hex('#e9edf2'));
  canvas.fillPolygon([39, -8, 56, -4.5, 39, 1.5], color);
  canvas.fillPolygon([39, -8, 56, -4.5, 39, -3.4], hex('#ffffff'), 0.25);
  // Body, roof and door.
  canvas.fillRoundRect(12, 12, 52, 54, 3, horizontal(12, 64, hex('#fff3df'), hex('#e4c9a3')));
  canvas.fillRect(12, 16, 52, 3, hex('#8a6a45'), 0.3);
  canvas.fillRoundRect(8, 8, 60, 9, 3, vertical(8, 17, hex('#c76b4a'), hex('#9c4a31')));
  for (const y of [22, 35]) {
    for (const x of [18, 33, 48]) {
      canvas.fillRoundRect(x - 1, y - 1, 12, 11, 1.6, hex('#b08d62'));
      canvas.fillRoundRect(x, y, 10, 9, 1, vertical(y, y + 9, hex('#9ad4ff'), hex('#4f8fc9')));
      canvas.fillPolygon([x, y, x + 5, y, x, y + 6], hex('#ffffff'), 0.4);
    }
  }
  canvas.fillRoundRect(31, 51, 14, 15, 2, hex('#7a4c2b'));
  canvas.circle(42, 59, 1.2, hex('#ffd86b'));
  canvas.fillPolygon([26, 50, 50, 50, 47, 46, 29, 46], color);
  canvas.fillRect(26, 50, 24, 1.6, hex('#000000'), 0.18);
}

/** The passenger waiting at the front of a square, with a suitcase, dressed in the destination's colour. */
function drawPassenger(canvas: Canvas, color: Color): void {
  canvas.ellipse(23, 91, 19, 5, radial(23, 91, 19, hex('#14181f', 0.5), hex('#14181f', 0)));
  canvas.fillRoundRect(28, 77, 14, 13, 2.5, horizontal(28, 42, hex('#a9683a'), hex('#7a4523')));
  canvas.line([32.5, 76.5, 32.5, 73.5, 37.5, 73.5, 37.5, 76.5], 1.5, hex('#5d3418'));
  canvas.fillRect(28, 82, 14, 1.6, hex('#5d3418'));
  canvas.line([18, 80, 18, 89], 5.4, hex('#2f3a4d'));
  canvas.line([25, 80, 25, 89], 5.4, hex('#2f3a4d'));
  canvas.line([12.5, 68, 11.5, 78], 4.8, mix(color, hex('#000000'), 0.25));
  canvas.line([30, 68, 33, 75], 4.8, mix(color, hex('#000000'), 0.25));
  canvas.fillRoundRect(12.5, 63, 18, 20, 7, horizontal(12, 31, mix(color, hex('#ffffff'), 0.25), color));
  canvas.circle(21.5, 55, 9, hex('#5a3620'));
  canvas.ellipse(21.5, 57, 7.8, 7.4, radial(19, 54, 11, hex('#ffe4c8'), hex('#f3bd90')));
  canvas.circle(18.6, 57, 1.1, hex('#2b2233'));
  canvas.circle(24.4, 57, 1.1, hex('#2b2233'));
  canvas.line([19.4, 60.8, 21.5, 61.7, 23.6, 60.8], 1, hex('#9c4a3c'));
}

/** The taxi from above, its front to the right, around (0, 0).
 * @param turn how far the taxi is turned, so that its shadow falls the same way in all directions.
 * @param shirt colour of the passenger inside; null when the taxi is free. */
function drawTaxi(canvas: Canvas, turn: number, shirt: Color | null): void {
  canvas.at(0, 0, 1, -turn, () =>
    canvas.at(3, 5, 1, turn, () => canvas.fillRoundRect(-37, -20, 74, 40, 13, hex('#101319'), 0.38)),
  );
  // Wheels.
  for (const x of [-24, 22]) {
    for (const y of [-20.5, 20.5]) canvas.fillRoundRect(x - 7, y - 3, 14, 6, 2.5, hex('#1c2027'));
  }
  canvas.fill([roundRect(-37, -20, 74, 40, 13)], hex('#b5810c'));
  canvas.fill([roundRect(-36, -19, 72, 38, 12)], vertical(-19, 19, hex('#ffdc55'), hex('#fcc522'), hex('#f0b010')));
  // Bonnet and boot lines, lamps.
  canvas.line([22, -13, 24.5, 0, 22, 13], 1.2, hex('#c08a10'), 0.7);
  for (const side of [-1, 1]) {
    canvas.ellipse(33, side * 12.4, 3.4, 4.4, hex('#fffbe6'));
    canvas.ellipse(-34, side * 12.4, 2.2, 4.4, hex('#e5484d'));
    canvas.fillRoundRect(8, side * 20 - 2.2, 5, 4.4, 2, hex('#d89d10'));
  }
  // Glass all around, then the roof on it.
  canvas.fill([roundRect(-26, -15.5, 46, 31, 9)], hex('#27364a'));
  canvas.fillPolygon([10, -13, 18.5, -10, 18.5, 10, 10, 13], horizontal(8, 19, hex('#6fa8d6'), hex('#3d6488')));
  canvas.fillPolygon([12, -12, 16, -11, 16, -1, 12, 2], hex('#ffffff'), 0.28);
  canvas.fillPolygon([-18, -12.5, -24, -10, -24, 10, -18, 12.5], hex('#4a7397'));
  canvas.fill([roundRect(-19, -13.5, 29, 27, 7)], vertical(-13, 13, hex('#ffe27a'), hex('#fbc62c')));
  // A row of checks along each side of the roof.
  for (let i = 0; i < 7; i++) {
    for (const side of [-1, 1]) {
      const y = side * 10.6 - 1.6 + (i % 2 === 0 ? 0 : 1.6);
      canvas.fillRect(-16 + i * 3.4, y, 3.4, 1.6, hex('#22262d'));
    }
  }
  if (shirt !== null) {
    // A glass roof shows who sits there.
    canvas.fill([roundRect(-14.5, -9, 19, 18, 5)], hex('#1f2833'));
    canvas.fill([ellipse(-6, 0, 4.6, 8)], horizontal(-11, -1, shirt, mix(shirt, hex('#000000'), 0.25)));
    canvas.circle(-5, 0, 5, radial(-6.5, -2, 7, hex('#9a6840'), hex('#5a3620')));
    canvas.fillPolygon([-14, -6, -9, -8.6, 1, -8.6, -14, 3], hex('#ffffff'), 0.16);
  } else {
    // The lit sign: free.
    canvas.fillRoundRect(-8.6, -7.5, 7.2, 15, 2.4, hex('#c9ced6'));
    canvas.fillRoundRect(-7.6, -6.5, 5.2, 13, 1.8, vertical(-6, 6, hex('#ffffff'), hex('#d6f5d6')));
  }
}
