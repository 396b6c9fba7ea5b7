export { Captioner } from './caption.ts';
export {
  createVideoEncoder,
  type VideoEncoder,
  type VideoFormat,
  type VideoOptions,
  videoEndings,
  videoFormats,
} from './encoder.ts';
export { fitInto, type PictureSize } from './fit.ts';
export { type PixelScale, pixelScale, upscale } from './upscale.ts';
