import type { VideoEncoder, VideoOptions } from './encoder.ts';
import { createMp4Encoder } from './mp4.ts';

/** One page with the video inside: opens anywhere, needs nothing else. */
export async function createHtmlEncoder(options: VideoOptions): Promise<VideoEncoder> {
  const video = await createMp4Encoder(options);
  return {
    frame: (picture) => video.frame(picture),
    abort: () => video.abort(),
    finish: async () => new TextEncoder().encode(page(options.title ?? 'bellman', await video.finish())),
  };
}

function page(title: string, mp4: Uint8Array): string {
  const heading = title.replace(/[&<>"]/g, (c) => `&#${c.charCodeAt(0)};`);
  return `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${heading}</title>
<style>
  :root { color-scheme: light dark; }
  body { margin: 0; min-height: 100vh; display: grid; place-content: center; justify-items: center; gap: 1rem;
    font: 1rem/1.5 system-ui, sans-serif; background: Canvas; color: CanvasText; }
  h1 { margin: 0; font-size: 1.25rem; font-weight: 600; }
  video { max-width: min(96vw, 60rem); max-height: 85vh; border-radius: 8px; image-rendering: pixelated;
    box-shadow: 0 8px 32px rgb(0 0 0 / .35); }
</style>
<h1>${heading}</h1>
<video controls autoplay muted loop playsinline src="data:video/mp4;base64,${base64(mp4)}"></video>
</html>
`;
}

/** In pieces: a call takes only so many arguments. A multiple of 3 bytes, so that pieces join without padding. */
const PIECE = 3 * 8192;

function base64(bytes: Uint8Array): string {
  let text = '';
  for (let i = 0; i < bytes.length; i += PIECE) text += btoa(String.fromCharCode(...bytes.subarray(i, i + PIECE)));
  return text;
}
