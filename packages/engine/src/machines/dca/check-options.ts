import {
  type Amount,
  checkFilters,
  floorToTick,
  formatAmount,
  formatDecimal,
  formatPrice,
  type Market,
  notional,
  type Price,
  type Rate,
  RATE_SCALE,
} from '@counterfoil/vocabulary';
import { createIndicator } from '../../indicators/specification.ts';
import { isGain } from '../direction.ts';
import type { Condition } from '../machine.ts';
import { type Refusal, Refusals, brokenRule } from '../refusal.ts';
import { type FreeMoney, ladderSteps, sizeToQuantity, stepPrice } from './ladder.ts';
import { type DcaOptions, RATE_ONE } from './options.ts';

/** As the known service limits them; a ladder of 200 orders already exceeds most venues' open-order limits. */
const STEPS_MAX = 200;
const DEALS_MAX = 199;
const TARGETS_MAX = 4;
const SCALE_MIN = RATE_ONE / 10n;
const SCALE_MAX = RATE_ONE * 10n;
const COOLDOWN_MAX_MS = 2_592_000_000;
const TIMEOUT_MIN_MS = 60_000;
/** Trailing distances are whole parts per million. */
const PPM = RATE_ONE / 1_000_000n;

/**
 * Everything that makes a bot impossible or surely wrong, at the given prices (one per market) and, where known,
 * free money. An empty list means that every order of a deal passes the venue's filters at these prices.
 */
export function checkDcaOptions(
  options: DcaOptions,
  prices: readonly Price[],
  free: FreeMoney | null = null,
): readonly Refusal[] {
  const refusals = new Refusals();
  checkCounts(options, refusals);
  checkMarkets(options, refusals);
  checkConditions('start.conditions', options.start.conditions ?? [], refusals);
  checkConditions('averaging.conditions', options.averaging.conditions, refusals);
  checkConditions('closing.conditions', options.closing.conditions, refusals);
  checkTakeProfit(options, refusals);
  checkStopLoss(options, refusals);
  checkReinvesting(options, refusals);
  if (refusals.list.length > 0) return refusals.list;
  for (const [index, market] of options.markets.entries()) {
    const price = prices[index];
    if (price !== undefined) checkOrders(options, market, price, free, refusals);
  }
  return refusals.list;
}

function checkCounts(options: DcaOptions, refusals: Refusals): void {
  const { averaging, start, closing } = options;
  refusals.integer('dealsAtOnce', options.dealsAtOnce, 1, DEALS_MAX);
  refusals.integer('dealsPerMarket', options.dealsPerMarket, 1, DEALS_MAX);
  if (options.dealsMax !== null) refusals.integer('dealsMax', options.dealsMax, 1, Number.MAX_SAFE_INTEGER);
  refusals.integer('start.cooldownMs', start.cooldownMs, 0, COOLDOWN_MAX_MS);
  refusals.integer('start.delayMs', start.delayMs, 0, COOLDOWN_MAX_MS);
  if (closing.timeoutMs !== null) {
    refusals.integer('closing.timeoutMs', closing.timeoutMs, TIMEOUT_MIN_MS, Number.MAX_SAFE_INTEGER);
  }
  const { ladder } = averaging;
  const steps = ladder.kind === 'scaled' ? ladder.steps : ladder.steps.length;
  refusals.integer('averaging.ladder.steps', steps, 0, STEPS_MAX);
  refusals.integer('averaging.activeMax', averaging.activeMax, steps === 0 ? 0 : 1, STEPS_MAX);
  if (ladder.kind !== 'scaled') return;
  for (const field of ['stepScale', 'volumeScale'] as const) {
    const holds = ladder[field] >= SCALE_MIN && ladder[field] <= SCALE_MAX;
    refusals.require(holds, `averaging.ladder.${field}`, '0.1 to 10', 'scale-out-of-range', {
      field,
      given: percentless(ladder[field]),
    });
  }
  if (steps === 0) return;
  refusals.require(
    ladder.deviation > 0n,
    'averaging.ladder.deviation',
    'above 0 %',
    'ladder-without-distance',
    {},
  );
}

