export { type Summary, studentT975, summarize } from './summary.ts';
