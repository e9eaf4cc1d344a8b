/** What a connection runs under until an owner sets limits. */
import type { Mandate } from '@counterfoil/vocabulary/protocol';

const million = (count: bigint) => ({ units: count * 1_000_000n, scale: 0 });

/**
 * Of paper connections: nobody signed it, and its own bytes say so. Wide enough for every bot on every paper market;
 * narrow enough that a runaway program is stopped.
 */
export const demoMandate: Mandate = {
  label: 'demo mandate, unsigned, paper only',
  markets: null,
  denied: [],
  sides: ['buy', 'sell'],
  types: [
    'limit',
    'market',
    'limitMaker',
    'stop',
    'stopLimit',
    'takeProfit',
    'takeProfitLimit',
    'trailingStop',
  ],
  budgets: [
    {
      asset: 'USDT',
      perOrder: million(1n),
      perHour: million(100n),
      perDay: million(1_000n),
      open: million(100n),
      dayLoss: null,
      volumeMin: null,
    },
  ],
  ordersPerMinute: 6_000,
  cancelsPerMinute: 6_000,
  bandBps: 2_000,
  shareBps: null,
  reduceOnly: false,
  validUntilMs: null,
  hours: 0xff_ffff,
  approvals: 1,
};

/** Of every other connection: nothing at all. */
export const noMandate: Mandate = {
  ...demoMandate,
  label: 'no mandate yet',
  markets: [],
  sides: [],
  types: [],
  budgets: [],
  ordersPerMinute: 0,
  bandBps: 0,
  reduceOnly: true,
  hours: 0,
};
