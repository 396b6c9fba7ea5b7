/** `space_invaders` as in environment ids: `SpaceInvaders`. A letter after a digit is capital too: `TicTacToe3D`. */
export function idName(game: string): string {
  return titleOf(game).replaceAll(' ', '');
}

/** `space_invaders` as a title: `Space Invaders`. */
export function titleOf(game: string): string {
  return game
    .replaceAll('_', ' ')
    .replace(/(^|[^a-z])([a-z])/g, (_, before: string, letter: string) => before + letter.toUpperCase());
}
