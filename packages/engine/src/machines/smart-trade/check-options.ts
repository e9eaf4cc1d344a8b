import { checkFilters, formatAmount, formatPrice, type Price } from '@counterfoil/vocabulary';
import { isGain } from '../direction.ts';
import { type Refusal, Refusals } from '../refusal.ts';
import type { SmartTradeOptions } from './options.ts';

const TARGETS_MAX = 8;
const RATE_ONE = 100_000_000n;
const PPM = 100n;

/** Everything that makes a SmartTrade impossible or surely wrong at `price`. */
export function checkSmartTradeOptions(options: SmartTradeOptions, price: Price): readonly Refusal[] {
  const refusals = new Refusals();
  const { market, direction, entry, exit, quantity } = options;
  const at =
    entry.kind === 'limit'
      ? entry.price
      : entry.kind === 'held'
        ? entry.average
        : entry.kind === 'conditional'
          ? (entry.limit ?? entry.price)
          : price;
  const type = entry.kind === 'limit' ? 'limit' : 'market';
  const broken = checkFilters(market, at, quantity, type);
  refusals.require(
    broken === null,
    'quantity',
    broken?.limit ?? '',
    `The position breaks ${broken?.reason ?? ''} (limit ${broken?.limit ?? ''}): the smallest order on ${market.symbol} is ${formatAmount(market, market.notionalMin)} ${market.quote}.`,
  );
  refusals.require(
    market.kind === 'spot',
    'market',
    'spot',
    `${market.symbol} is a ${market.kind} contract; SmartTrades here trade spot markets.`,
  );
  if (entry.kind === 'conditional') {
    refusals.require(
      entry.trailing === null || entry.limit === null,
      'entry.trailing',
      'market',
      'A trailing entry goes to market; give no limit price.',
    );
    if (entry.trailing !== null) checkTrail('entry.trailing', entry.trailing, refusals);
  }
  if (exit === null) {
    refusals.require(
      entry.kind !== 'held',
      'exit',
      'a target or a stop',
      'A held position needs a target or a stop, or there is nothing to do.',
    );
    return refusals.list;
  }
  refusals.integer('exit.targets', exit.targets.length, 0, TARGETS_MAX);
  refusals.require(
    exit.targets.length > 0 || exit.stop !== null,
    'exit',
    'a target or a stop',
    'The trade would never end: add a target or a stop.',
  );
  const shares = exit.targets.reduce((sum, target) => sum + target.share, 0n);
  refusals.require(
    exit.targets.length === 0 || shares === RATE_ONE,
    'exit.targets',
    '100 %',
    'The shares of the targets must sum to 100 %.',
  );
  for (const { at: target } of exit.targets) {
    const gains = target.by === 'rate' ? target.rate > 0n : isGain(direction, target.price, at);
    refusals.require(
      gains,
      'exit.targets',
      formatPrice(market, at),
      `Each target must be a gain over the entry at ${formatPrice(market, at)}; use the stop for losses.`,
    );
  }
  if (exit.trailing !== null) {
    checkTrail('exit.trailing', exit.trailing, refusals);
    refusals.require(
      exit.targets.length > 0,
      'exit.trailing',
      'a target',
      'A trail begins at a target; add one.',
    );
  }
  const stop = exit.stop;
  if (stop === null) return refusals.list;
  const loses =
    stop.at.by === 'rate'
      ? stop.at.rate > 0n && stop.at.rate < RATE_ONE
      : !isGain(direction, stop.at.price, at) || entry.kind === 'held';
  refusals.require(
    loses,
    'exit.stop',
    formatPrice(market, at),
    `The stop must lie on the losing side of the entry at ${formatPrice(market, at)}.`,
  );
  if (stop.trailing && stop.at.by === 'rate') checkTrail('exit.stop', stop.at.rate, refusals);
  return refusals.list;
}

function checkTrail(field: string, rate: bigint, refusals: Refusals): void {
  const holds = rate >= PPM && rate < RATE_ONE && rate % PPM === 0n;
  refusals.require(
    holds,
    field,
    '0.0001 % to 99.9999 %',
    'A trailing distance must be between 0.0001 % and 99.9999 % in steps of 0.0001 %.',
  );
}
