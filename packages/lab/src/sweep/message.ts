import type { CandleColumns, RecordedSignal } from '@counterfoil/engine';

/** What a worker is started with; the columns are shared memory, so nothing is copied. */
export interface WorkerData {
  readonly columns: CandleColumns;
  readonly stepMs: number;
  readonly priceScale: number;
  readonly quantityScale: number;
  readonly usualPriceDecimals: number;
  /** The flags that do not vary. */
  readonly args: readonly string[];
  readonly signals: readonly RecordedSignal[];
}

/** One configuration to run: its number and the flags that make it. */
export interface Job {
  readonly index: number;
  readonly settings: ReadonlyMap<string, string>;
}

/** The figures of one configuration; `refused` says why there are none. */
export interface Outcome {
  readonly index: number;
  readonly profit: number;
  readonly profitRate: number;
  readonly drawdownRate: number;
  readonly deals: number;
  readonly fills: number;
  readonly refused: string | null;
}

/** What a worker answers to a batch of jobs. */
export interface Answer {
  readonly outcomes: readonly Outcome[];
  readonly tookMs: number;
}
