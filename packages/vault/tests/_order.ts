/** Orders of BTCUSDT for tests in which any would do. */
import { type ConnectionId, botId, parseDecimal, venueSymbol } from '@counterfoil/vocabulary';
import type { IntentOf } from '@counterfoil/vocabulary/protocol';

type Order = IntentOf<'orderCreate'>;

/** Buys 0.001 at the market, as number `seq` of a bot. */
export function marketBuy(connection: ConnectionId, seq: number, over: Partial<Order> = {}): Order {
  return {
    kind: 'orderCreate',
    connection,
    id: { bot: botId.parse('demo'), seq },
    epoch: 1,
    symbol: venueSymbol.parse('BTCUSDT'),
    side: 'buy',
    type: 'market',
    amount: parseDecimal('0.001'),
    sizedBy: 'base',
    price: null,
    timeInForce: null,
    stopPrice: null,
    trailBps: null,
    ...over,
  };
}

/** Bids 60,000 for 0.001. */
export function limitBuy(connection: ConnectionId, seq: number, over: Partial<Order> = {}): Order {
  return marketBuy(connection, seq, {
    type: 'limit',
    price: parseDecimal('60000'),
    timeInForce: 'gtc',
    ...over,
  });
}
