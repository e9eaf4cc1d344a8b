import type { Fill, OrderRefusal, OrderReport, Price } from '@counterfoil/vocabulary';
import { averageEntry, book } from '../account.ts';
import { isGain } from '../direction.ts';
import { bookFill, bookRefusal, bookReport, type WorkingOrder } from '../working-orders.ts';
import { nextStepPrice } from './entries.ts';
import { gainAt, isExited, stopLevel, wantedGain } from './exits.ts';
import { closing, settleDeal } from './settling.ts';
import type { DcaDeal } from './state.ts';
import type { Turn } from './turn.ts';

/** A fill changes the books first, then what its order was for, then which orders are wanted. */
export function fillOrder(turn: Turn, deal: DcaDeal, order: WorkingOrder, fill: Fill): void {
  const booked = bookFill(deal.orders, order, fill);
  if (!booked.isNew) {
    turn.note({ code: 'ignored', what: order.name, why: 'booked', detail: fill.tradeId });
    return;
  }
  turn.look(deal.market, fill.price);
  const account = book(deal.account, turn.marketOf(deal), deal.options.direction, fill);
  let next: DcaDeal = { ...deal, orders: booked.orders, account };
  if (order.role === 'base') next = withBaseFill(turn, next, order);
  if (booked.complete) next = orderComplete(turn, next, booked.order, fill.price);
  // The venue had ended it before this fill was told: what was bought is the base order, and needs its exits.
  else if (booked.over && order.role === 'base') next = baseComplete(turn, next);
  settleDeal(turn, exitedByTargets(turn, next, fill.price), fill.price);
}

function withBaseFill(turn: Turn, deal: DcaDeal, order: WorkingOrder): DcaDeal {
  // A market order's other parts are on their way in the same moment; only a limit order can stay in between.
  const waits = order.type === 'limit' && deal.phase === 'opening';
  const since = deal.partlyOpenSinceMs ?? turn.atMs;
  return { ...deal, baseAmount: deal.account.enteredAmount, partlyOpenSinceMs: waits ? since : null };
}

function orderComplete(turn: Turn, deal: DcaDeal, order: WorkingOrder, price: Price): DcaDeal {
  const { role } = order;
  const quantity = order.filledQuantity;
  if (role === 'base') return baseComplete(turn, deal);
  if (role.startsWith('avg')) {
    const step = deal.averagingsDone + 1;
    const average = averageEntry(deal.account, turn.marketOf(deal));
    turn.note({ code: 'averaged', deal: deal.number, step, price, quantity, average });
    return { ...deal, averagingsDone: step, averagingNow: false, averageAfterMs: turn.atMs };
  }
  if (role.startsWith('tp')) {
    const step = deal.targetsTaken.length + 1;
    turn.note({ code: 'target-taken', deal: deal.number, step, price, quantity });
    const taken: DcaDeal = { ...deal, targetsTaken: [...deal.targetsTaken, order.price ?? price] };
    noteMovedStop(turn, deal, taken);
    return taken;
  }
  return { ...deal, extras: deal.extras.filter((one) => one.role !== role) };
}

/** Also when the venue ended a base order that was partly filled: what was bought is the base order then. */
function baseComplete(turn: Turn, deal: DcaDeal): DcaDeal {
  if (deal.phase !== 'opening') return deal;
  const basePrice = averageEntry(deal.account, turn.marketOf(deal));
  const quantity = deal.account.enteredQuantity;
  turn.note({ code: 'deal-opened', deal: deal.number, price: basePrice, quantity });
  return { ...deal, phase: 'open', basePrice, averageAfterMs: turn.atMs, closeAfterMs: turn.atMs };
}

function noteMovedStop(turn: Turn, before: DcaDeal, after: DcaDeal): void {
  const market = turn.marketOf(after);
  const level = stopLevel(after, market);
  if (level !== null && level.price !== stopLevel(before, market)?.price) {
    turn.note({ code: 'stop-moved', deal: after.number, price: level.price });
  }
}

/** When targets have sold everything, what is left to do is cancelling the averaging orders. */
function exitedByTargets(turn: Turn, deal: DcaDeal, price: Price): DcaDeal {
  if (deal.phase !== 'open' || !isExited(deal, turn.marketOf(deal), price)) return deal;
  const why = deal.targetsTaken.length > 0 ? 'take-profit' : 'closed-by-user';
  return { ...deal, phase: 'closing', why };
}

export function reportOrder(turn: Turn, deal: DcaDeal, order: WorkingOrder, report: OrderReport): void {
  const { orders, ended, notes } = bookReport(deal.orders, order, report);
  for (const note of notes) turn.note(note);
  let next: DcaDeal = { ...deal, orders };
  if (ended && order.role === 'base') {
    if (next.account.enteredQuantity > 0n) next = baseComplete(turn, next);
    else if (order.state === 'cancelling') next = { ...next, phase: 'leaving' };
  }
  settleDeal(turn, next, turn.priceOf(deal.market));
}

