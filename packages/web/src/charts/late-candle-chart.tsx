/**
 * The chart of `candle-chart.tsx`, whose code comes beside the candles and not after them. Not through React's `lazy`:
 * that holds a fallback for 300 ms once it was shown, while the chart is ready.
 */
import { useEffect, useState } from 'react';
import { Loading } from '../parts/states.tsx';
import type { CandleChart as Chart, CandleChartProps } from './candle-chart.tsx';

type Code = { readonly chart: typeof Chart } | { readonly error: Error };

let code: Code | null = null;

async function fetchCode(): Promise<Code> {
  try {
    const { CandleChart: chart } = await import('./candle-chart.tsx');
    code = { chart };
    return code;
  } catch (cause) {
    return { error: cause instanceof Error ? cause : new Error(String(cause)) };
  }
}

const early = fetchCode();

export function CandleChart(props: CandleChartProps) {
  const [come, setCome] = useState(code);
  useEffect(() => {
    // What failed early is asked for again where the chart is drawn, and is said there.
    if (come === null) void early.then((first) => ('error' in first ? fetchCode() : first)).then(setCome);
  }, [come]);
  if (come === null) return <Loading />;
  if ('error' in come) throw come.error;
  return <come.chart {...props} />;
}
