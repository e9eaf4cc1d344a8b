export * from './error.ts';
export * from './serve-witness.ts';
export * from './witness-client.ts';
export * from './witness-folder.ts';
export * from './witness-store.ts';
export * from './witness.ts';
