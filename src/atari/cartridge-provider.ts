/** Finds the cartridge of a game by ALE's name; undefined when there is none. Called for each environment made. */
export type CartridgeProvider = (game: string) => Uint8Array | undefined;

let provider: CartridgeProvider | undefined;

/** Sets where environments look for cartridges that `addCartridge` was not given: a folder, say. */
export function setCartridgeProvider(find: CartridgeProvider | undefined): void {
  provider = find;
}

export function cartridgeProvider(): CartridgeProvider | undefined {
  return provider;
}
