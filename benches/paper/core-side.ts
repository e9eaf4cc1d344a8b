import type { Command, OrderRequest } from '../../packages/venues/src/paper/core/commands.ts';
import { apply } from '../../packages/venues/src/paper/core/exchange.ts';
import { ExchangeState } from '../../packages/venues/src/paper/core/state.ts';
import { DEFAULT_MARKET } from '../../packages/venues/src/paper/default-market.ts';
import { orderName, type Prepared, type Step } from './flow.ts';

const ONE = 100_000_000n;
const CENT = 1_000_000n;
const ACCOUNTS = 64;
const OPENED_AT = 1_600_000_000_000;
const FLOW_AT = 1_700_000_000_000;

/**
 * The flow on the whole exchange core: filters, locks, matching, fees, tape and events, for 64 accounts, with
 * the order history that a running exchange keeps; `resting` orders are on the book before.
 */
export function prepareCore(flow: readonly Step[], resting: number, markets: number): Prepared {
  const { state, accounts, symbols } = openExchange(markets);
  for (let index = 0; index < resting; index++) {
    const isBuy = index % 2 === 0;
    const cents = 6_200_000 + (isBuy ? -1 : 1) * (40_000 + ((index * 7) % 500_000));
    const order = request(accounts[index % ACCOUNTS] ?? 0, symbols[0] ?? '', `r${index}`, isBuy, cents, 10);
    apply(state, { kind: 'place', at: FLOW_AT, order });
  }
  state.takeEvents();
  const commands = flow.map((step, index): Command => {
    const at = FLOW_AT + 1 + index;
    if (step.kind === 'cancel') {
      const account = accounts[step.step % ACCOUNTS] ?? 0;
      const symbol = symbols[step.step % markets] ?? '';
      const order = { kind: 'client', clientOrderId: orderName(step.step) } as const;
      return { kind: 'cancel', at, account, symbol, order };
    }
    const account = accounts[index % ACCOUNTS] ?? 0;
    const symbol = symbols[index % markets] ?? '';
    const cents = step.kind === 'limit' ? step.cents : 0;
    const order = request(account, symbol, orderName(index), step.isBuy, cents, step.lots);
    return { kind: 'place', at, order };
  });
  return {
    run() {
      for (const command of commands) {
        apply(state, command);
        state.takeEvents();
      }
    },
    book() {
      const { bids, asks } = state.market(symbols[0] ?? '');
      return [bids, asks].flatMap((side) => {
        const lots = Array.from(side.fromBest(), (level) => level.lots);
        return [lots.length, lots.reduce((sum, more) => sum + more, 0)];
      });
    },
  };
}

function openExchange(markets: number): { state: ExchangeState; accounts: number[]; symbols: string[] } {
  const state = new ExchangeState();
  const at = OPENED_AT;
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
