/** Draws the tasks from what their environments show, in the colours of the page, at any size. */
import type { coloursOf } from '../shared/theme.ts';
import type { ControlPlayer } from './control-player.ts';

export type Colours = ReturnType<typeof coloursOf>;

export interface SceneState {
  readonly player: ControlPlayer;
  /** The last push: its side, and how much of it is still to be seen, from 1 down to 0. */
  readonly push: { readonly direction: number; readonly strength: number };
}

type Draw = (pen: Pen, state: SceneState) => void;

/** Height of a scene for its width. */
export const SCENE_RATIO = 2.1;

/** Draws a task's present state over the whole canvas. Units of the context are CSS pixels. */
export function drawScene(
  context: CanvasRenderingContext2D,
  width: number,
  height: number,
  state: SceneState,
  colours: Colours,
): void {
  const draw = SCENES[state.player.task.id] ?? drawCartPole;
  draw(new Pen(context, width, height, colours), state);
}

const SCENES: Readonly<Record<string, Draw>> = {
  'CartPole-v1': drawCartPole,
  'MountainCar-v0': drawMountainCar,
  'Acrobot-v1': drawAcrobot,
  'Pendulum-v1': drawPendulum,
};

/** A canvas with its size and colours. */
class Pen {
  readonly context: CanvasRenderingContext2D;
  readonly width: number;
  readonly height: number;
  readonly colours: Colours;

  constructor(context: CanvasRenderingContext2D, width: number, height: number, colours: Colours) {
    this.context = context;
    this.width = width;
    this.height = height;
    this.colours = colours;
  }

  path(points: readonly (readonly [x: number, y: number])[], width: number, colour: string): void {
    const { context } = this;
    context.beginPath();
    for (const [x, y] of points) context.lineTo(x, y);
    context.lineWidth = width;
    context.lineCap = 'round';
    context.lineJoin = 'round';
    context.strokeStyle = colour;
    context.stroke();
  }

  disc(x: number, y: number, radius: number, colour: string): void {
    const { context } = this;
    context.beginPath();
    context.arc(x, y, radius, 0, 2 * Math.PI);
    context.fillStyle = colour;
    context.fill();
  }

  box(x: number, y: number, width: number, height: number, radius: number, colour: string): void {
    const { context } = this;
    context.beginPath();
    context.roundRect(x, y, width, height, radius);
    context.fillStyle = colour;
    context.fill();
  }

  /** A horizontal arrow from a point. @param length negative to the left. */
  arrow(x: number, y: number, length: number, width: number, colour: string): void {
    const side = Math.sign(length);
    const tip = x + length;
    const head = 2.2 * width;
    this.path(
      [
        [x, y],
        [tip, y],
      ],
      width,
      colour,
    );
    this.path(
      [
        [tip - side * head, y - head],
        [tip, y],
        [tip - side * head, y + head],
      ],
      width,
      colour,
    );
  }

  /** A push from outside, next to what is pushed. */
  push({ direction, strength }: SceneState['push'], x: number, y: number): void {
    if (strength <= 0) return;
    const { context } = this;
    context.globalAlpha = strength;
    this.arrow(x - direction * 62, y, direction * 40, 4, this.colours.mark);
    context.globalAlpha = 1;
  }

  /** A round arrow about an axle. @param turn -1 to 1, positive counter-clockwise. */
  torque(x: number, y: number, radius: number, turn: number): void {
    if (Math.abs(turn) < 0.01) return;
    const { context, colours } = this;
    const sense = turn > 0 ? -1 : 1;
    const from = -Math.PI / 2 - sense * 0.7;
    const to = from + sense * (0.6 + 2 * Math.abs(turn));
    context.beginPath();
    context.arc(x, y, radius, from, to, sense < 0);
    context.lineWidth = 3;
    context.strokeStyle = colours.accent;
    context.stroke();
    const [tipX, tipY] = [x + radius * Math.cos(to), y + radius * Math.sin(to)];
    const along = to + (sense * Math.PI) / 2;
    this.path(
      [-2.5, 2.5].flatMap((angle, i) => {
        const back = [tipX + 9 * Math.cos(along + angle), tipY + 9 * Math.sin(along + angle)] as const;
        return i === 0 ? [back, [tipX, tipY] as const] : [back];
      }),
      3,
      colours.accent,
    );
  }
}

