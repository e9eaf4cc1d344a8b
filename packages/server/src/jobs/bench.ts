/** The candles of one test with everything that its runs share. */
import type { BacktestRequest } from '@counterfoil/api';
import { type Candles, candlesOf, ConditionSeries, rowAt, slice } from '@counterfoil/engine';
import type { FillModel } from '@counterfoil/engine/fills';
import { LabError } from '@counterfoil/lab';
import {
  type Amount,
  type Market,
  parseAmount,
  parseQuantity,
  type Price,
  type Quantity,
} from '@counterfoil/vocabulary';
import { readSource, type Source } from './data-sets.ts';
import { marketOfTest, modelOfTest } from './test-plan.ts';

export interface Bench {
  readonly market: Market;
  readonly candles: Candles;
  readonly conditions: ConditionSeries;
  readonly model: FillModel;
  readonly quote: Amount;
  readonly base: Quantity;
  readonly isSynthetic: boolean;
  readonly roundedVolumes: number;
  /** What the first candle opens at: where a plan has to make sense. */
  readonly firstPrice: Price;
}

export async function setUp(source: Source, request: BacktestRequest): Promise<Bench> {
  const data = await readSource(source);
  const market = marketOfTest(source.market, request);
  const all = candlesOf(data.columns, data.stepMs);
  const from = request.from === null ? 0 : rowAt(all, Date.parse(request.from) / 1_000);
  const until = request.until === null ? all.length : rowAt(all, Date.parse(request.until) / 1_000);
  if (until - from < 2)
    throw new LabError(
      'bad-option',
      'The data has fewer than two candles in this time: choose a longer one.',
    );
  const candles = from === 0 && until === all.length ? all : slice(all, from, until);
  return {
    market,
    candles,
    conditions: new ConditionSeries(candles, market),
    model: modelOfTest(request),
    quote: parseAmount(market, request.quote),
    base: parseQuantity(market, request.base),
    isSynthetic: source.kind === 'synthetic',
    roundedVolumes: data.roundedVolumes,
    firstPrice: BigInt(candles.open[0] ?? 0) as Price, // whole price units of the market
  };
}
