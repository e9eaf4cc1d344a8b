export * from './builder.ts';
export * from './door.ts';
export * from './gate.ts';
export * from './intent.ts';
export * from './journal.ts';
export * from './leaf-payload.ts';
export * from './mandate.ts';
export * from './words.ts';
