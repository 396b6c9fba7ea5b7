export { discountedReturn } from './discounted-return.ts';
export { type Summary, studentT975, summarize } from './summary.ts';
