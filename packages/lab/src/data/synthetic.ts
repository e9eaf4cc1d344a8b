import type { Market } from '@counterfoil/vocabulary';
import type { ImportedCandles } from './csv.ts';

/** A quarter of one-minute candles: as much as a preset is judged by. */
export const SYNTHETIC_ROWS = 90 * 24 * 60;
/** Any fixed time in the past, so that the same market always has the same history, and recorded data is newer. */
export const SYNTHETIC_FROM_S = 1_704_067_200;
const STEP_MS = 60_000;

/** Moves inside a minute; its candle is their first, highest, lowest and last price. */
const MOVES = 4;
/** Largest move in hundred-thousandths of the price: a minute then moves by some 0.06 %, as a busy market does. */
const MOVE_MAX = 52;
/** Minutes until the market turns calmer or wilder. */
const MOOD_ROWS = 240;
/** Least price in ticks: a tick stays a small part of it. */
const TICKS_MIN = 1_000;
/** Quote that a minute turns over. */
const TURNOVER_MIN = 50_000;
const TURNOVER_MORE = 450_000;

/**
 * A made-up quarter of a market that begins at `price` (units of the market): a walk without drift and without
 * memory, so that it favours no bot. The same market and price give the same candles on every machine: no operation
 * here is left to the platform.
 */
export function syntheticCandles(market: Market, price: bigint): ImportedCandles {
  const column = () => new Float64Array(SYNTHETIC_ROWS);
  const columns = {
    openedAtS: new Uint32Array(SYNTHETIC_ROWS),
    open: column(),
    high: column(),
    low: column(),
    close: column(),
    volume: column(),
  };
  const random = drawing(market.symbol);
  const tick = Number(market.tick);
  const lot = Number(market.lot);
  const unitsPerQuote = 10 ** (market.priceScale + market.quantityScale);
  let last = Math.max(TICKS_MIN, Math.floor(Number(price) / tick));
  let mood = 1;
  for (let row = 0; row < SYNTHETIC_ROWS; row++) {
    if (row % MOOD_ROWS === 0) mood = 0.5 + random();
    let high = last;
    let low = last;
    columns.openedAtS[row] = SYNTHETIC_FROM_S + row * (STEP_MS / 1_000);
    columns.open[row] = last * tick;
    for (let move = 0; move < MOVES; move++) {
      const change = Math.round((last * (random() * 2 - 1) * mood * MOVE_MAX) / 100_000);
      last = Math.max(TICKS_MIN, last + change);
      high = Math.max(high, last);
      low = Math.min(low, last);
    }
    columns.high[row] = high * tick;
    columns.low[row] = low * tick;
    columns.close[row] = last * tick;
    const turnover = TURNOVER_MIN + TURNOVER_MORE * random();
    columns.volume[row] = Math.floor((turnover * unitsPerQuote) / (last * tick) / lot) * lot;
  }
  return {
    columns,
    stepMs: STEP_MS,
    priceScale: market.priceScale,
    quantityScale: market.quantityScale,
    usualPriceDecimals: market.priceScale,
    roundedVolumes: 0,
    isTrades: false,
  };
}

/** Numbers from 0 to below 1 by Marsaglia's xorshift32, seeded by the FNV-1a hash of a text. */
function drawing(text: string): () => number {
  let state = 0x811c9dc5;
  for (const char of text) state = Math.imul(state ^ (char.codePointAt(0) ?? 0), 0x01000193);
  state = state === 0 ? 1 : state;
  return () => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>> 0) / 4_294_967_296;
  };
}
