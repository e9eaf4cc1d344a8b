/** One plan over the candles, and over the same candles with their prices in another order. */
import type { BacktestRequest, BacktestResult } from '@counterfoil/api';
import { runBacktest } from '@counterfoil/engine';
import type { PathRule } from '@counterfoil/engine/fills';
import { measure, PATH_RULES, warningsOf } from '@counterfoil/lab';
import { machineOf } from '../runner/machines.ts';
import type { Bench } from './bench.ts';
import { told, toldOf } from '../sayings/tell.ts';
import { resultOf } from './figures.ts';
import { enginePlan } from './test-plan.ts';

export function backtest(
  bench: Bench,
  request: BacktestRequest,
  onShare: (share: number) => void,
): BacktestResult {
  const { kind, options } = enginePlan(request.plan, bench.market);
  const machine = machineOf(kind);
  const runWith = (path: PathRule) =>
    runBacktest({ ...bench, machine, options, model: { ...bench.model, path }, pace: 'jump' });
  const profitOf = (run: ReturnType<typeof runWith>) => measure(run, bench.candles, bench.market).profit;
  const main = runWith(bench.model.path);
  onShare(1 / PATH_RULES.length);
  const sensitivity = { adaptive: 0, 'low-first': 0, 'high-first': 0, 'close-only': 0 };
  for (const [n, rule] of PATH_RULES.entries()) {
    sensitivity[rule] = profitOf(rule === bench.model.path ? main : runWith(rule));
    onShare((n + 1) / PATH_RULES.length);
  }
  const warnings = warningsOf(bench, measure(main, bench.candles, bench.market), sensitivity).map(toldOf);
  return resultOf(bench, main, bench.isSynthetic ? [told('prices-made-up', {}), ...warnings] : warnings);
}
