export type { AppendReceipt } from './append-queue.ts';
export * from './disk.ts';
export * from './error.ts';
export * from './journal.ts';
export * from './options.ts';
export * from './serve.ts';
