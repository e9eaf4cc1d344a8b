/**
 * Candles with fills and order lines. The canvas says nothing to a screen reader, so every chart has a sentence and a
 * table beside it (`chart-frame.tsx`). Lines of a plan can be dragged; the fields beside the chart say the same.
 */
import {
  type AutoscaleInfo,
  CandlestickSeries,
  type IChartApi,
  type IPriceLine,
  type ISeriesApi,
  LineStyle,
  type SeriesMarker,
  type UTCTimestamp,
  createChart,
  createSeriesMarkers,
} from 'lightweight-charts';
import { useEffect, useRef } from 'react';
import { useDisplay } from '../app/display.ts';
import type { ChartCandle, ChartCandles } from './candles.ts';
import { chartColours } from './chart-colours.ts';
import { dragLines } from './drag-lines.ts';

export interface ChartFill {
  readonly id: string;
  /** Seconds since 1970 UTC. */
  readonly time: number;
  readonly side: 'buy' | 'sell';
  readonly text: string;
}

export interface ChartLine {
  readonly id: string;
  readonly price: number;
  readonly label: string;
  readonly kind: 'buy' | 'sell' | 'average' | 'stop';
  /** Planned lines are dashed, orders at the exchange are solid. */
  readonly planned: boolean;
  readonly draggable: boolean;
}

export interface CandleChartProps {
  readonly candles: ChartCandles;
  /** The one that grows now, which follows or replaces the last of them. */
  readonly live: ChartCandle | null;
  readonly fills: readonly ChartFill[];
  readonly lines: readonly ChartLine[];
  /** The venue's smallest price step, as a number of decimals. */
  readonly decimals: number;
  readonly onFill?: (id: string) => void;
  /** A line was let go at another price. */
  readonly onLine?: (id: string, price: number) => void;
}

/** Fewer than a screen's width of them. */
const FEW_CANDLES = 120;

interface Drawn {
  readonly place: HTMLElement;
  readonly chart: IChartApi;
  readonly series: ISeriesApi<'Candlestick'>;
  readonly lines: Map<string, IPriceLine>;
}

export function CandleChart(props: CandleChartProps) {
  const { candles, live, fills, lines, decimals } = props;
  const { theme, palette } = useDisplay();
  const place = useRef<HTMLDivElement>(null);
  const drawn = useRef<Drawn | null>(null);
  const latest = useRef(props);
  latest.current = props;

  useEffect(() => {
    if (place.current === null) return undefined;
    const chart = createChart(place.current, {
      autoSize: true,
      // The page's About section carries the licence's notice; the logo would be an image that its policy forbids.
      layout: { attributionLogo: false, background: { color: 'transparent' } },
      timeScale: { timeVisible: true, secondsVisible: false, borderVisible: false, rightOffset: 4 },
      rightPriceScale: { borderVisible: false },
    });
    const series = chart.addSeries(CandlestickSeries, {
      autoscaleInfoProvider: (original: () => AutoscaleInfo | null) => withLines(original(), latest.current),
    });
    const made: Drawn = { place: place.current, chart, series, lines: new Map() };
    drawn.current = made;
    const stopDragging = dragLines(place.current, series, {
      lines: () => latest.current.lines.filter((line) => line.draggable),
      onMove: (id, price) => made.lines.get(id)?.applyOptions({ price }),
      onDrop: (id, price) => latest.current.onLine?.(id, price),
    });
    chart.subscribeClick((click) => {
      const id = click.hoveredInfo?.objectId;
      if (typeof id === 'string') latest.current.onFill?.(id);
    });
    return () => {
      stopDragging();
      drawn.current = null;
      chart.remove();
    };
  }, []);

  useEffect(() => {
    const colours = chartColours();
    drawn.current?.chart.applyOptions({
      layout: { textColor: colours.muted },
      grid: { vertLines: { color: colours.line }, horzLines: { color: colours.line } },
    });
    drawn.current?.series.applyOptions({
      // Hollow for up and filled for down: the shape says it where colours cannot.
      upColor: 'transparent',
      downColor: colours.down,
      wickUpColor: colours.up,
      wickDownColor: colours.down,
      borderUpColor: colours.up,
      borderDownColor: colours.down,
      priceFormat: { type: 'price', precision: decimals, minMove: 10 ** -decimals },
    });
  }, [theme, palette, decimals]);

  useCandles(drawn, candles, live);

  useEffect(() => {
    if (drawn.current === null) return undefined;
    const colours = chartColours();
    const markers = createSeriesMarkers(
      drawn.current.series,
      fills.map((fill) => markerOf(fill, colours)),
    );
    return () => {
      // The chart takes its markers along when it goes.
      if (drawn.current !== null) markers.detach();
    };
  }, [fills, theme, palette]);

  useEffect(() => {
    const made = drawn.current;
    if (made === null) return;
    for (const line of made.lines.values()) made.series.removePriceLine(line);
    made.lines.clear();
    const colours = chartColours();
    for (const line of lines) made.lines.set(line.id, made.series.createPriceLine(lineOf(line, colours)));
  }, [lines, theme, palette]);

  return <div ref={place} className="h-full min-h-64 w-full" data-testid="candle-chart" />;
}

