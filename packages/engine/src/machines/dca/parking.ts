import type { Market } from '@counterfoil/vocabulary';
import { comesBack, gainReaches, lossReaches } from '../direction.ts';
import type { Condition, IndicatorCondition, Parked } from '../machine.ts';
import { minus, plus, toLevel } from '../units.ts';
import { nextRetryMs, PARTLY_OPEN_MAX_MS } from '../working-orders.ts';
import { nextStepPrice } from './entries.ts';
import { stopLevel, trailedTarget } from './exits.ts';
import type { DcaOptions } from './options.ts';
import { rangeOf } from './starting.ts';
import type { DcaDeal, DcaState } from './state.ts';

/** Everything a bot is parked on: its next deals, and what its open deals wait for besides their orders. */
export function parkedOn(options: DcaOptions, state: DcaState, atMs: number): readonly Parked[] {
  const parked: Parked[] = [];
  for (const index of options.markets.keys()) parkStart(options, state, index, atMs, parked);
  for (const deal of state.deals) {
    const market = options.markets[deal.market];
    if (market !== undefined) parkDeal(deal, market, parked);
  }
  return parked;
}

function parkStart(
  options: DcaOptions,
  state: DcaState,
  index: number,
  atMs: number,
  parked: Parked[],
): void {
  const watch = state.markets[index];
  const { conditions } = options.start;
  if (watch === undefined || !state.enabled) return;
  const { stage } = watch;
  if (stage.kind === 'delay') {
    parked.push({ name: `start-${index}-delay`, on: { kind: 'time', market: index, atMs: stage.untilMs } });
    return;
  }
  if (conditions === null || !hasRoom(options, state, index)) return;
  switch (stage.kind) {
    case 'cooldown':
      parked.push({
        name: `start-${index}-cooldown`,
        on: { kind: 'time', market: index, atMs: stage.untilMs },
      });
      return;
    case 'price-range':
      parkRange(options, watch, index, parked);
      return;
    case 'conditions': {
      const missing = conditions.some(
        (one) => one.kind === 'signal' && (watch.signals[one.name] ?? -Infinity) < atMs,
      );
      if (missing) return;
      const asked = withTurnover(options, index);
      const on = { kind: 'conditions', market: index, conditions: asked, afterMs: stage.afterMs } as const;
      parked.push({ name: `start-${index}-conditions`, on });
      return;
    }
    default:
      stage satisfies never;
  }
}

function parkRange(
  options: DcaOptions,
  watch: DcaState['markets'][number],
  index: number,
  parked: Parked[],
): void {
  const range = rangeOf(options, watch);
  if (range === null || watch.lastPrice === null) return;
  if (range.min !== null && watch.lastPrice < range.min) {
    const condition = { kind: 'at-or-above', level: toLevel(range.min) } as const;
    parked.push({ name: `start-${index}-range`, on: { kind: 'price', market: index, condition } });
  } else if (range.max !== null) {
    const condition = { kind: 'at-or-below', level: toLevel(range.max) } as const;
    parked.push({ name: `start-${index}-range`, on: { kind: 'price', market: index, condition } });
  }
}

/** Whether a deal on this market may start as far as the limits on deals go. */
export function hasRoom(options: DcaOptions, state: DcaState, index: number): boolean {
  if (options.dealsMax !== null && state.dealsStarted >= options.dealsMax) return false;
  if (state.deals.length >= options.dealsAtOnce) return false;
  return state.deals.filter((deal) => deal.market === index).length < options.dealsPerMarket;
}

/** Start conditions on closed candles; a least turnover is one of them. */
function withTurnover(options: DcaOptions, index: number): readonly IndicatorCondition[] {
  const asked = indicatorsIn(options.start.conditions ?? []);
  const market = options.markets[index];
  if (options.start.turnoverMin === null || market === undefined) return asked;
  const level = Number(options.start.turnoverMin) / 10 ** market.quoteScale;
  const turnover: IndicatorCondition = {
    kind: 'indicator',
    indicator: { kind: 'turnover', period: 288 },
    timeframe: '5m',
    compare: 'greater',
    level,
  };
  return [...asked, turnover];
}

