export * from './inspect.ts';
export * from './verify-files.ts';
