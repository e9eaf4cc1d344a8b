import { OrderBook, Side as PeerSide } from 'nodejs-order-book';
import type { OrderRequest } from '../../packages/venues/src/paper/core/commands.ts';
import { apply } from '../../packages/venues/src/paper/core/exchange.ts';
import { randomBelow } from '../../packages/venues/src/paper/core/random.ts';
import { ExchangeState } from '../../packages/venues/src/paper/core/state.ts';
import { DEFAULT_MARKET } from '../../packages/venues/src/paper/default-market.ts';

const ONE = 100_000_000n;
const CENT = 1_000_000n;
const ACCOUNTS = 64;

/** One step of the flow: an order, or the cancel of the order of an earlier step. */
export type Step =
  | { readonly kind: 'limit'; readonly isBuy: boolean; readonly cents: number; readonly lots: number }
  | { readonly kind: 'market'; readonly isBuy: boolean; readonly lots: number }
  | { readonly kind: 'cancel'; readonly step: number };

/** 70 % limit orders within half a percent of the middle, 10 % market orders, 20 % cancels. */
export function drawFlow(steps: number): Step[] {
  const choices = { seed: 11 };
  return Array.from({ length: steps }, (_, index) => {
    const dice = randomBelow(choices, 10);
    const isBuy = randomBelow(choices, 2) === 0;
    const lots = 10 + randomBelow(choices, 100);
    if (dice < 2 && index > 100) return { kind: 'cancel', step: index - 1 - randomBelow(choices, 100) };
    if (dice === 2) return { kind: 'market', isBuy, lots };
    const away = randomBelow(choices, 30_000) - 2_000;
    return { kind: 'limit', isBuy, cents: 6_200_000 + (isBuy ? -away : away), lots };
  });
}

/**
 * Orders per second of the whole exchange core: filters, locks, matching, fees, tape and events. The order
 * history is what a running exchange keeps; orders with 64 accounts, `resting` of them on the book before.
 */
export function measureCore(flow: readonly Step[], resting: number, markets: number): number {
  const { state, accounts, symbols } = openExchange(markets);
  let at = 1_700_000_000_000;
  const place = (request: OrderRequest): number => {
    const placed = apply(state, { kind: 'place', at, order: request });
    return placed.ok ? placed.value.order.id : 0;
  };
  for (let index = 0; index < resting; index++) {
    const isBuy = index % 2 === 0;
    const cents = 6_200_000 + (isBuy ? -1 : 1) * (40_000 + ((index * 7) % 500_000));
    place(request(accounts[index % ACCOUNTS] ?? 0, symbols[0] ?? '', `r${index}`, isBuy, cents, 10));
  }
  state.takeEvents();
  const ids: number[] = [];
  const started = performance.now();
  for (let index = 0; index < flow.length; index++) {
    const step = flow[index];
    if (step === undefined) break;
    at += 1;
    const account = accounts[index % ACCOUNTS] ?? 0;
    const symbol = symbols[index % markets] ?? '';
    if (step.kind === 'cancel') {
      const owner = accounts[step.step % ACCOUNTS] ?? 0;
      const order = { kind: 'id', orderId: ids[step.step] ?? 0 } as const;
      apply(state, { kind: 'cancel', at, account: owner, symbol: symbols[step.step % markets] ?? '', order });
      ids.push(0);
    } else {
      const cents = step.kind === 'limit' ? step.cents : 0;
      ids.push(place(request(account, symbol, `o${index}`, step.isBuy, cents, step.lots)));
    }
    state.takeEvents();
  }
  return flow.length / ((performance.now() - started) / 1_000);
}

/** The same flow on npm `nodejs-order-book`: a book alone, without accounts, filters or fees. */
export function measurePeer(flow: readonly Step[]): number {
  const book = new OrderBook();
  const started = performance.now();
  for (let index = 0; index < flow.length; index++) {
    const step = flow[index];
    if (step === undefined) break;
    if (step.kind === 'cancel') {
      book.cancel(`o${step.step}`);
      continue;
    }
    const side = step.isBuy ? PeerSide.BUY : PeerSide.SELL;
    const size = step.lots / 100_000;
    if (step.kind === 'market') book.market({ side, size });
    else book.limit({ side, size, price: step.cents / 100, id: `o${index}` });
  }
  return flow.length / ((performance.now() - started) / 1_000);
}

function openExchange(markets: number): { state: ExchangeState; accounts: number[]; symbols: string[] } {
  const state = new ExchangeState();
  const at = 1_600_000_000_000;
  const rules = { ...DEFAULT_MARKET.rules, maxOpenOrders: 10_000_000 };
  const symbols = Array.from({ length: markets }, (_, index) => {
    const symbol = `B${index}USDT`;
    const spec = { ...DEFAULT_MARKET, symbol, baseAsset: `B${index}`, source: 'recorded' as const, rules };
    apply(state, { kind: 'open-market', at, spec, seed: 1 });
    return symbol;
  });
  const accounts = Array.from({ length: ACCOUNTS }, (_, index) => {
    const opened = apply(state, { kind: 'open-account', at, name: `trader ${index}` });
    if (!opened.ok) throw new Error('an account can always be opened');
    const assets = ['USDT', ...symbols.map((_symbol, market) => `B${market}`)];
    for (const asset of assets) {
      apply(state, { kind: 'deposit', at, account: opened.value, asset, units: 1_000_000_000n * ONE });
    }
    return opened.value;
  });
  return { state, accounts, symbols };
}

function request(
  account: number,
  symbol: string,
  clientOrderId: string,
  isBuy: boolean,
  cents: number,
  lots: number,
): OrderRequest {
  return {
    account,
    symbol,
    clientOrderId,
    side: isBuy ? 'BUY' : 'SELL',
    type: cents === 0 ? 'MARKET' : 'LIMIT',
    timeInForce: 'GTC',
    quantityUnits: BigInt(lots) * 1_000n,
    quoteOrderUnits: 0n,
    priceUnits: BigInt(cents) * CENT,
    stopPriceUnits: 0n,
    trailingBips: 0,
    selfTradePrevention: 'NONE',
  };
}