export function indicatorsIn(conditions: readonly Condition[]): readonly IndicatorCondition[] {
  return conditions.filter((one) => one.kind === 'indicator');
}

function parkDeal(deal: DcaDeal, market: Market, parked: Parked[]): void {
  const prefix = `d${deal.number}`;
  const retryMs = nextRetryMs(deal.orders);
  if (retryMs !== null)
    parked.push({ name: `${prefix}-retry`, on: { kind: 'time', market: deal.market, atMs: retryMs } });
  if (deal.phase === 'closing' || deal.phase === 'leaving') return;
  const { closing } = deal.options;
  if (closing.timeoutMs !== null) {
    parked.push({
      name: `${prefix}-timeout`,
      on: { kind: 'time', market: deal.market, atMs: deal.startedAtMs + closing.timeoutMs },
    });
  }
  if (deal.phase === 'opening') {
    if (deal.partlyOpenSinceMs === null) return;
    const atMs = deal.partlyOpenSinceMs + PARTLY_OPEN_MAX_MS;
    parked.push({ name: `${prefix}-partly-open`, on: { kind: 'time', market: deal.market, atMs } });
    return;
  }
  parkTarget(deal, market, prefix, parked);
  parkStop(deal, market, prefix, parked);
  if (closing.conditions.length > 0) {
    const conditions = indicatorsIn(closing.conditions);
    // Signals close at their own moment; only candles are waited for here.
    if (conditions.length === closing.conditions.length) {
      const on = { kind: 'conditions', market: deal.market, conditions, afterMs: deal.closeAfterMs } as const;
      parked.push({ name: `${prefix}-close`, on });
    }
  }
  parkAveraging(deal, market, prefix, parked);
}

function parkTarget(deal: DcaDeal, market: Market, prefix: string, parked: Parked[]): void {
  const { direction, takeProfit } = deal.options;
  const at = (name: string, condition: ReturnType<typeof gainReaches>): void => {
    parked.push({ name: `${prefix}-${name}`, on: { kind: 'price', market: deal.market, condition } });
  };
  if (deal.trailingFrom !== null && takeProfit.trailing !== null) {
    at('trail', comesBack(direction, deal.trailingFrom, takeProfit.trailing));
    return;
  }
  const target = trailedTarget(deal, market);
  if (target !== null) at('target', gainReaches(direction, target));
}

function parkStop(deal: DcaDeal, market: Market, prefix: string, parked: Parked[]): void {
  const { direction, stopLoss } = deal.options;
  const level = stopLevel(deal, market);
  if (stopLoss === null || level === null || deal.basePrice === null) return;
  const at = (name: string, condition: ReturnType<typeof lossReaches>): void => {
    parked.push({ name: `${prefix}-${name}`, on: { kind: 'price', market: deal.market, condition } });
  };
  if (deal.stopCountdownUntilMs !== null) {
    parked.push({
      name: `${prefix}-stop-over`,
      on: { kind: 'time', market: deal.market, atMs: deal.stopCountdownUntilMs },
    });
    const better = direction === 'long' ? plus(level.price, market.tick) : minus(level.price, market.tick);
    at('stop-back', gainReaches(direction, better));
    return;
  }
  if (stopLoss.trailing) at('stop-trail', comesBack(direction, deal.basePrice, stopLoss.rate));
  if (!stopLoss.trailing || level.earned) at('stop', lossReaches(direction, level.price));
}

function parkAveraging(deal: DcaDeal, market: Market, prefix: string, parked: Parked[]): void {
  const { averaging } = deal.options;
  if (averaging.conditions.length === 0 || deal.averagingNow || nextStepPrice(deal, market) === null) return;
  const conditions = indicatorsIn(averaging.conditions);
  if (conditions.length < averaging.conditions.length) return;
  const on = { kind: 'conditions', market: deal.market, conditions, afterMs: deal.averageAfterMs } as const;
  parked.push({ name: `${prefix}-average`, on });
}