/** Lines of a plan are what is looked at: they stay in view up to this far from the last price. */
const PLAN_REACH = 0.06;
/** Orders at the exchange come into view up to this many heights of the candles, so that these are not flattened. */
const ORDER_REACH = 1;

/** The range of prices that is shown: the candles, and the lines near them. */
function withLines(shown: AutoscaleInfo | null, { lines, candles }: CandleChartProps): AutoscaleInfo | null {
  const last = candles.last()?.close;
  if (shown === null || shown.priceRange === null || last === undefined) return shown;
  const { minValue, maxValue } = shown.priceRange;
  const reach = ORDER_REACH * (maxValue - minValue);
  const near = lines
    .filter(({ price, planned, draggable }) =>
      planned || draggable
        ? Math.abs(price / last - 1) < PLAN_REACH
        : price > minValue - reach && price < maxValue + reach,
    )
    .map(({ price }) => price);
  return {
    ...shown,
    priceRange: { minValue: Math.min(minValue, ...near), maxValue: Math.max(maxValue, ...near) },
  };
}

/**
 * So many are drawn before the others: more than the widest screen shows at once, at the six pixels that a candle
 * has at first. All of 50,000 at once would hold back the first picture by their own number.
 */
const FIRST_CANDLES = 1_500;

/** What the series holds: the newest of these candles or all of them, and its newest time. */
interface Shown {
  readonly made: Drawn;
  readonly candles: ChartCandles;
  live: ChartCandle | null;
  newest: number;
}

/** Other candles are drawn anew; the growing one alone is moved, because it changes several times a second. */
function useCandles(
  drawn: { readonly current: Drawn | null },
  candles: ChartCandles,
  live: ChartCandle | null,
): void {
  const shown = useRef<Shown | null>(null);
  useEffect(() => {
    const made = drawn.current;
    if (made === null) return;
    const before = shown.current;
    if (before?.made === made && before.candles === candles) {
      before.live = live;
      // The library takes no candle older than its newest; the next answer has it.
      if (live === null || live.time < before.newest) return;
      made.series.update(live);
      before.newest = live.time;
      return;
    }
    const now: Shown = { made, candles, live, newest: 0 };
    shown.current = now;
    const draw = (count: number): void => {
      const drawnNow = withLive(candles.newest(count), now.live);
      made.series.setData(drawnNow);
      now.newest = drawnNow.at(-1)?.time ?? 0;
      made.place.dataset['candles'] = String(Math.min(count, candles.count));
    };
    // Who looks at a chart already may have scrolled anywhere in it.
    const isFirst = before?.made !== made;
    draw(isFirst ? FIRST_CANDLES : candles.count);
    if (isFirst && candles.count > FIRST_CANDLES)
      afterPaint(() => {
        if (drawn.current === made && shown.current === now) draw(candles.count);
      });
    // A market that has just opened has a handful: they fill the width instead of sticking to its edge.
    if (candles.count < FEW_CANDLES) made.chart.timeScale().fitContent();
  }, [drawn, candles, live]);
}

/** The frame that draws what was given to the chart is over when the one after it begins. */
function afterPaint(act: () => void): void {
  requestAnimationFrame(() => requestAnimationFrame(() => setTimeout(act)));
}

function withLive(candles: ChartCandle[], live: ChartCandle | null): ChartCandle[] {
  const last = candles.at(-1);
  if (live === null || last === undefined) return candles;
  return live.time === last.time ? [...candles.slice(0, -1), live] : [...candles, live];
}

function markerOf(fill: ChartFill, colours: ReturnType<typeof chartColours>): SeriesMarker<UTCTimestamp> {
  const buys = fill.side === 'buy';
  return {
    id: fill.id,
    time: fill.time as UTCTimestamp,
    position: buys ? 'belowBar' : 'aboveBar',
    shape: buys ? 'arrowUp' : 'arrowDown',
    color: buys ? colours.up : colours.down,
    text: fill.text,
  };
}

function lineOf(line: ChartLine, colours: ReturnType<typeof chartColours>) {
  const colour = { buy: colours.up, sell: colours.down, average: colours.accent, stop: colours.danger }[
    line.kind
  ];
  return {
    id: line.id,
    price: line.price,
    title: line.label,
    color: colour,
    lineStyle: line.planned ? LineStyle.Dashed : LineStyle.Solid,
    lineWidth: 1 as const,
    axisLabelVisible: true,
  };
}
