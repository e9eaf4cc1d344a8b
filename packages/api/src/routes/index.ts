/** The route table: all of API v1. The event stream is beside it, because its answer never ends (`event.ts`). */
import { jobRoutes, marketRoutes } from './market.ts';
import { notificationRoutes } from './notification.ts';
import { connectionRoutes, securityRoutes } from './security.ts';
import { sessionRoutes } from './session.ts';
import { botRoutes, dealRoutes, moneyRoutes, orderRoutes, smartTradeRoutes } from './trading.ts';

export const routes = {
  ...sessionRoutes,
  ...connectionRoutes,
  ...securityRoutes,
  ...botRoutes,
  ...dealRoutes,
  ...smartTradeRoutes,
  ...orderRoutes,
  ...moneyRoutes,
  ...marketRoutes,
  ...jobRoutes,
  ...notificationRoutes,
} as const;

export type Routes = typeof routes;
export type RouteName = keyof Routes;

/** Server-sent events: `data` is a `StreamEvent` as JSON, `id` its number, for `Last-Event-ID`. */
export const EVENTS_PATH = '/api/v1/events';
