export * from './certificate.ts';
export * from './frames.ts';
export * from './mux.ts';
export * from './rpc.ts';
export * from './secure.ts';
