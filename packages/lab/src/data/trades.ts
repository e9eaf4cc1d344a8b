import { candlesFromTicks } from '@counterfoil/engine';
import { LabError } from '../errors.ts';
import { type ImportedCandles, type OnProgress, QUANTITY_SCALE } from './csv.ts';
import { decimalsOf, usualDecimals } from './decimals.ts';

/** How a file writes its trades: which part of a line is the time, the price and the quantity. */
interface TradeForm {
  /** What the lines look like, for messages. */
  readonly form: string;
  readonly line: RegExp;
  /** Whether lines that do not match belong to something else and are passed over. */
  readonly amongOthers: boolean;
}

const NUMBER = '([0-9]{1,15}(?:\\.[0-9]{1,15})?)';

/** Each form names the groups `time`, `price` and `quantity`. */
const forms: readonly TradeForm[] = [
  {
    form: 'id,price,quantity,quote_quantity,time,… (the public archive of Binance)',
    line: new RegExp(`^[0-9]{1,15},(?<price>${NUMBER}),(?<quantity>${NUMBER}),[0-9.]+,(?<time>[0-9]{16}|[0-9]{13})(?:,|$)`),
    amongOthers: false,
  },
  {
    form: 'timestamp_ms,price,quantity',
    line: new RegExp(`^(?<time>[0-9]{16}|[0-9]{13}),(?<price>${NUMBER}),(?<quantity>${NUMBER})\\s*$`),
    amongOthers: false,
  },
  {
    // Streams carry depth and best prices too.
    form: 'frames of a trade stream',
    line: new RegExp(
      `"e":"trade".*?"p":"(?<price>${NUMBER})","q":"(?<quantity>${NUMBER})".*?"T":(?<time>[0-9]{13})`,
    ),
    amongOthers: true,
  },
];

/** Lines that are looked at to tell a file of trades from one of candles: recordings begin with a depth snapshot. */
const LINES_LOOKED_AT = 200;
/** Lines between two words of progress. */
const LINES_PER_WORD = 65_536;
const PRICE_SCALE_MAX = 8;

/** The form of trades that a text has, or null: candles, or something unknown. */
export function tradeFormOf(text: string): TradeForm | null {
  const first = text.split('\n', LINES_LOOKED_AT).map((line) => line.trimEnd());
  return forms.find(({ line }) => first.some((one) => line.test(one))) ?? null;
}

/**
 * Reads trades in order of time, each as a candle of one price. Throws `LabError` that names the row; in `frames` only
 * trades are read. Prices keep all their digits, volumes eight decimals.
 */
export function parseTrades(
  text: string,
  { form, line: pattern, amongOthers }: TradeForm,
  name: string,
  onProgress: OnProgress = () => undefined,
): ImportedCandles {
  const lines = text.split('\n');
  const cells: { time: string; price: string; quantity: string }[] = [];
  let roundedVolumes = 0;
  const priceDecimals = new Array<number>(PRICE_SCALE_MAX + 1).fill(0);
  for (const [row, line] of lines.entries()) {
    if (row % LINES_PER_WORD === 0) onProgress(row / lines.length);
    const trimmed = line.trimEnd();
    const { time = '', price = '', quantity = '' } = pattern.exec(trimmed)?.groups ?? {};
    if (time === '') {
      if (amongOthers || trimmed === '' || (row === 0 && /^[a-z"]/i.test(trimmed))) continue;
      throw new LabError('bad-row', `${name} row ${row + 1} is not a trade like ${form}: ${trimmed.slice(0, 60)}`);
    }
    const decimals = decimalsOf(price);
    if (decimals > PRICE_SCALE_MAX)
      throw new LabError(
        'bad-row',
        `${name} row ${row + 1}: the price ${price} has ${decimals} decimals; ${PRICE_SCALE_MAX} can be kept exactly.`,
      );
    priceDecimals[decimals] = (priceDecimals[decimals] ?? 0) + 1;
    if (decimalsOf(quantity) > QUANTITY_SCALE) roundedVolumes++;
    cells.push({ time, price, quantity });
  }
  if (cells.length < 2)
    throw new LabError('bad-file', `${name} has ${cells.length} trades; a backtest needs at least 2.`);
  const priceScale = priceDecimals.findLastIndex((count) => count > 0);
  return {
    columns: columnsOf(cells, priceScale, name),
    stepMs: 1_000,
    priceScale,
    quantityScale: QUANTITY_SCALE,
    usualPriceDecimals: usualDecimals(priceDecimals),
    roundedVolumes,
    isTrades: true,
  };
}

function columnsOf(
  cells: readonly { time: string; price: string; quantity: string }[],
  priceScale: number,
  name: string,
): ImportedCandles['columns'] {
  const shared = () => new Float64Array(new SharedArrayBuffer(cells.length * 8));
  const ticks = { atMs: new Float64Array(cells.length), price: shared(), volume: shared() };
  let before = 0;
  for (const [row, { time, price, quantity }] of cells.entries()) {
    // Archives from 2025 on count in microseconds.
    const atMs = time.length === 16 ? Number(time) / 1_000 : Number(time);
    if (atMs < before)
      throw new LabError('bad-row', `${name}: trade ${row + 1} is earlier than the one before; sort the file by time.`);
    const units = Math.round(Number(price) * 10 ** priceScale);
    if (units <= 0 || !Number.isSafeInteger(units))
      throw new LabError('bad-row', `${name}: trade ${row + 1} has the price ${price}, which cannot be.`);
    before = atMs;
    ticks.atMs[row] = atMs;
    ticks.price[row] = units;
    ticks.volume[row] = Math.round(Number(quantity) * 10 ** QUANTITY_SCALE);
  }
  const { openedAtS, open, high, low, close, volume } = candlesFromTicks(ticks);
  const times = new Uint32Array(new SharedArrayBuffer(cells.length * 4));
  times.set(openedAtS);
  return { openedAtS: times, open, high, low, close, volume };
}
