/** One request of every kind that our intents make, for each venue that has it. */
import { clientOrderId, parseDecimal, tradeId, venueSymbol } from '@counterfoil/vocabulary';
import type { BuildMethod } from '@counterfoil/vocabulary/protocol';

type Create = Extract<BuildMethod, { kind: 'orderCreate' }>;

const d = parseDecimal;

function orders(base: Pick<Create, 'kind' | 'symbol' | 'clientOrderId'>): readonly Create[] {
  const none = { price: null, timeInForce: null, stopPrice: null, trailBps: null, sizedBy: 'base' } as const;
  const buy = { ...base, ...none, side: 'buy', amount: d('0.00123') } as const;
  const sell = { ...buy, side: 'sell' } as const;
  return [
    { ...buy, type: 'limit', price: d('61234.5'), timeInForce: 'gtc' },
    { ...sell, type: 'limit', price: d('61234.5'), timeInForce: 'ioc' },
    { ...buy, type: 'limitMaker', price: d('61000') },
    { ...buy, type: 'market' },
    { ...sell, type: 'stop', stopPrice: d('60000') },
    { ...sell, type: 'stopLimit', stopPrice: d('60000'), price: d('59990.1'), timeInForce: 'gtc' },
    { ...sell, type: 'takeProfit', stopPrice: d('65000') },
    { ...sell, type: 'takeProfitLimit', stopPrice: d('65000'), price: d('65010'), timeInForce: 'gtc' },
  ];
}

export function requestsOf(venue: 'paper' | 'binance' | 'kraken'): readonly BuildMethod[] {
  const isKraken = venue === 'kraken';
  const symbol = venueSymbol.parse(isKraken ? 'XBT/USD' : 'BTCUSDT');
  const id = clientOrderId.parse(
    isKraken ? '0123456789abcdef0123456789abcdef' : 'v10123456789abcde0123456789abcde',
  );
  const base = { kind: 'orderCreate', symbol, clientOrderId: id } as const;
  const every: readonly BuildMethod[] = [
    ...orders(base),
    { kind: 'orderCancel', symbol, clientOrderId: id },
    { kind: 'orderGet', symbol, clientOrderId: id },
    { kind: 'ordersOpen', symbol: null },
    { kind: 'ordersOpen', symbol },
    { kind: 'ordersHistory', symbol, sinceMs: 1_767_225_600_000 },
    { kind: 'tradesHistory', symbol, fromId: null },
    { kind: 'tradesHistory', symbol, fromId: tradeId.parse('905') },
    { kind: 'balances' },
    { kind: 'permissions' },
  ];
  if (isKraken) return [...every, { kind: 'orderGetClosed', symbol, clientOrderId: id }];
  const none = { price: null, timeInForce: null, stopPrice: null } as const;
  return [
    ...every,
    { ...base, ...none, type: 'market', side: 'buy', amount: d('100'), sizedBy: 'quote', trailBps: null },
    {
      ...base,
      ...none,
      type: 'trailingStop',
      side: 'sell',
      amount: d('0.1'),
      sizedBy: 'base',
      trailBps: 150,
    },
    { kind: 'orderCancelAll', symbol },
  ];
}
