/** Binary to decimal as a table of 256 that is read up to 66 entries before its start, where another table ends. */
export function bcdBelow(value: i32): i32 {
  if (value < 0) return ((256 + value) >> 4) * 10 + ((256 + value) & 15);
  const t = value % 100;
  return ((t / 10) << 4) | (t % 10);
}