/** Where an episode ends beyond, and the push of an action. */
const CART_LIMIT = 2.4;
const ANGLE_LIMIT = (12 * Math.PI) / 180;

function drawCartPole(pen: Pen, { player, push }: SceneState): void {
  const { context, width, height, colours } = pen;
  const [x, , theta] = player.observation;
  const scale = width / (2 * CART_LIMIT + 0.5);
  const rail = height * 0.8;
  const pole = Math.min(scale * 1.15, height * 0.58);
  const cartX = width / 2 + x * scale;
  const [cartWidth, cartHeight] = [Math.max(38, 0.5 * scale), Math.max(18, 0.24 * scale)];
  const axle = rail - cartHeight - 6;
  // The range of angles in which the episode goes on.
  context.beginPath();
  context.moveTo(cartX, axle);
  context.arc(cartX, axle, pole * 1.12, -Math.PI / 2 - ANGLE_LIMIT, -Math.PI / 2 + ANGLE_LIMIT);
  context.fillStyle = colours.accentSoft;
  context.fill();
  for (let i = -6; i <= 6; i++) {
    const at = width / 2 + (i / 6) * CART_LIMIT * scale;
    pen.path(
      [
        [at, rail + 12],
        [at, rail + (i === 0 ? 24 : 18)],
      ],
      1.5,
      colours.line,
    );
  }
  pen.box(0, rail, width, 4, 0, colours.muted);
  for (const side of [-1, 1]) pen.box(width / 2 + side * CART_LIMIT * scale - 3, rail - 18, 6, 22, 2, colours.bad);
  const wheel = Math.max(5, 0.055 * scale);
  pen.box(cartX - cartWidth / 2, rail - cartHeight - wheel, cartWidth, cartHeight, 5, colours.ink);
  for (const side of [-1, 1]) {
    pen.disc(cartX + side * cartWidth * 0.3, rail - wheel, wheel, colours.muted);
    pen.disc(cartX + side * cartWidth * 0.3, rail - wheel, wheel * 0.4, colours.surface);
  }
  if (player.action >= 0) {
    const side = player.action === 1 ? 1 : -1;
    pen.arrow(
      cartX + side * (cartWidth / 2 + 6),
      rail - cartHeight / 2 - wheel,
      side * 22,
      3,
      player.explored ? colours.mark : colours.accent,
    );
  }
  const [tipX, tipY] = [cartX + pole * Math.sin(theta), axle - pole * Math.cos(theta)];
  pen.path(
    [
      [cartX, axle],
      [tipX, tipY],
    ],
    Math.max(8, 0.075 * scale),
    player.over && !player.outOfTime ? colours.bad : colours.series[1],
  );
  pen.disc(cartX, axle, Math.max(5, 0.05 * scale), colours.ink);
  pen.disc(cartX, axle, Math.max(2, 0.02 * scale), colours.surface);
  pen.push(push, tipX, tipY + 8);
}

const VALLEY = { left: -1.2, right: 0.6, flag: 0.5 } as const;

