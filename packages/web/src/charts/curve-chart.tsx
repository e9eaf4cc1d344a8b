/** Many points over time, such as equity and drawdown. */
import { useEffect, useRef } from 'react';
import UPlot from 'uplot';
import 'uplot/dist/uPlot.min.css';
import { useDisplay } from '../app/display.ts';
import { grouped } from '../parts/decimal-text.ts';
import { chartColours } from './chart-colours.ts';

export interface CurveChartProps {
  /** Seconds since 1970 UTC, rising. */
  readonly times: readonly number[];
  readonly curves: readonly { readonly label: string; readonly values: readonly number[] }[];
  readonly heightPx: number;
}

const DAY_SECONDS = 86_400;

/** Days where the marks are days apart, else the time of day as everywhere on the page. */
function timeLabels(language: string, seconds: readonly number[], step: number): string[] {
  return seconds.map((second) => {
    const date = new Date(second * 1_000);
    return step >= DAY_SECONDS
      ? date.toLocaleDateString(language, { day: 'numeric', month: 'short' })
      : date.toLocaleTimeString(language, { hour: '2-digit', minute: '2-digit', hourCycle: 'h23' });
  });
}

export function CurveChart({ times, curves, heightPx }: CurveChartProps) {
  const { theme, palette, language } = useDisplay();
  const place = useRef<HTMLDivElement>(null);
  useEffect(() => {
    const box = place.current;
    if (box === null) return undefined;
    const colours = chartColours();
    const strokes = [colours.accent, colours.down, colours.up];
    const axis = { stroke: colours.muted, grid: { stroke: colours.line }, ticks: { stroke: colours.line } };
    const plot = new UPlot(
      {
        width: box.clientWidth,
        height: heightPx,
        series: [
          {},
          ...curves.map(({ label }, at) => ({ label, stroke: strokes[at % strokes.length] ?? colours.ink })),
        ],
        // Wide enough for an amount of six digits.
        axes: [
          { ...axis, values: (_plot, marks, _at, _space, step) => timeLabels(language, marks, step) },
          {
            ...axis,
            side: 1,
            size: 64,
            values: (_plot, marks) => marks.map((mark) => grouped(String(mark))),
          },
        ],
        legend: { show: curves.length > 1 },
      },
      [[...times], ...curves.map(({ values }) => [...values])],
      box,
    );
    const resized = new ResizeObserver(() => plot.setSize({ width: box.clientWidth, height: heightPx }));
    resized.observe(box);
    return () => {
      resized.disconnect();
      plot.destroy();
    };
  }, [times, curves, heightPx, theme, palette, language]);
  return <div ref={place} className="w-full" />;
}
