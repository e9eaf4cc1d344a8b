export * from './certificate.ts';
export * from './couple.ts';
export * from './first-frame.ts';
export * from './frames.ts';
export * from './host-port.ts';
export * from './mux.ts';
export * from './rpc.ts';
export * from './secure.ts';
