export * from './cbor.ts';
export * from './codec.ts';
export * from './decimal.ts';
export * from './event.ts';
export * from './ids.ts';
export * from './market.ts';
export * from './order.ts';
export * from './rounding.ts';
