import type { Canvas } from '../../draw/canvas.ts';
import { hex, radial, vertical } from '../../draw/paint.ts';
import { ellipse, pie, smoothOutline, stroke } from '../../draw/shapes.ts';

/** The player of FrozenLake, drawn in a square of 100 x 100 with the feet near (50, 90). */
export type ElfView = 'front' | 'back' | 'left' | 'right';

const OUTLINE = hex('#2b2233');
const SKIN = hex('#ffd9b5');
const SKIN_SHADE = hex('#f0b486');
const HAIR = hex('#8a4b22');
const TUNIC = vertical(48, 78, hex('#4fc06a'), hex('#2c8a4c'));
const TUNIC_DARK = hex('#226b3b');
const HAT = vertical(2, 30, hex('#ee4b52'), hex('#c9252f'));
const HAT_DARK = hex('#a01b27');
const FUR = hex('#ffffff');
const FUR_SHADE = hex('#d9e6ef');
const BOOT = hex('#6b3f26');
const BELT = hex('#4a2d1d');
const GOLD = hex('#ffd34d');

export function drawElf(canvas: Canvas, view: ElfView): void {
  canvas.ellipse(50, 89, 25, 7, radial(50, 89, 25, hex('#123a55', 0.4), hex('#123a55', 0.28), hex('#123a55', 0)));
  if (view === 'left') canvas.at(100, 0, [-1, 1], 0, () => drawSide(canvas));
  else if (view === 'right') drawSide(canvas);
  else drawFrontOrBack(canvas, view === 'back');
}

function drawFrontOrBack(canvas: Canvas, back: boolean): void {
  // Legs and boots.
  for (const side of [-1, 1]) {
    canvas.line([50 + side * 7, 74, 50 + side * 7.5, 84], 8, TUNIC_DARK);
    const toe = back ? 0 : side * 2;
    canvas.ellipse(50 + side * 8 + toe, 86.5, 8, 4.6, BOOT);
    canvas.fillRoundRect(50 + side * 7.5 - 4.6, 79.5, 9.2, 7, 2.5, BOOT);
    canvas.fillRoundRect(50 + side * 7.5 - 5.2, 78.5, 10.4, 3.4, 1.7, FUR_SHADE);
  }
  // Arms behind the tunic's shoulders.
  for (const side of [-1, 1]) {
    canvas.line([50 + side * 13, 55, 50 + side * 19, 66], 8, TUNIC_DARK);
    canvas.circle(50 + side * 19.6, 69, 4.4, SKIN_SHADE);
    canvas.circle(50 + side * 19.4, 68.5, 4, SKIN);
    canvas.line([50 + side * 17, 65, 50 + side * 21.3, 63.4], 2.6, FUR);
  }
  // Tunic with a pointed hem.
  canvas.fillPolygon([38, 50, 62, 50, 66, 74, 60.5, 79, 55, 74.5, 50, 80, 45, 74.5, 39.5, 79, 34, 74], TUNIC);
  canvas.fillPolygon([34.6, 67, 65.4, 67, 66, 71, 34, 71], BELT);
  if (!back) {
    canvas.fillRoundRect(46, 65.8, 8, 6.4, 1.2, GOLD);
    canvas.fillRoundRect(47.8, 67.4, 4.4, 3.2, 0.6, BELT);
    canvas.circle(50, 57, 1.3, GOLD);
    canvas.circle(50, 62, 1.3, GOLD);
  }
  // Collar.
  canvas.ellipse(50, 50.5, 12.5, 4, back ? TUNIC_DARK : hex('#c9252f'));
  // Ears, head, hair.
  for (const side of [-1, 1]) {
    canvas.fillPolygon(smoothOutline([50 + side * 13, 34, 50 + side * 24.5, 29.5, 50 + side * 14, 42]), SKIN_SHADE);
  }
  canvas.circle(50, 37, 15, back ? HAIR : radial(46, 33, 20, hex('#ffe6cb'), SKIN, SKIN_SHADE));
  if (back) {
    for (const x of [41, 47, 53, 59]) canvas.line([x, 36, x + (x - 50) * 0.12, 48], 1, hex('#6f3a18'), 0.7);
  } else {
    for (const side of [-1, 1]) {
      canvas.fill([pie(50 + side * 11, 30, 5.5, 7, 0, 2 * Math.PI)], HAIR);
      canvas.ellipse(50 + side * 5.6, 38, 2.1, 2.7, OUTLINE);
      canvas.circle(50 + side * 5.6 + 0.7, 37.1, 0.8, FUR);
      canvas.ellipse(50 + side * 9, 43, 2.8, 1.9, hex('#f57f6c'), 0.5);
    }
    canvas.ellipse(50, 41.6, 1.8, 1.4, SKIN_SHADE);
    canvas.line([46, 45.2, 48, 46.6, 50, 47.1, 52, 46.6, 54, 45.2], 1.3, hex('#9c4a3c'));
  }
  drawHat(canvas, 50);
}

