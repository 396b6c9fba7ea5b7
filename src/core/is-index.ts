/** Whether a value is an index of `n` things: an integer from 0 to n - 1, and no NaN, 1.5 or '1'. */
export const isIndex = (value: number, n: number): boolean => value >= 0 && value < n && Number.isInteger(value);
