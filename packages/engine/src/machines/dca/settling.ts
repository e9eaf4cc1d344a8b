import { applyRate, type Price } from '@counterfoil/vocabulary';
import { baseGain, quoteGain } from '../account.ts';
import type { CloseReason } from '../notes.ts';
import { plus } from '../units.ts';
import { type DesiredOrder, onSteps, reconcile } from '../working-orders.ts';
import { averagingOrders } from './entries.ts';
import { closingOrder, isExited, targetOrders } from './exits.ts';
import type { DcaDeal } from './state.ts';
import type { Turn } from './turn.ts';

/**
 * Brings the orders of a deal to what its phase wants, and ends the deal when nothing is left to do. Every change
 * of a deal passes here exactly once per event.
 */
export function settleDeal(turn: Turn, deal: DcaDeal, price: Price): void {
  const desired = desiredOrders(turn, deal, price);
  const { orders, intents } = reconcile(deal.orders, desired, turn.atMs, turn.marketOf(deal));
  turn.ask(intents);
  const settled = orders === deal.orders ? deal : { ...deal, orders };
  if (isOver(turn, settled, desired, price)) finishDeal(turn, settled);
  else turn.keep(settled);
}

function desiredOrders(turn: Turn, deal: DcaDeal, price: Price): readonly DesiredOrder[] {
  const market = turn.marketOf(deal);
  switch (deal.phase) {
    case 'opening':
      return [onSteps(market, deal.base)];
    case 'open':
      return [
        ...averagingOrders(deal, market, price),
        ...deal.extras.map((extra) => onSteps(market, extra)),
        ...targetOrders(deal, market),
      ];
    case 'closing':
      return closingOrder(deal, market, price);
    case 'leaving':
      return [];
    default:
      return deal.phase satisfies never;
  }
}

/** A deal is over when it works no order, wants none, and holds nothing that could still be traded. */
function isOver(turn: Turn, deal: DcaDeal, desired: readonly DesiredOrder[], price: Price): boolean {
  if (deal.orders.working.length > 0) return false;
  if (deal.phase === 'leaving') return true;
  return deal.phase === 'closing' && desired.length === 0 && isExited(deal, turn.marketOf(deal), price);
}

/** Begins to leave a position at market; the deal ends when the fills are in. */
export function closing(turn: Turn, deal: DcaDeal, why: CloseReason, price: Price): DcaDeal {
  turn.note({ code: 'closing', deal: deal.number, why, price });
  return { ...deal, phase: 'closing', why, stopCountdownUntilMs: null };
}

function finishDeal(turn: Turn, deal: DcaDeal): void {
  const { direction, profitCurrency, reinvestRate, riskReductionRate } = turn.options;
  const profit = quoteGain(deal.account, direction);
  turn.note({
    code: 'deal-closed',
    deal: deal.number,
    market: deal.market,
    why: deal.account.enteredQuantity === 0n ? 'not-opened' : (deal.why ?? 'take-profit'),
    startedAtMs: deal.startedAtMs,
    endedAtMs: turn.atMs,
    profit,
    baseLeft: baseGain(deal.account, direction),
    entered: deal.account.enteredAmount,
    averagings: deal.averagingsDone,
  });
  turn.set({ deals: turn.state.deals.filter((one) => one.number !== deal.number) });
  if (profitCurrency === 'quote' && profit !== 0n) {
    const carried = applyRate(profit, profit > 0n ? reinvestRate : riskReductionRate, 'floor');
    turn.set({ carried: plus(turn.state.carried, carried) });
  }
  waitForNext(turn, deal);
}

function waitForNext(turn: Turn, deal: DcaDeal): void {
  const { cooldownMs } = turn.options.start;
  if (turn.watch(deal.market)?.stage.kind === 'delay') return;
  if (cooldownMs === 0) {
    // A deal that did not open would be tried again at this very price, without end: the next candle comes first.
    const afterMs = deal.account.enteredQuantity === 0n ? turn.atMs : null;
    turn.setStage(deal.market, { kind: 'conditions', afterMs });
    return;
  }
  const untilMs = turn.atMs + cooldownMs;
  turn.setStage(deal.market, { kind: 'cooldown', untilMs });
  turn.note({ code: 'waiting-for-cooldown', market: deal.market, untilMs });
}