function checkMarkets(options: DcaOptions, refusals: Refusals): void {
  const [first] = options.markets;
  if (first === undefined) {
    refusals.require(false, 'markets', 'at least 1', 'market-missing', {});
    return;
  }
  for (const market of options.markets) {
    const same = market.quote === first.quote && market.quoteScale === first.quoteScale;
    refusals.require(same, 'markets', `quote ${first.quote}`, 'market-of-other-quote', {
      symbol: market.symbol,
      quote: first.quote,
    });
    refusals.require(market.kind === 'spot', 'markets', 'spot', 'market-not-spot', {
      symbol: market.symbol,
      contract: market.kind,
    });
  }
  const several = options.markets.length > 1;
  refusals.require(
    !several || options.start.priceRange?.by !== 'price',
    'start.priceRange',
    'percent',
    'range-for-one-market',
    {},
  );
  const sizes = [options.baseOrder, ...ladderSteps(options).map((step) => step.size)];
  const shortPercent =
    several && options.direction === 'short' && sizes.some((size) => size.by === 'percent');
  refusals.require(!shortPercent, 'baseOrder', 'quote or base', 'percent-of-base', {});
}

function checkConditions(field: string, conditions: readonly Condition[], refusals: Refusals): void {
  for (const condition of conditions) {
    if (condition.kind === 'signal') continue;
    try {
      createIndicator(condition.indicator);
    } catch (error) {
      if (!(error instanceof RangeError)) throw error;
      refusals.require(false, field, 'see message', 'indicator-impossible', { quoted: error.message });
    }
  }
  const mixed = new Set(conditions.map((one) => one.kind)).size > 1;
  const isStart = field.startsWith('start');
  refusals.require(isStart || !mixed, field, 'one kind', 'conditions-mixed', { field });
}

function checkTakeProfit({ takeProfit, closing }: DcaOptions, refusals: Refusals): void {
  refusals.integer('takeProfit.steps', takeProfit.steps.length, 0, TARGETS_MAX);
  let shares = 0n;
  let last = 0n;
  for (const step of takeProfit.steps) {
    shares += step.share;
    refusals.require(step.rate > last, 'takeProfit.steps', `above ${percent(last)}`, 'targets-not-rising', {
      given: percent(step.rate),
      before: percent(last),
    });
    refusals.require(step.share > 0n, 'takeProfit.steps', 'above 0 %', 'target-without-share', {});
    last = step.rate;
  }
  const whole = takeProfit.steps.length === 0 || shares === RATE_ONE;
  refusals.require(whole, 'takeProfit.steps', '100 %', 'shares-not-whole', { given: percent(shares) });
  const leaves = takeProfit.steps.length > 0 || closing.conditions.length > 0 || closing.timeoutMs !== null;
  refusals.require(leaves, 'takeProfit.steps', 'at least 1', 'nothing-closes', {});
  if (takeProfit.trailing !== null) checkTrail('takeProfit.trailing', takeProfit.trailing, refusals);
  const tooFar = takeProfit.trailing !== null && takeProfit.steps.length === 0;
  refusals.require(!tooFar, 'takeProfit.trailing', 'a target', 'trail-without-target', {});
}

function checkStopLoss(options: DcaOptions, refusals: Refusals): void {
  const { stopLoss } = options;
  if (stopLoss === null) return;
  refusals.require(
    stopLoss.rate > 0n && stopLoss.rate < RATE_ONE,
    'stopLoss.rate',
    '0 % to 100 %',
    'stop-not-possible',
    { given: percent(stopLoss.rate) },
  );
  if (stopLoss.timeoutMs !== null)
    refusals.integer('stopLoss.timeoutMs', stopLoss.timeoutMs, 1_000, COOLDOWN_MAX_MS);
  if (stopLoss.trailing) checkTrail('stopLoss.rate', stopLoss.rate, refusals);
  const deepest = ladderSteps(options).at(-1)?.deviation ?? 0n;
  const beyond = stopLoss.trailing || stopLoss.rate > deepest;
  refusals.require(beyond, 'stopLoss.rate', `above ${percent(deepest)}`, 'stop-before-averaging', {
    given: percent(stopLoss.rate),
    deepest: percent(deepest),
  });
}

