/** What a test is asked to run, as the engine takes it. */
import { type BacktestRequest, type SweepRequest, testPlan, type TestPlan } from '@counterfoil/api';
import { type Axis, sizeOf } from '@counterfoil/lab';
import { defaultFillModel, type FillModel } from '@counterfoil/engine/fills';
import { type Market, parseUnits, type Rate } from '@counterfoil/vocabulary';
import { HttpProblem } from '../http/problem.ts';
import { planFromText, smartTradeFromText } from '../http/trading/plan-text.ts';
import type { BotPlan } from '../runner/plan.ts';

/** Combinations of one sweep: their figures are a few megabytes, and an hour of one thread at most. */
export const COMBINATIONS_MAX = 10_000;
/** Combinations to draw from: the generator draws among no more. */
const DRAWN_FROM_MAX = 2 ** 32;
/** Percent as the API writes it have two digits less than rates. */
const PERCENT_SCALE = 6;
const HUNDRED_PERCENT = 100_000_000n;

export function symbolsOfTest(plan: TestPlan): readonly string[] {
  return plan.kind === 'dca' ? plan.options.markets : [plan.options.market];
}

export function enginePlan(plan: TestPlan, market: Market): BotPlan {
  return plan.kind === 'smart-trade'
    ? { kind: 'smart-trade', options: smartTradeFromText(plan.options, market) }
    : planFromText(plan, [market]);
}

/** The market with the test's fee instead of the venue's. */
export function marketOfTest(market: Market, { fee }: BacktestRequest): Market {
  const rate = parseUnits(fee, PERCENT_SCALE) as Rate;
  if (rate >= HUNDRED_PERCENT)
    throw impossible('/fee', 'A fee below 100 % leaves something to trade with.', '100');
  return { ...market, makerFee: rate, takerFee: rate };
}

export function modelOfTest({ slippage }: BacktestRequest): FillModel {
  const slippagePpm = Math.round(Number(slippage) * 10_000);
  if (slippagePpm >= 1_000_000) throw impossible('/slippage', 'A slippage is below 100 %.', '100');
  return { ...defaultFillModel, slippagePpm };
}

/** The axes of a sweep. Refuses places that the plan does not have, values that do not fit there, and too many. */
export function axesOf(request: SweepRequest): readonly Axis[] {
  const axes = request.axes.map(({ path, values }): Axis => ({ name: path, values: values.map(String) }));
  for (const [n, axis] of axes.entries()) {
    if (axes.findIndex(({ name }) => name === axis.name) < n)
      throw impossible(`/axes/${n}/path`, `${axis.name} is varied twice.`, null);
    for (const value of axis.values) withSettings(request.plan, new Map([[axis.name, value]]), `/axes/${n}`);
  }
  const size = sizeOf(axes);
  const tried = request.randomCount === null ? size : Math.min(size, request.randomCount);
  if (tried > COMBINATIONS_MAX)
    throw impossible(
      '/axes',
      `This makes ${tried} combinations, and one sweep tries at most ${COMBINATIONS_MAX}: narrow the values, or draw fewer at random.`,
      String(COMBINATIONS_MAX),
    );
  if (size > DRAWN_FROM_MAX)
    throw impossible(
      '/axes',
      'The values make more combinations than can be drawn from: take fewer.',
      String(DRAWN_FROM_MAX),
    );
  return axes;
}

/** The plan with some of its values replaced. */
export function withSettings(
  plan: TestPlan,
  settings: ReadonlyMap<string, string>,
  place = '/axes',
): TestPlan {
  const varied = structuredClone(plan);
  for (const [path, value] of settings) replace(varied.options, path, value, place);
  const parsed = testPlan.safeParse(varied);
  if (!parsed.success)
    throw impossible(
      `${place}/values`,
      `The plan does not take ${[...settings.values()].join(', ')} there.`,
      null,
    );
  return parsed.data;
}

function replace(options: object, path: string, value: string, place: string): void {
  const names = path.slice(1).split('/');
  const last = names.pop() ?? '';
  let at: unknown = options;
  for (const name of names) at = memberOf(at, name);
  const old = memberOf(at, last);
  if ((typeof old !== 'string' && typeof old !== 'number') || typeof at !== 'object' || at === null)
    throw impossible(`${place}/path`, `The plan has no value at ${path} that could vary.`, null);
  // Counts are numbers and money is text; the schema refuses what does not fit.
  Object.assign(at, { [last]: typeof old === 'number' ? Number(value) : value });
}

function memberOf(value: unknown, name: string): unknown {
  if (typeof value !== 'object' || value === null || !Object.hasOwn(value, name)) return undefined;
  return (value as Record<string, unknown>)[name]; // an own member, as was just seen
}

export function impossible(path: string, message: string, limit: string | null): HttpProblem {
  return new HttpProblem('impossible', `This test cannot run; nothing was made. ${message}`, {
    errors: [{ path, message, limit }],
  });
}
