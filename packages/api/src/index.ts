export * from './client.ts';
export * from './mandate-text.ts';
export { type Json, openApi } from './openapi.ts';
export * from './route.ts';
export * from './routes/index.ts';
export {
  type Saying,
  type SayingCode,
  type ValueName,
  type ValuesOf,
  sayings,
  valueKinds,
} from './sayings/index.ts';
export * from './schemas/account.ts';
export * from './schemas/bot-options.ts';
export * from './schemas/bot.ts';
export * from './schemas/connection.ts';
export * from './schemas/event.ts';
export * from './schemas/job.ts';
export * from './schemas/market.ts';
export * from './schemas/notification.ts';
export * from './schemas/order.ts';
export * from './schemas/problem.ts';
export * from './schemas/saying.ts';
export * from './schemas/security.ts';
export * from './schemas/values.ts';
export type * from './types.ts';