function checkTrail(field: string, rate: Rate, refusals: Refusals): void {
  const holds = rate >= PPM && rate < RATE_ONE && rate % PPM === 0n;
  refusals.require(holds, field, '0.0001 % to 99.9999 %', 'trail-not-possible', { given: percent(rate) });
}

function checkReinvesting(options: DcaOptions, refusals: Refusals): void {
  const used = options.reinvestRate !== 0n || options.riskReductionRate !== 0n;
  if (!used) return;
  for (const field of ['reinvestRate', 'riskReductionRate'] as const) {
    refusals.require(
      options[field] >= 0n && options[field] <= RATE_ONE,
      field,
      '0 % to 100 %',
      'rate-out-of-range',
      { field, given: percent(options[field]) },
    );
  }
  const sizes = [options.baseOrder, ...ladderSteps(options).map((step) => step.size)];
  const inQuote = options.profitCurrency === 'quote' && sizes.every((size) => size.by === 'quote');
  refusals.require(inQuote, 'reinvestRate', 'quote', 'reinvest-in-quote', {});
}

/** Every order of a deal begun at `price`: does the venue take it, do prices differ, is there money for all? */
function checkOrders(
  options: DcaOptions,
  market: Market,
  price: Price,
  free: FreeMoney | null,
  refusals: Refusals,
): void {
  const { direction } = options;
  const at = floorToTick(market, price);
  const sizes = [{ field: 'baseOrder', price: at, size: options.baseOrder, type: options.baseOrderType }];
  for (const [n, step] of ladderSteps(options).entries()) {
    const limit = stepPrice(market, direction, at, step);
    sizes.push({ field: `averaging order ${n + 1}`, price: limit, size: step.size, type: 'limit' });
    const before = sizes[n]?.price ?? at;
    const apart = limit !== before && isGain(direction, before, limit);
    refusals.require(apart, 'averaging.ladder', formatPrice(market, market.tick), 'averaging-on-same-price', {
      step: n + 1,
      symbol: market.symbol,
      price: formatPrice(market, limit),
      tick: formatPrice(market, market.tick),
    });
    refusals.require(limit > 0n, 'averaging.ladder', 'above 0', 'averaging-below-zero', {
      step: n + 1,
      symbol: market.symbol,
    });
  }
  let money = 0n;
  let covered = 0;
  for (const [step, { field, price: limit, size, type }] of sizes.entries()) {
    if (limit <= 0n) continue;
    const quantity = sizeToQuantity(market, direction, size, limit, free);
    if (size.by === 'percent' && free === null) continue;
    const broken = checkFilters(market, limit, quantity, type);
    if (broken !== null) {
      const rule = brokenRule(market, broken);
      if (step === 0) refusals.require(false, field, broken.limit, 'base-breaks-rule', rule);
      else refusals.require(false, field, broken.limit, 'averaging-breaks-rule', { step, ...rule });
    }
    money += direction === 'long' ? notional(market, limit, quantity, 'ceil') : quantity;
    if (free !== null && money <= (direction === 'long' ? free.quote : free.base)) covered++;
  }
  if (free === null || covered === sizes.length) return;
  const held =
    direction === 'long'
      ? formatAmount(market, free.quote)
      : formatDecimal({ units: free.base, scale: market.quantityScale });
  const needed =
    direction === 'long'
      ? formatAmount(market, money as Amount)
      : formatDecimal({ units: money, scale: market.quantityScale });
  const asset = direction === 'long' ? market.quote : market.base;
  refusals.require(false, 'baseOrder', `${held} ${asset}`, 'money-short', {
    held,
    needed,
    asset,
    covered,
    orders: sizes.length,
  });
}

function percent(rate: bigint): string {
  return `${formatDecimal({ units: rate * 100n, scale: RATE_SCALE })} %`;
}

function percentless(rate: bigint): string {
  return formatDecimal({ units: rate, scale: RATE_SCALE });
}
