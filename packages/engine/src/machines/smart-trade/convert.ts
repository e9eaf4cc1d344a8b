import { floorToLot, type Market } from '@counterfoil/vocabulary';
import { averageEntry, openQuantity } from '../account.ts';
import type { DcaDeal } from '../dca/state.ts';
import type { SmartTradeOptions } from './options.ts';

/** A DCA deal's position as a SmartTrade: same average, same targets and stop; null when nothing is held. */
export function smartTradeFromDeal(deal: DcaDeal, market: Market): SmartTradeOptions | null {
  const { direction, takeProfit, stopLoss } = deal.options;
  const quantity = floorToLot(market, openQuantity(deal.account, direction));
  if (quantity <= 0n) return null;
  const targets = takeProfit.steps.slice(deal.targetsTaken.length);
  const shares = targets.reduce((sum, target) => sum + target.share, 0n);
  return {
    market,
    direction,
    quantity,
    entry: { kind: 'held', average: averageEntry(deal.account, market) },
    exit: {
      targets: targets.map((target) => ({
        at: { by: 'rate', rate: target.rate },
        // Shares of what is left: the quotient of two rates, as a rate.
        share: ((target.share * 100_000_000n) / shares) as typeof target.share,
        type: 'limit',
      })),
      trailing: takeProfit.trailing,
      stop:
        stopLoss === null
          ? null
          : {
              at: { by: 'rate', rate: stopLoss.rate },
              limit: null,
              trailing: stopLoss.trailing,
              timeoutMs: stopLoss.timeoutMs,
              breakeven: stopLoss.breakeven !== null,
            },
    },
  };
}
