export * from './canvas.ts';
export * from './paint.ts';
export * from './shapes.ts';