export function refuseOrder(turn: Turn, deal: DcaDeal, order: WorkingOrder, refusal: OrderRefusal): void {
  const { orders, notes } = bookRefusal(deal.orders, order, refusal);
  for (const note of notes) turn.note(note);
  // A refused base order ends its deal: the price it was sized for is gone by the time it could be asked again.
  const phase = order.role === 'base' && deal.phase === 'opening' ? 'leaving' : deal.phase;
  const extras = deal.extras.filter((one) => one.role !== order.role);
  settleDeal(turn, { ...deal, orders, phase, extras }, turn.priceOf(deal.market));
}

/** What a trigger of a deal means; `what` is its name without the deal. */
export function triggerDeal(turn: Turn, deal: DcaDeal, what: string, price: Price): void {
  turn.look(deal.market, price);
  const next = what.startsWith('signal:')
    ? bySignal(turn, deal, what.slice('signal:'.length), price)
    : byTrigger(turn, deal, what, price);
  if (next !== null) settleDeal(turn, next, price);
}

function byTrigger(turn: Turn, deal: DcaDeal, what: string, price: Price): DcaDeal | null {
  switch (what) {
    case 'retry':
      return deal;
    case 'timeout':
      return deal.phase === 'opening' && deal.account.enteredQuantity === 0n
        ? { ...deal, phase: 'leaving', why: 'timeout' }
        : closing(turn, deal, 'timeout', price);
    case 'partly-open':
      return baseComplete(turn, deal);
    case 'target':
      turn.note({ code: 'trailing-began', deal: deal.number, price });
      return { ...deal, trailingFrom: price };
    case 'trail':
      return closing(turn, deal, 'trailing-take-profit', price);
    case 'stop':
    case 'stop-trail':
      return stopReached(turn, deal, price);
    case 'stop-back':
      turn.note({ code: 'stop-countdown-ended', deal: deal.number, price });
      return { ...deal, stopCountdownUntilMs: null };
    case 'stop-over':
      return stopped(turn, deal, price);
    case 'close':
      return closeByCondition(turn, deal, price);
    case 'average':
      return averageByCondition(turn, deal, price);
    default:
      turn.note({ code: 'ignored', what, why: 'no-such-trigger', detail: 'deal' });
      return null;
  }
}

function bySignal(turn: Turn, deal: DcaDeal, name: string, price: Price): DcaDeal | null {
  if (deal.phase !== 'open') return null;
  const names = (conditions: DcaDeal['options']['start']['conditions']): boolean =>
    (conditions ?? []).some((one) => one.kind === 'signal' && one.name === name);
  if (names(deal.options.closing.conditions)) return closeByCondition(turn, deal, price);
  if (names(deal.options.averaging.conditions)) return averageByCondition(turn, deal, price);
  return null;
}

function stopReached(turn: Turn, deal: DcaDeal, price: Price): DcaDeal {
  const timeoutMs = deal.options.stopLoss?.timeoutMs ?? null;
  if (timeoutMs === null) return stopped(turn, deal, price);
  const untilMs = turn.atMs + timeoutMs;
  turn.note({ code: 'stop-countdown-began', deal: deal.number, price, untilMs });
  return { ...deal, stopCountdownUntilMs: untilMs };
}

function stopped(turn: Turn, deal: DcaDeal, price: Price): DcaDeal {
  if (deal.options.stopLoss?.stopBot === true) turn.disable('bot-stopped-by-stop-loss');
  return closing(turn, deal, 'stop-loss', price);
}

function closeByCondition(turn: Turn, deal: DcaDeal, price: Price): DcaDeal {
  const { profitMin } = deal.options.closing;
  if (profitMin !== null) {
    const profit = gainAt(deal, turn.marketOf(deal), price);
    const wanted = wantedGain(deal, profitMin.of, profitMin.rate);
    if (profit < wanted) {
      turn.note({ code: 'profit-too-small', deal: deal.number, profit, wanted });
      return { ...deal, closeAfterMs: turn.atMs };
    }
  }
  return closing(turn, deal, 'signal', price);
}

/** The conditions choose the moment; the step's price must be reached too, or averaging would not lower the average. */
function averageByCondition(turn: Turn, deal: DcaDeal, price: Price): DcaDeal {
  const limit = nextStepPrice(deal, turn.marketOf(deal));
  const reached = limit !== null && isGain(deal.options.direction, limit, price);
  return reached ? { ...deal, averagingNow: true } : { ...deal, averageAfterMs: turn.atMs };
}
