/** What paper connections run under until an owner sets limits: nobody signed it, and its own bytes say so. */
import type { Mandate } from '@counterfoil/vocabulary/protocol';

const million = (count: bigint) => ({ units: count * 1_000_000n, scale: 0 });

/** Wide enough for every bot on every paper market; narrow enough that a runaway program is stopped. */
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
