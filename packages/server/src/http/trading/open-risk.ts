/** What an owner's open positions can lose, as the plan's stops stand now. */
import {
  type Account,
  averageEntry,
  type DcaState,
  openQuantity,
  type SmartTradeState,
  stopLevel,
  stopPrice,
} from '@counterfoil/engine';
import { type Amount, type Direction, type Market, notional, type Price } from '@counterfoil/vocabulary';
import type { BotPlan } from '../../runner/plan.ts';

export interface Risk {
  readonly market: Market;
  readonly amount: Amount;
}

/** Of deals and SmartTrades; what a grid holds has its sale at the line above and counts for nothing here. */
export function risksOf(plan: BotPlan, state: unknown): readonly Risk[] {
  if (state === null || plan.kind === 'grid') return [];
  if (plan.kind === 'smart-trade') {
    const { market, direction } = plan.options;
    // The state of a bot is its own machine's.
    const { account, exit, phase } = state as SmartTradeState;
    if (phase === 'done' || account.enteredQuantity === 0n) return [];
    const at = exit?.stop?.at ?? null;
    const stop =
      at === null
        ? null
        : at.by === 'price'
          ? at.price
          : stopPrice(market, direction, averageEntry(account, market), at.rate);
    return [{ market, amount: lossAtStop(market, direction, account, stop) }];
  }
  return (state as DcaState).deals.flatMap((deal) => {
    const market = plan.options.markets[deal.market];
    if (market === undefined) return [];
    const stop = stopLevel(deal, market)?.price ?? null;
    return [{ market, amount: lossAtStop(market, deal.options.direction, deal.account, stop) }];
  });
}

/** What a position loses when all of it leaves at `stop`, fees aside; without a stop all that is still in it. */
export function lossAtStop(
  market: Market,
  direction: Direction,
  account: Account,
  stop: Price | null,
): Amount {
  const open = openQuantity(account, direction);
  if (open <= 0n) return 0n as Amount;
  const inIt = account.enteredAmount - account.exitedAmount;
  const atStop = stop === null ? 0n : notional(market, stop, open, direction === 'long' ? 'floor' : 'ceil');
  // A short's entry brought the amount that buying back costs.
  const loss = stop === null || direction === 'long' ? inIt - atStop : atStop - inIt;
  // Amounts of one market; a stop in the gain loses nothing.
  return (loss > 0n ? loss : 0n) as Amount;
}
