export * from './disk.ts';
export * from './error.ts';
export * from './journal.ts';
export * from './serve.ts';
