import { checkFilters, formatPrice, type Price } from '@counterfoil/vocabulary';
import { isGain } from '../direction.ts';
import { type Refusal, Refusals, brokenRule } from '../refusal.ts';
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
  if (broken !== null)
    refusals.require(false, 'quantity', broken.limit, 'position-breaks-rule', brokenRule(market, broken));
  refusals.require(market.kind === 'spot', 'market', 'spot', 'trade-not-spot', {
    symbol: market.symbol,
    contract: market.kind,
  });
  if (entry.kind === 'conditional') {
    refusals.require(
      entry.trailing === null || entry.limit === null,
      'entry.trailing',
      'market',
      'entry-trails-to-market',
      {},
    );
    if (entry.trailing !== null) checkTrail('entry.trailing', entry.trailing, refusals);
  }
  if (exit === null) {
    refusals.require(entry.kind !== 'held', 'exit', 'a target or a stop', 'held-without-exit', {});
    return refusals.list;
  }
  refusals.integer('exit.targets', exit.targets.length, 0, TARGETS_MAX);
  refusals.require(
    exit.targets.length > 0 || exit.stop !== null,
    'exit',
    'a target or a stop',
    'trade-without-end',
    {},
  );
  const shares = exit.targets.reduce((sum, target) => sum + target.share, 0n);
  refusals.require(
    exit.targets.length === 0 || shares === RATE_ONE,
    'exit.targets',
    '100 %',
    'shares-whole',
    {},
  );
  for (const { at: target } of exit.targets) {
    const gains = target.by === 'rate' ? target.rate > 0n : isGain(direction, target.price, at);
    refusals.require(gains, 'exit.targets', formatPrice(market, at), 'target-without-gain', {
      price: formatPrice(market, at),
    });
  }
  if (exit.trailing !== null) {
    checkTrail('exit.trailing', exit.trailing, refusals);
    refusals.require(exit.targets.length > 0, 'exit.trailing', 'a target', 'trail-without-target', {});
  }
  const stop = exit.stop;
  if (stop === null) return refusals.list;
  const loses =
    stop.at.by === 'rate'
      ? stop.at.rate > 0n && stop.at.rate < RATE_ONE
      : !isGain(direction, stop.at.price, at) || entry.kind === 'held';
  refusals.require(loses, 'exit.stop', formatPrice(market, at), 'stop-without-loss', {
    price: formatPrice(market, at),
  });
  if (stop.trailing && stop.at.by === 'rate') checkTrail('exit.stop', stop.at.rate, refusals);
  return refusals.list;
}

function checkTrail(field: string, rate: bigint, refusals: Refusals): void {
  const holds = rate >= PPM && rate < RATE_ONE && rate % PPM === 0n;
  refusals.require(holds, field, '0.0001 % to 99.9999 %', 'trail-distance', {});
}
