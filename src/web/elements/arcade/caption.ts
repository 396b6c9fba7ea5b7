/** Milliseconds between two captions. */
const CAPTION_EVERY = 250;

/** Numbers below the screen, four times a second. */
export class Caption {
  #shown = 0;
  #at = 0;

  /** Frames were shown. */
  count(frames: number): void {
    this.#shown += frames;
  }

  /** Writes texts into the places of these names, when it is time. @param texts of the frames shown a second. */
  write(root: ParentNode, texts: (framesPerSecond: number) => Readonly<Record<string, string>>): void {
    const now = performance.now();
    if (now - this.#at < CAPTION_EVERY) return;
    const rate = Math.min(999, Math.round((this.#shown * 1000) / (now - this.#at)));
    this.#at = now;
    this.#shown = 0;
    for (const [name, text] of Object.entries(texts(rate))) {
      const place = root.querySelector(`[data-at=${name}]`);
      if (place !== null && place.textContent !== text) place.textContent = text;
    }
  }
}
