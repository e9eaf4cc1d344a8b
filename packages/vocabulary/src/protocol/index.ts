export * from './journal.ts';
export * from './leaf-payload.ts';
export * from './words.ts';
