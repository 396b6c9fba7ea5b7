export * from './console.ts';
export { createConsole } from './create-console.ts';
