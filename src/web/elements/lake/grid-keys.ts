/** The cell that a key moves to from a cell of a grid; at its edge, the same; undefined for keys that move nowhere. */
export function cellAfterKey(
  key: string,
  cell: number,
  { rows, cols }: { readonly rows: number; readonly cols: number },
): number | undefined {
  const [row, column] = [Math.floor(cell / cols), cell % cols];
  switch (key) {
    case 'ArrowLeft':
      return column > 0 ? cell - 1 : cell;
    case 'ArrowRight':
      return column < cols - 1 ? cell + 1 : cell;
    case 'ArrowUp':
      return row > 0 ? cell - cols : cell;
    case 'ArrowDown':
      return row < rows - 1 ? cell + cols : cell;
    case 'Home':
      return row * cols;
    case 'End':
      return row * cols + cols - 1;
    default:
      return undefined;
  }
}
