/**
 * A past for a synthetic market: it has just begun, yet a chart and an indicator need candles behind it. They are
 * invented like the market itself, from its name alone, and end where its first real candle begins. Nothing was
 * traded in them: trades, 24 h figures and books do not know them.
 */
import type { Market } from '../core/market.ts';
import { randomAround, randomBelow } from '../core/random.ts';
import type { Candle } from '../core/tape.ts';

/** Two days: more than any chart shows at once, and enough for daily conditions to have two closes. */
const MINUTES = 2 * 24 * 60;
const MINUTE_MS = 60_000;
/** Tenths of a bip by which a minute wanders: a calm day's range is about two percent. */
const WANDER = 60;
const TENTH_BIPS = 100_000;

const made = new WeakMap<Candle, readonly Candle[]>();

/** Oldest first; none for a market that plays real data, or before its first trade. */
export function syntheticPast(market: Market): readonly Candle[] {
  const first = market.tape.candles[0];
  if (first === undefined || market.spec.source !== 'synthetic') return [];
  const known = made.get(first);
  if (known !== undefined) return known;
  const past = walkBack(first, seedOf(market.spec.symbol), market.unitsPerTickLot);
  made.set(first, past);
  return past;
}

function walkBack(first: Candle, seed: number, unitsPerTickLot: bigint): readonly Candle[] {
  const holder = { seed };
  const candles: Candle[] = [];
  let closeTicks = first.openTicks;
  for (let minute = 1; minute <= MINUTES; minute++) {
    const openTicks = moved(closeTicks, randomAround(holder, WANDER));
    const span = 1 + Math.floor((closeTicks * randomBelow(holder, WANDER / 2)) / TENTH_BIPS);
    const lots = 1_000 + randomBelow(holder, 100_000);
    const takerBuyLots = randomBelow(holder, lots);
    const quote = (count: number): bigint => BigInt(closeTicks) * BigInt(count) * unitsPerTickLot;
    candles.push({
      openAt: first.openAt - minute * MINUTE_MS,
      openTicks,
      highTicks: Math.max(openTicks, closeTicks) + randomBelow(holder, span),
      lowTicks: Math.max(1, Math.min(openTicks, closeTicks) - randomBelow(holder, span)),
      closeTicks,
      lots,
      quoteUnits: quote(lots),
      takerBuyLots,
      takerBuyQuoteUnits: quote(takerBuyLots),
      firstTradeId: 0,
      lastTradeId: 0,
    });
    closeTicks = openTicks;
  }
  return candles.toReversed();
}

function moved(ticks: number, tenthBips: number): number {
  return Math.max(1, ticks + Math.round((ticks * tenthBips) / TENTH_BIPS));
}

/** FNV-1a over the name. */
function seedOf(symbol: string): number {
  let hash = 0x811c9dc5;
  for (const char of symbol) hash = Math.imul(hash ^ (char.codePointAt(0) ?? 0), 0x01000193);
  return hash | 0;
}
