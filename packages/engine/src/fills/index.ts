export * from './model.ts';
export * from './path.ts';
export * from './simulated-orders.ts';
export * from './wallet.ts';
