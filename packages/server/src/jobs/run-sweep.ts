/** Variants of one plan over the candles, one after another, each by its number so that a sweep can go on later. */
import type { SweepRequest, SweepResult, TestFigures } from '@counterfoil/api';
import { runBacktest } from '@counterfoil/engine';
import { type Axis, measure, planOf, settingsOf } from '@counterfoil/lab';
import { HttpProblem } from '../http/problem.ts';
import { machineOf } from '../runner/machines.ts';
import { checkPlan } from '../runner/plan.ts';
import type { Bench } from './bench.ts';
import { told } from '../sayings/tell.ts';
import { figuresOf } from './figures.ts';
import { axesOf, enginePlan, withSettings } from './test-plan.ts';

/** What came of one combination; `refused` says why there are no figures. */
export type Outcome =
  | { readonly index: number; readonly figures: TestFigures; readonly profitRate: number }
  | { readonly index: number; readonly refused: string };

/** Kept this often: a crash loses no more, and a long sweep does not become a row per combination. */
const KEEP_MS = 500;

export function sweep(
  bench: Bench,
  request: SweepRequest,
  done: ReadonlySet<number>,
  onOutcomes: (outcomes: readonly Outcome[], share: number) => void,
): void {
  const axes = axesOf(request);
  const plan = planOf(axes, request.randomCount, request.seed);
  let found: Outcome[] = [];
  let keptAtMs = performance.now();
  for (const [n, index] of plan.entries()) {
    if (done.has(index)) continue;
    found.push(outcomeOf(bench, request, axes, index));
    if (performance.now() - keptAtMs < KEEP_MS) continue;
    onOutcomes(found, (n + 1) / plan.length);
    found = [];
    keptAtMs = performance.now();
  }
  if (found.length > 0) onOutcomes(found, 1);
}

function outcomeOf(bench: Bench, request: SweepRequest, axes: readonly Axis[], index: number): Outcome {
  try {
    const plan = enginePlan(withSettings(request.plan, settingsOf(axes, index)), bench.market);
    const [refusal] = checkPlan(plan, [bench.firstPrice]);
    if (refusal !== undefined) return { index, refused: refusal.message };
    const run = runBacktest({
      ...bench,
      machine: machineOf(plan.kind),
      options: plan.options,
      pace: 'jump',
    });
    const measures = measure(run, bench.candles, bench.market);
    return { index, figures: figuresOf(measures), profitRate: measures.profitRate };
  } catch (error) {
    if (error instanceof HttpProblem) return { index, refused: error.message };
    throw error;
  }
}

/** The figures of all combinations tried so far, best first; equal ones in the order of the axes. */
export function sweepResultOf(
  request: SweepRequest,
  outcomes: readonly Outcome[],
  isSynthetic: boolean,
): SweepResult {
  const axes = axesOf(request);
  const ran = outcomes.filter((one) => 'figures' in one);
  const refused = outcomes.filter((one) => 'refused' in one);
  const [first] = refused.toSorted((a, b) => a.index - b.index);
  return {
    kind: 'sweep',
    axes: axes.map(({ name, values }) => ({ path: name, values: [...values] })),
    runs: ran
      .toSorted((a, b) => b.profitRate - a.profitRate || a.index - b.index)
      .map(({ index, figures }) => ({ settings: [...settingsOf(axes, index).values()], figures })),
    tried: outcomes.length,
    warnings: [
      ...(isSynthetic ? [told('prices-made-up', {})] : []),
      ...(first === undefined
        ? []
        : [told('combinations-left-out', { combinations: refused.length, quoted: first.refused })]),
      ...(ran.length > 1 ? [told('best-of-many', {})] : []),
    ],
  };
}
