import type { NetworkPlayer } from './network-player.ts';

/** Orange, red to blue, over greys. */
const MARK = [255, 150, 40];
/** Share of the largest effect below which a part is not marked. */
const FAINTEST = 0.04;
/** Share of the colour where the effect is largest. */
const STRONGEST = 0.85;

/**
 * Draws the pictures that a network sees.
 * @param canvases one for each picture, the newest first.
 * @param explaining whether the newest one has marks on what matters.
 */
export function drawSight(canvases: Iterable<HTMLCanvasElement>, player: NetworkPlayer, explaining: boolean): void {
  const { vision, occlusion } = player;
  const { stack, side } = vision;
  // Marks lie on the picture that they are of.
  const marked = explaining && occlusion.tried.some((byte) => byte !== 0);
  const observation = marked ? occlusion.tried : vision.observation;
  let age = 0;
  for (const canvas of canvases) {
    if (age === stack) return;
    const context = canvas.getContext('2d') as CanvasRenderingContext2D;
    if (canvas.width !== side) canvas.width = canvas.height = side;
    const image = context.createImageData(side, side);
    const from = (stack - 1 - age) * side * side;
    for (let i = 0; i < side * side; i++) image.data.fill(observation[from + i], 4 * i, 4 * i + 3);
    if (age === 0 && marked) tint(image, player);
    for (let i = 3; i < image.data.length; i += 4) image.data[i] = 255;
    context.putImageData(image, 0, 0);
    age++;
  }
}

/** Colours the parts of a picture by how much they move the values. */
function tint(image: ImageData, { occlusion }: NetworkPlayer): void {
  const { map, count, block, side } = occlusion;
  const most = Math.max(0.1, ...map);
  for (let row = 0; row < side; row++) {
    for (let column = 0; column < side; column++) {
      const worth = map[Math.floor(row / block) * count + Math.floor(column / block)] / most;
      if (worth < FAINTEST) continue;
      const at = 4 * (row * side + column);
      for (let c = 0; c < 3; c++) image.data[at + c] += (MARK[c] - image.data[at + c]) * STRONGEST * worth;
    }
  }
}