function drawMountainCar(pen: Pen, { player, push }: SceneState): void {
  const { context, width, height, colours } = pen;
  const [position, velocity] = player.observation;
  const scale = width / (VALLEY.right - VALLEY.left + 0.1);
  // Room for the flag on the hill.
  const rise = Math.min(scale, (height - 72) / 0.91);
  const toX = (x: number): number => (x - VALLEY.left + 0.05) * scale;
  const toY = (x: number): number => height - 14 - (Math.sin(3 * x) * 0.45 + 0.46) * rise;
  const hill: [number, number][] = [];
  for (let x = VALLEY.left - 0.06; x <= VALLEY.right + 0.06; x += 0.012) hill.push([toX(x), toY(x)]);
  context.beginPath();
  context.moveTo(0, height);
  for (const [x, y] of hill) context.lineTo(x, y);
  context.lineTo(width, height);
  context.fillStyle = colours.accentSoft;
  context.fill();
  pen.path(hill, 3, colours.muted);
  const [flagX, flagY] = [toX(VALLEY.flag), toY(VALLEY.flag)];
  pen.path(
    [
      [flagX, flagY],
      [flagX, flagY - 44],
    ],
    3,
    colours.ink,
  );
  context.beginPath();
  context.moveTo(flagX, flagY - 44);
  context.lineTo(flagX + 24, flagY - 36);
  context.lineTo(flagX, flagY - 27);
  context.fillStyle = colours.good;
  context.fill();
  const slope = Math.atan2(-Math.cos(3 * position) * 3 * 0.45 * rise, scale);
  const [carX, carY] = [toX(position), toY(position)];
  const size = Math.max(0.75, Math.min(1.5, width / 560));
  context.save();
  context.translate(carX, carY);
  context.rotate(slope);
  context.scale(velocity < 0 ? -size : size, size);
  pen.box(-20, -19, 40, 11, 4, colours.series[1]);
  pen.box(-11, -27, 22, 12, 5, colours.series[1]);
  pen.box(1, -24, 8, 7, 2, colours.surface);
  for (const x of [-11, 11]) {
    pen.disc(x, -6, 6.5, colours.ink);
    pen.disc(x, -6, 2.6, colours.surface);
  }
  context.restore();
  if (player.action >= 0 && player.action !== 1) {
    const side = player.action - 1;
    pen.arrow(carX + side * 30 * size, carY - 44 * size, side * 22, 3, player.explored ? colours.mark : colours.accent);
  }
  pen.push(push, carX, carY - 22 * size);
}

function drawAcrobot(pen: Pen, { player, push }: SceneState): void {
  const { context, width, height, colours } = pen;
  const [cos1, sin1, cos2, sin2] = player.observation;
  const scale = height / 4.5;
  const [x, y] = [width / 2, height / 2];
  const line = y - scale;
  context.setLineDash([8, 7]);
  pen.path(
    [
      [0, line],
      [width, line],
    ],
    2,
    player.over && !player.outOfTime ? colours.good : colours.muted,
  );
  context.setLineDash([]);
  const [jointX, jointY] = [x + scale * sin1, y + scale * cos1];
  const [sin, cos] = [sin1 * cos2 + cos1 * sin2, cos1 * cos2 - sin1 * sin2];
  const [endX, endY] = [jointX + scale * sin, jointY + scale * cos];
  const thick = Math.max(7, 0.13 * scale);
  pen.path(
    [
      [x, y],
      [jointX, jointY],
    ],
    thick,
    colours.series[0],
  );
  pen.path(
    [
      [jointX, jointY],
      [endX, endY],
    ],
    thick,
    colours.series[1],
  );
  pen.disc(x, y, thick * 0.75, colours.ink);
  pen.disc(jointX, jointY, thick * 0.75, colours.ink);
  pen.torque(jointX, jointY, thick * 1.9, player.action < 0 ? 0 : (player.action - 1) * 0.6);
  pen.disc(endX, endY, thick * 0.45, colours.surface);
  pen.push(push, endX, endY);
}

function drawPendulum(pen: Pen, { player, push }: SceneState): void {
  const { width, height, colours } = pen;
  const [cos, sin] = player.observation;
  const length = height * 0.38;
  const [x, y] = [width / 2, height / 2];
  const thick = Math.max(9, height / 26);
  pen.path(
    [
      [x, y],
      [x, y - length - 14],
    ],
    1.5,
    colours.line,
  );
  // The angle grows counter-clockwise from upright.
  const [endX, endY] = [x - length * sin, y - length * cos];
  pen.path(
    [
      [x, y],
      [endX, endY],
    ],
    thick,
    colours.series[1],
  );
  pen.disc(x, y, thick * 0.7, colours.ink);
  pen.torque(x, y, thick * 2, player.action < 0 ? 0 : (player.action - 2) * 0.4);
  pen.push(push, endX, endY);
}