function drawSide(canvas: Canvas): void {
  // The far leg and arm first, then the near ones: a step to the right.
  canvas.line([46, 74, 41, 83], 8, hex('#1b5730'));
  canvas.ellipse(42, 86.4, 8, 4.4, hex('#54301c'));
  canvas.line([54, 56, 65, 64], 7, hex('#1b5730'));
  canvas.circle(67, 65, 4, SKIN_SHADE);
  canvas.line([53, 74, 57, 83], 8.4, TUNIC_DARK);
  canvas.fillPolygon(smoothOutline([52, 81, 61, 80.5, 70, 84.5, 70.5, 88, 66, 91, 52, 91]), BOOT);
  canvas.circle(70.3, 83.6, 2.1, GOLD);
  canvas.fillRoundRect(51.8, 78.4, 10.4, 3.4, 1.7, FUR_SHADE);
  canvas.fillPolygon([41, 50, 59, 50, 63, 74, 57.5, 79, 52, 74.5, 46.5, 79.5, 39, 74.5], TUNIC);
  canvas.fillPolygon([39.8, 67, 61.8, 67, 62.6, 71, 39.4, 71], BELT);
  canvas.fillRoundRect(56.6, 65.8, 5.4, 6.4, 1.2, GOLD);
  canvas.ellipse(51, 50.5, 10.5, 4, hex('#c9252f'));
  // Head in profile: nose to the right, ear towards the back.
  canvas.circle(63.8, 40, 2.8, SKIN_SHADE);
  canvas.circle(51, 37, 14.6, radial(55, 33, 21, hex('#ffe6cb'), SKIN, SKIN_SHADE));
  canvas.fill([smoothOutline([38, 28, 47, 27, 45.5, 36, 44, 46, 39.5, 47, 35.6, 39])], HAIR);
  canvas.fillPolygon(smoothOutline([47.5, 35, 37, 28.5, 44, 43.5]), SKIN_SHADE);
  canvas.fillPolygon(smoothOutline([46.4, 35.6, 40, 31.6, 44.2, 41.4]), SKIN);
  canvas.ellipse(58.4, 37.6, 1.9, 2.7, OUTLINE);
  canvas.circle(59, 36.8, 0.8, FUR);
  canvas.ellipse(56, 43, 2.8, 1.9, hex('#f57f6c'), 0.5);
  canvas.line([57.5, 46.2, 60, 46.4, 62, 45], 1.3, hex('#9c4a3c'));
  // The near arm swings back.
  canvas.line([49, 55, 43, 65], 8, TUNIC_DARK);
  canvas.circle(42, 68, 4.2, SKIN);
  canvas.line([40.2, 63.8, 45.4, 65.8], 2.6, FUR);
  drawHat(canvas, 51);
}

/** The hat alone, its brim around (x, 28) and the tip falling to the left. */
export function drawHat(canvas: Canvas, x: number): void {
  canvas.at(x - 50, 0, 1, 0, () => {
    canvas.fillPolygon(
      smoothOutline([36, 28, 41, 15, 50, 5, 44, 3.4, 33, 9.5, 37, 2, 48, -2, 57, 5, 62, 16, 64.4, 28, 50, 31]),
      HAT,
    );
    canvas.fill(stroke([45, 14, 50.5, 7.4, 47.6, 4.6], 1.2), HAT_DARK, 0.7);
    canvas.circle(34.4, 10, 5, FUR_SHADE);
    canvas.circle(33.9, 9.4, 4.3, FUR);
    // Fur: overlapping tufts.
    const tufts = [-15, -10, -5, 0, 5, 10, 15].map((dx) => ellipse(50 + dx, 28.6 - (dx * dx) / 110, 4.6, 4));
    canvas.at(0, 1, 1, 0, () => canvas.fill(tufts, FUR_SHADE));
    canvas.fill(tufts, FUR);
  });
}
