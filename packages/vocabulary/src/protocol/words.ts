/** The words of an order as numbers on the wire, for ever. */
import { type Decoded, numbered } from '../codec.ts';

export const orderSide = numbered({ buy: 1, sell: 2 });

export const orderType = numbered({
  limit: 1,
  market: 2,
  limitMaker: 3,
  stop: 4,
  stopLimit: 5,
  takeProfit: 6,
  takeProfitLimit: 7,
  trailingStop: 8,
});
export type OrderType = Decoded<typeof orderType>;

export const timeInForce = numbered({ gtc: 1, ioc: 2, fok: 3 });
